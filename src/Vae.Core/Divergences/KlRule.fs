namespace Vae.Core

open System
open System.Collections.Immutable

/// What is known of KL(q || p) for two kinds of law: its formula in nats, and where it comes from.
[<Sealed>]
type KlRule
    internal
    (
        q: Type,
        p: Type,
        tex: string,
        conditions: string,
        page: string,
        formula: KlRules -> Distribution -> Distribution -> Tensor option
    ) =
    /// The kind of the first law, which the expectation is taken under.
    member _.Q = q
    /// The kind of the second law.
    member _.P = p
    /// The formula, in TeX.
    member _.Tex = tex
    /// What the formula asks of the laws; empty where it always holds.
    member _.Conditions = conditions
    /// The documentation page that derives it.
    member _.Page = page
    member internal _.Apply(rules, first, second) = formula rules first second
    override _.ToString() = $"KL(%s{q.Name} || %s{p.Name}) = %s{tex}"

/// The rules known, by the pair of laws: an immutable value. Kinds are types, never names, so that two laws called the
/// same do not meet; generic laws are entered by their open type.
and [<Sealed>] KlRules internal (rules: ImmutableDictionary<struct (Type * Type), KlRule>) =
    /// What a law is entered under: its type, and of a generic one the open type.
    static member internal Kind(law: Type) = if law.IsGenericType then law.GetGenericTypeDefinition() else law

    /// The rules, ordered by the names of their laws.
    member _.All: KlRule[] = rules.Values |> Seq.sortBy (fun rule -> rule.Q.Name, rule.P.Name) |> Seq.toArray

    /// The rule for two laws, if there is one.
    member internal _.Find(q: Distribution, p: Distribution) =
        match rules.TryGetValue(struct (KlRules.Kind(q.GetType()), KlRules.Kind(p.GetType()))) with
        | true, rule -> Some rule
        | _ -> None

    /// These rules and one more. Refuses a pair that has a rule already.
    member _.Add(rule: KlRule) =
        let pair = struct (rule.Q, rule.P)

        if rules.ContainsKey pair then
            Check.refuse
                (nameof rule)
                $"a second rule for KL(%s{rule.Q.FullName} || %s{rule.P.FullName})"
                "one rule for a pair of laws"

        KlRules(rules.Add(pair, rule))

    /// No rules.
    static member Empty = KlRules ImmutableDictionary.Empty

[<RequireQualifiedAccess>]
module KlRule =
    /// A rule that looks into its laws, may use other rules, and declines with None.
    let structural<'q, 'p when 'q :> Distribution and 'p :> Distribution>
        tex
        conditions
        page
        (formula: KlRules -> 'q -> 'p -> Tensor option)
        =
        KlRule(
            KlRules.Kind typeof<'q>,
            KlRules.Kind typeof<'p>,
            tex,
            conditions,
            page,
            (fun rules q p -> formula rules (unbox<'q>(box q)) (unbox<'p>(box p)))
        )

    /// A rule from a formula in nats, one number for each member of the batch.
    let create tex page (formula: 'q -> 'p -> Tensor) =
        structural tex "" page (fun _ (q: 'q) (p: 'p) -> Some(formula q p))
