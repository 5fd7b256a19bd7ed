namespace Vae.Core

open System
open System.Collections.Immutable

/// What kind of knowledge a rule is: tables count these apart.
[<RequireQualifiedAccess>]
type KlRuleKind =
    /// A closed form of its own.
    | ClosedForm
    /// A closed form that another pair's implies, as its special case.
    | Implied of by: string
    /// +infinity for all laws of its kinds, though their supports would allow less.
    | Infinite
    /// A rule for laws made of other laws, by the divergences of these.
    | Structural

/// What is known of KL(q || p) for two kinds of law: its formula in nats, and where it comes from.
[<Sealed>]
type KlRule
    internal
    (
        q: Type,
        p: Type,
        kind: KlRuleKind,
        tex: string,
        conditions: string,
        page: string,
        formula: KlRules -> Distribution -> Distribution -> Tensor option
    ) =
    /// The kind of the first law, which the expectation is taken under.
    member _.Q = q
    /// The kind of the second law.
    member _.P = p
    /// Whether it stands for itself.
    member _.Kind = kind
    /// The formula, in TeX.
    member _.Tex = tex
    /// What the formula asks of the laws; empty where it always holds.
    member _.Conditions = conditions
    /// The documentation page that derives it.
    member _.Page = page
    /// The pair's name, as tables and tests use it.
    member _.Name = KlRule.PairName(q, p)
    member internal _.Apply(rules, first, second) = formula rules first second
    member internal _.As(kind, conditions) = KlRule(q, p, kind, tex, conditions, page, formula)
    override this.ToString() = $"KL(%s{this.Name}) = %s{tex}"

    /// A kind of law by its name: Distribution is any law.
    static member Title(law: Type) = if law = typeof<Distribution> then "any law" else law.Name.Split('`')[0]

    /// The name of a pair of kinds.
    static member internal PairName(q: Type, p: Type) = $"%s{KlRule.Title q} || %s{KlRule.Title p}"

/// The rules known, by the pair of laws: an immutable value. Kinds are types, never names, so that two laws called the
/// same do not meet; generic laws are entered by their open type. A rule for `Distribution` is for any law, and asked last.
and [<Sealed>] KlRules internal (rules: ImmutableDictionary<struct (Type * Type), KlRule>) =
    /// What a law is entered under: its type, and of a generic one the open type.
    static member internal Kind(law: Type) = if law.IsGenericType then law.GetGenericTypeDefinition() else law

    /// The rules, ordered by the names of their laws.
    member _.All: KlRule[] = rules.Values |> Seq.sortBy (fun rule -> rule.Q.Name, rule.P.Name) |> Seq.toArray

    /// The rule for two laws, if there is one.
    member internal _.Find(q: Distribution, p: Distribution) =
        let first, second, any = KlRules.Kind(q.GetType()), KlRules.Kind(p.GetType()), typeof<Distribution>

        [ struct (first, second); struct (first, any); struct (any, second) ]
        |> List.tryPick (fun pair ->
            match rules.TryGetValue pair with
            | true, rule -> Some rule
            | _ -> None)

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
    let private make<'q, 'p when 'q :> Distribution and 'p :> Distribution>
        kind
        tex
        conditions
        page
        (formula: KlRules -> 'q -> 'p -> Tensor option)
        =
        KlRule(
            KlRules.Kind typeof<'q>,
            KlRules.Kind typeof<'p>,
            kind,
            tex,
            conditions,
            page,
            (fun rules q p -> formula rules (unbox<'q>(box q)) (unbox<'p>(box p)))
        )

    /// A rule that looks into its laws, may use other rules, and declines with None.
    let structural tex conditions page (formula: KlRules -> 'q -> 'p -> Tensor option) =
        make KlRuleKind.Structural tex conditions page formula

    /// A closed form that holds for some laws of its kinds only: it declines the others with None.
    let partial tex conditions page (formula: 'q -> 'p -> Tensor option) =
        make KlRuleKind.ClosedForm tex conditions page (fun _ q p -> formula q p)

    /// A rule from a formula in nats, one number for each member of the batch.
    let create tex page (formula: 'q -> 'p -> Tensor) =
        make KlRuleKind.ClosedForm tex "" page (fun _ (q: 'q) (p: 'p) -> Some(formula q p))

    /// The same rule, as one that another pair's implies, which is named as tables name it: Gamma || Gamma.
    let impliedBy (pair: string) (rule: KlRule) = rule.As(KlRuleKind.Implied pair, rule.Conditions)

    /// The same rule, as one of a divergence that is infinite for all laws of its kinds.
    let infinite (rule: KlRule) = rule.As(KlRuleKind.Infinite, rule.Conditions)

    /// The same rule, with what its formula says of the laws for which the divergence is infinite, or another condition.
    let where conditions (rule: KlRule) = rule.As(rule.Kind, conditions)

/// How many rules of each kind there are.
type KlCounts = { ClosedForm: int; Implied: int; Infinite: int; Structural: int }

[<RequireQualifiedAccess>]
module KlRules =
    /// The counts of rules: closed forms of their own, those implied by another pair's, those always infinite, and rules for
    /// composed laws.
    let counts (rules: KlRules) : KlCounts =
        let count holds = rules.All |> Array.filter (fun rule -> holds rule.Kind) |> Array.length

        {
            ClosedForm = count _.IsClosedForm
            Implied = count _.IsImplied
            Infinite = count _.IsInfinite
            Structural = count _.IsStructural
        }
