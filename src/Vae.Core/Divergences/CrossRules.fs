namespace Vae.Core

open System
open System.Collections.Immutable
open System.Text.RegularExpressions
open TorchSharp

/// KL between different kinds of laws on the line: KL(q || p) = -H(q) - E_q[log p], where q knows its entropy and the
/// expectation of each moment that the log-density of p is made of.
[<RequireQualifiedAccess>]
module internal CrossRules =
    let private page = "kl-expectations"

    /// What the kinds of law know.
    let laws: LineLaw list =
        List.concat [
            NormalExpectations.all
            LocationScaleExpectations.all
            IntervalExpectations.all
            LogNormalExpectations.all
            PositiveExpectations.all
            UnitIntervalExpectations.all
            CircleExpectations.all
        ]

    /// Each term of a log-density with its expectation, if a law knows them all.
    let private matching (q: LineLaw) (form: LogForm) =
        let pairs =
            form.Terms
            |> List.choose (fun term ->
                q.Expectations |> List.tryFind (fun e -> e.Moment = term.Moment) |> Option.map (fun e -> term, e))

        if pairs.Length = form.Terms.Length then Some pairs else None

    /// -H(q) - c - sum a E[s]. A term whose coefficient is 0 is none, even of an infinite expectation; one of
    /// -infinity makes the divergence +infinity, whatever the others are.
    let private value (form: LogForm) pairs (q: Distribution) (p: Distribution) =
        q.Entropy
        |> Option.map (fun entropy ->
            let zero = Tensor.scalar q.Placement 0.0
            let initial = entropy.neg () - form.Constant p

            let total, infinite =
                (((initial, initial.ne initial): Tensor * Tensor), pairs)
                ||> List.fold (fun (total, infinite) (term: LogTerm, expectation: Expectation) ->
                    let coefficient = term.Coefficient p
                    let expected = expectation.Value q (term.Takes |> List.map (fun (_, value) -> value p))
                    let absent = coefficient.eq (0.0.AsScalar())
                    let diverges = (coefficient * expected).eq(Double.NegativeInfinity.AsScalar())
                    let used = torch.where (absent.logical_or diverges, zero, expected)
                    total - coefficient * used, infinite.logical_or diverges)

            torch.where (infinite, Tensor.scalar q.Placement Double.PositiveInfinity, total))

    /// Whether TeX has a sum outside of all brackets, a leading sign apart.
    let private isSum (tex: string) =
        let depths =
            (0, tex)
            ||> Seq.scan (fun depth c ->
                match c with
                | '('
                | '{'
                | '[' -> depth + 1
                | ')'
                | '}'
                | ']' -> depth - 1
                | _ -> depth)

        Seq.zip depths tex
        |> Seq.indexed
        |> Seq.exists (fun (i, (depth, c)) -> i > 0 && depth = 0 && (c = '+' || c = '-'))

    let private grouped (tex: string) = if isSum tex || tex.StartsWith '-' then $@"\left(%s{tex}\right)" else tex

    let private expectationTex (term: LogTerm) (expectation: Expectation) =
        term.Takes
        |> List.indexed
        |> List.fold
            (fun (tex: string) (i, (taken, _)) -> tex.Replace($"#%d{i + 1}", $" {{%s{grouped taken}}}"))
            expectation.Tex

    /// The terms with their signs, in brackets.
    let private tex entropy (form: LogForm) pairs =
        let term (term: LogTerm, expectation) =
            let coefficient = if isSum term.Tex then grouped term.Tex else term.Tex
            let sign = if coefficient.StartsWith '-' then "" else "+"
            $@"%s{sign}%s{coefficient}\,%s{grouped (expectationTex term expectation)}"

        let terms = pairs |> List.map term |> String.concat ""
        $@"-\left[%s{entropy}\right]-\left[%s{form.Tex}%s{terms}\right]"

    /// TeX of a condition as plain words: \tfrac{\nu_q}{2} is nu_q/2.
    let private words (tex: string) =
        let fractions = Regex.Replace(tex, @"\\tfrac(?:\{([^{}]*)\}\{([^{}]*)\}|(\d)(\d))", "$1$3/$2$4")
        fractions.Replace("\\", "")

    /// Whether it holds whatever the parameters are, which are positive: k_p > -alpha_q.
    let private isVoid (condition: string) =
        let isNegative (side: string) = side.StartsWith '-'

        match condition.Split " > ", condition.Split " < " with
        | [| left; right |], _ -> isNegative right && not (isNegative left)
        | _, [| left; right |] -> isNegative left && not (isNegative right)
        | _ -> false

    /// What a condition of numbers alone that does not hold says: -1 > -1, |-1| < 1.
    let private fails (condition: string) =
        let found = Regex.Match(condition, @"^(\|?)(-?\d+)\|? ([<>]) (-?\d+)$")

        let left, right =
            if found.Success then
                float found.Groups[2].Value, float found.Groups[4].Value
            else
                0.0, 0.0

        let left = if found.Groups[1].Value = "|" then abs left else left
        found.Success && not (if found.Groups[3].Value = ">" then left > right else left < right)

    let private alwaysInfinite = "always infinite"

    let private conditions q p pairs =
        [
            if Support.inclusion q.Widest p.Narrowest <> Inclusion.Always then
                "the support of the first is within that of the second"

            for term: LogTerm, expectation: Expectation in pairs do
                if expectation.Finite = "never" then
                    alwaysInfinite
                elif expectation.Finite <> "" then
                    let condition =
                        List.indexed term.Takes
                        |> List.fold
                            (fun (tex: string) (i, (taken, _)) -> tex.Replace($"#%d{i + 1}", taken))
                            expectation.Finite
                        |> words

                    if fails condition then
                        alwaysInfinite
                    elif not (isVoid condition) then
                        $"infinite unless %s{condition}"
        ]
        |> List.distinct
        |> String.concat "; "

    /// A law and what it is a special case of, the nearest first.
    let private generalisations (laws: LineLaw list) (law: LineLaw) =
        let rec from kind =
            let next =
                laws
                |> List.tryFind (fun known -> known.Law = kind)
                |> Option.map _.SpecialCaseOf
                |> Option.defaultValue []

            kind :: List.collect from next

        from law.Law |> List.distinct

    /// The rules for pairs of kinds that have none of their own. Such a pair is implied by another of the table, its own
    /// or composed, whose laws are the same or generalise them.
    let beside (own: KlRule list) (laws: LineLaw list) : KlRule list =
        let ownPairs = own |> List.map (fun rule -> struct (rule.Q, rule.P)) |> ImmutableHashSet.CreateRange

        let composed = [
            for q in laws do
                for p in laws do
                    let possible = Support.inclusion q.Narrowest p.Widest = Inclusion.Always

                    if q.Law <> p.Law && possible && not (ownPairs.Contains(struct (q.Law, p.Law))) then
                        match q.Entropy, p.LogForm, p.LogForm |> Option.bind (matching q) with
                        | Some entropy, Some form, Some pairs -> q, p, entropy, form, pairs
                        | _ -> ()
        ]

        let table = ownPairs.Union(composed |> List.map (fun (q, p, _, _, _) -> struct (q.Law, p.Law)))

        let kind (q: LineLaw) (p: LineLaw) (conditions: string) =
            if conditions.Contains alwaysInfinite then
                KlRuleKind.Infinite
            else

                List.allPairs (generalisations laws q) (generalisations laws p)
                |> List.tryFind (fun (first, second) ->
                    (first, second) <> (q.Law, p.Law) && table.Contains(struct (first, second)))
                |> Option.map (fun (first, second) -> KlRuleKind.Implied(KlRule.PairName(first, second)))
                |> Option.defaultValue KlRuleKind.ClosedForm

        [
            for q, p, entropy, form, pairs in composed do
                let formula _ first second = value form pairs first second
                let conditions = conditions q p pairs
                KlRule(q.Law, p.Law, kind q p conditions, tex entropy form pairs, conditions, page, formula)
        ]
