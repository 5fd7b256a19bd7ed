namespace Vae.Testing

open System
open Expecto
open TorchSharp
open Vae.Core

/// Properties of the rules for divergences, over laws with generated parameters.
[<RequireQualifiedAccess>]
module KlRuleTests =
    let private key = Key.ofSeed 31

    /// KL is at least minus the rounding of its terms, and no more than that for equal laws.
    let private notNegative (pairs: KlPairs) =
        let nats, terms = KlPairs.nats pairs, KlPairs.terms pairs

        for i in 0 .. nats.Length - 1 do
            let rounding = 8.0 * epsilon * max terms[i] (if Double.IsFinite nats[i] then abs nats[i] else 0.0)

            if not (nats[i] >= -rounding) then
                failtest $"%s{KlPairs.describe pairs i} is %g{nats[i]}, by more than rounding (%.2g{rounding}) below 0"

            if pairs.Q.Info.Name = pairs.P.Info.Name && pairs.Q.Values[i] = pairs.P.Values[i] then
                isWithin rounding 0.0 nats[i] (KlPairs.describe pairs i)

    /// KL is the integral of q (log q - log p): to 1e-8 of max(1, KL), and infinite where that is.
    let private isIntegral (pairs: KlPairs) =
        use _ = torch.NewDisposeScope()
        let nats = KlPairs.nats pairs

        let found =
            LineTests.expectations pairs.Q (fun members x logQ ->
                use _ = torch.NewDisposeScope()
                let p = LawCases.law (LawCases.select members pairs.P)
                let m = members.Length
                let points = Tensor.ofArray f64 [| int64 (x.Length / m); int64 m |] x
                let logP = Tensor.toArray (p.LogProb points)
                [| Array.map2 (-) logQ logP; Array.map2 (fun a b -> abs a + abs b) logQ logP |])

        let mutable judged = 0

        for i, e in found do
            let size = e.Whole.Sizes[1]
            let value = e.Whole.Values[0]
            let share = if size = 0.0 then 0.0 else e.Tails.Sizes[1] / size
            let who = KlPairs.describe pairs i

            if Double.IsPositiveInfinity nats[i] then
                judged <- judged + 1

                // Quadrature over the numbers that there are cannot tell a slow divergence from none. What can be asked is a
                // reason: supports, or a condition that the rule states.
                let q, p =
                    LawCases.law (LawCases.select [| i |] pairs.Q), LawCases.law (LawCases.select [| i |] pairs.P)

                // An integral that is beyond the largest number or may be is infinite in numbers.
                let overflows = not (abs value < 1e100)
                let statesWhere = pairs.Rule.Conditions.Contains "infinit"

                if Support.within q.Support p.Support && not statesWhere && not overflows then
                    failtest $"%s{who} is infinite, and the rule does not say where"
            elif not (Double.IsFinite size) || share < 1e-9 then
                judged <- judged + 1
                let allowed = 1e-8 * max 1.0 (abs value) + (1e-13 + e.Noise) * size
                isWithin allowed value nats[i] who

        judged

    let private ofDraws (nats: float) (q: Distribution) (p: Distribution) who =
        use _ = torch.NewDisposeScope()
        let z = q.Sample(key, [| int64 (drawsToDetect 0.05) |])
        let ratios = Tensor.toArray (q.LogProb z - p.LogProb z)

        // Log-ratios without four finite moments have no normal mean.
        if Double.IsFinite nats && VectorTests.kurtosis ratios < 100.0 then
            meanIs nats ratios who

    /// KL is the mean of log q - log p over draws.
    let private isMeanOfDraws (pairs: KlPairs) =
        let nats = KlPairs.nats pairs

        for i in 0 .. min 3 nats.Length - 1 do
            use _ = torch.NewDisposeScope()
            let one = KlPairs.select [| i |] pairs
            ofDraws nats[i] (LawCases.law one.Q) (LawCases.law one.P) (KlPairs.describe pairs i)

    let private agrees (pairs: KlPairs) =
        use _ = torch.NewDisposeScope()

        let isOnLine =
            match LawCases.law (LawCases.truncate 1 pairs.Q) with
            | :? Univariate -> true
            | _ -> false

        if not isOnLine || isIntegral pairs = 0 then
            isMeanOfDraws pairs

    /// The divergence of batches that broadcast has their shape, and each member's is that which it has alone.
    let private shapes (pairs: KlPairs) =
        use _ = torch.NewDisposeScope()
        let nats = KlPairs.nats pairs
        let n = nats.Length

        let law (cases: LawCases) (indices: int list) (batch: int64 list) =
            LawCases.tensors f64 (LawCases.select (Array.ofList indices) cases)
            |> Array.map (fun t -> t.reshape (Array.append (Array.ofList batch) t.shape[1..]))
            |> cases.Info.Make

        let rows, columns = [ 0; 1 % n ], [ 0; 1 % n; 2 % n ]

        match KlPairs.tryNats pairs.Rule (law pairs.Q columns [ 3L ]) (law pairs.P rows [ 2L; 1L ]) with
        | None -> ()
        | Some found ->
            Expect.equal found.shape [| 2L; 3L |] $"the shape of %s{pairs.Rule.Name}"
            let found = Tensor.toArray found

            for r in 0..1 do
                for c in 0..2 do
                    let q, p = law pairs.Q [ columns[c] ] [], law pairs.P [ rows[r] ] []

                    KlPairs.tryNats pairs.Rule q p
                    |> Option.iter (fun alone ->
                        Expect.equal alone.shape [||] $"the shape of %s{pairs.Rule.Name} of single laws"
                        isClose 1e-11 (number alone) found[3 * r + c] $"%s{pairs.Rule.Name} of members [%d{r}, %d{c}]")

    /// Laws in float32 give float32, right but for the rounding of the terms.
    let private precision (pairs: KlPairs) =
        let rounded, found, dtype = KlPairs.inSingle pairs
        Expect.equal dtype torch.ScalarType.Float32 $"the precision of %s{pairs.Rule.Name}"
        let nats, terms = KlPairs.nats rounded, KlPairs.terms rounded

        for i in 0 .. nats.Length - 1 do
            // A large divergence is the exponential of its logarithm, which is rounded first.
            let exponent = 1.0 + log (max 1.0 (abs nats[i]))
            let allowed = 32.0 * 1.1920929e-7 * max terms[i] (abs nats[i] * exponent)

            if abs nats[i] < 1e30 && Double.IsFinite allowed then
                isWithin allowed nats[i] found[i] $"in float32, %s{KlPairs.describe rounded i}"

    /// The largest error in float32 of a rule's divergences, over generated laws.
    let precisionOf (rule: KlRule) (q: LawInfo * LawTestOptions) (p: LawInfo * LawTestOptions) : KlPrecision =
        let errors = [
            for pairs in KlPairs.generate rule q p do
                let rounded, found, _ = KlPairs.inSingle pairs
                let nats = KlPairs.nats rounded

                for i in 0 .. nats.Length - 1 do
                    if abs nats[i] < 1e30 then
                        abs (found[i] - nats[i]) / max 1.0 (abs nats[i]), KlPairs.describe rounded i
        ]

        let error, case =
            errors |> List.fold (fun worst this -> if fst this > fst worst then this else worst) (0.0, "")

        { Pair = rule.Name; WorstError = error; Case = case }

    let private states (rule: KlRule) =
        testCase $"%s{rule.Name}: has a formula and a page"
        <| fun () ->
            Expect.isNotEmpty rule.Tex (string rule)
            Expect.isNotEmpty rule.Page (string rule)

    let private ofGenerated
        mayDecline
        (q: LawInfo * LawTestOptions)
        (p: LawInfo * LawTestOptions)
        (rule: KlRule)
        : Test =
        Native.load ()
        let pairs = lazy (KlPairs.generate rule q p)

        let each name (check: KlPairs -> unit) =
            testCase $"%s{rule.Name}: %s{name}"
            <| fun () ->
                if pairs.Value.IsEmpty && not mayDecline then
                    failtest $"%s{rule.Name} declines every pair of laws that was generated; it needs an example"

                List.iter check pairs.Value

        testList rule.Name [
            each "is not negative, and 0 for equal laws" notNegative
            each "is the integral of q (log q - log p)" agrees
            each "broadcasts, member by member" shapes
            each "float32 in, float32 out" precision
            states rule
        ]
        |> scoped

    /// A rule for two kinds of law, each generated as its options say.
    let ofPairWith (q: LawInfo * LawTestOptions) (p: LawInfo * LawTestOptions) (rule: KlRule) : Test =
        ofGenerated false q p rule

    /// A rule for two kinds of law.
    let ofPair (rule: KlRule) (q: LawInfo) (p: LawInfo) : Test =
        ofPairWith (q, LawTests.defaults) (p, LawTests.defaults) rule

    let private agreesOnExample (rules: KlRules) (rule: KlRule) (q: Distribution) (p: Distribution) : Test =
        testCase $"%s{rule.Name}: is the mean of log q - log p over draws"
        <| fun () ->
            match Kl.tryBy rules q p with
            | None -> failtest $"%s{rule.Name} declines its example, KL(%O{q} || %O{p})"
            | Some nats ->
                let batch = (q.BatchShape, p.BatchShape)
                Expect.equal batch ([||], [||]) "an example is of single laws"
                let nats = number nats
                Expect.isGreaterThan nats 0.0 "an example is of laws that differ"
                ofDraws nats q p rule.Name

                Kl.tryBy rules p p
                |> Option.iter (fun same -> isWithin (1024.0 * epsilon) 0.0 (number same) $"KL(%O{p} || %O{p})")

    /// A rule by two laws that it knows the divergence of, in a table of rules.
    let ofExample (rules: KlRules) (rule: KlRule) (q: Distribution) (p: Distribution) : Test =
        testList rule.Name [ agreesOnExample rules rule q p; states rule ] |> scoped

    let private kindOf (law: Type) = if law.IsGenericType then law.GetGenericTypeDefinition() else law

    let private kindOfInfo (info: LawInfo) =
        use _ = torch.NewDisposeScope()
        kindOf ((LawInfo.example info).GetType())

    let private example (examples: (Distribution * Distribution) list) (rule: KlRule) =
        examples
        |> List.tryFind (fun (q, p) ->
            let fits (kind: Type) (law: Distribution) = kind = kindOf (law.GetType()) || kind = typeof<Distribution>
            fits rule.Q q && fits rule.P p)

    /// Every rule of a table: by generated laws where both of its kinds are among those given, and by an example where one is
    /// given. A rule that has neither is a test that fails, so that there is none without a test.
    let ofTable
        (rules: KlRules)
        (infos: (LawInfo * LawTestOptions) list)
        (examples: (Distribution * Distribution) list)
        : Test list =
        Native.load ()
        let kinds = infos |> List.map (fun (info, options) -> kindOfInfo info, (info, options))
        let find kind = kinds |> List.tryFind (fun (known, _) -> known = kind) |> Option.map snd

        [
            for rule in rules.All do
                let given = example examples rule

                match find rule.Q, find rule.P, given with
                | Some q, Some p, None -> ofGenerated false q p rule
                | Some q, Some p, Some(first, second) ->
                    ofGenerated true q p rule
                    testList rule.Name [ agreesOnExample rules rule first second ] |> scoped
                | _, _, Some(first, second) -> ofExample rules rule first second
                | _ ->
                    testCase $"%s{rule.Name}: has a test"
                    <| fun () -> failtest $"%s{rule.Name} has neither kinds of law to generate nor an example"
        ]

    /// How each rule between generated laws does in float32, the worst first.
    let precisionReport (rules: KlRules) (infos: (LawInfo * LawTestOptions) list) : KlPrecision list =
        Native.load ()
        use _ = torch.NewDisposeScope()
        let kinds = infos |> List.map (fun (info, options) -> kindOfInfo info, (info, options))
        let find kind = kinds |> List.tryFind (fun (known, _) -> known = kind) |> Option.map snd

        [
            for rule in rules.All do
                match find rule.Q, find rule.P with
                | Some q, Some p -> precisionOf rule q p
                | _ -> ()
        ]
        |> List.sortByDescending _.WorstError
