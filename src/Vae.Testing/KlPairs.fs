namespace Vae.Testing

open System
open TorchSharp
open Vae.Core

/// Laws of two kinds with generated parameters, the first against the first and so on, and a rule for them.
type KlPairs = { Rule: KlRule; Q: LawCases; P: LawCases }

/// How well a rule's formula does in float32: the largest error of a divergence of max(1, KL), and the pair that has it.
type KlPrecision = { Pair: string; WorstError: float; Case: string }

[<RequireQualifiedAccess>]
module KlPairs =
    let count pairs = LawCases.count pairs.Q

    let select indices pairs = {
        pairs with
            Q = LawCases.select indices pairs.Q
            P = LawCases.select indices pairs.P
    }

    /// The pair with an index, as a reader would write it.
    let describe pairs i = $"KL(%s{LawCases.describe pairs.Q i} || %s{LawCases.describe pairs.P i})"

    let private only (rule: KlRule) = KlRules.Empty.Add rule

    /// What the rule says of two laws, in nats.
    let tryNats (rule: KlRule) (q: Distribution) (p: Distribution) = Kl.tryBy (only rule) q p

    /// What the rule says of each pair. It knows them all: see `known`.
    let nats (pairs: KlPairs) : float[] =
        use _ = torch.NewDisposeScope()

        match tryNats pairs.Rule (LawCases.law pairs.Q) (LawCases.law pairs.P) with
        | Some nats -> Tensor.toArray nats
        | None -> Expecto.Tests.failtest $"%s{pairs.Rule.Name} declines a batch of pairs that it knows one by one"

    /// The pairs that a rule does not decline.
    let known (pairs: KlPairs) : KlPairs =
        let isKnown pairs =
            use _ = torch.NewDisposeScope()
            (tryNats pairs.Rule (LawCases.law pairs.Q) (LawCases.law pairs.P)).IsSome

        if isKnown pairs then
            pairs
        else
            let alone = [| 0 .. count pairs - 1 |] |> Array.filter (fun i -> isKnown (select [| i |] pairs))
            // A condition on all pairs together, such as one parameter that all share, leaves one.
            let together = select alone pairs

            if alone.Length = 0 || isKnown together then
                together
            else
                select [| alone[0] |] pairs

    /// Pairs with generated parameters; of one kind of law the last few are equal laws.
    let generate
        (rule: KlRule)
        (q: LawInfo, qOptions: LawTestOptions)
        (p: LawInfo, pOptions: LawTestOptions)
        : KlPairs list =
        let isVector (info: LawInfo) = info.Parameters |> List.exists (fun parameter -> parameter.Rank > 0)
        let sizeOptions = if isVector q then q, qOptions else p, pOptions
        let sizes = LawTests.sizes (snd sizeOptions) (fst sizeOptions)

        let cases (info: LawInfo) (options: LawTestOptions) seed size =
            let perSize = max 4 (options.Cases / sizes.Length)
            Generate.cases options.Generators [ size ] perSize (options.Seed + seed) info |> List.head

        let sizes = if isVector q || isVector p then sizes else [ 1 ]

        [
            for size in sizes do
                let first = cases q qOptions 100 size
                let second = cases p pOptions 200 size

                if q.Name = p.Name then
                    let equal = LawCases.truncate 4 first
                    let both (a: LawCases) = { a with Values = Array.append a.Values equal.Values }
                    { Rule = rule; Q = both first; P = both second }
                else
                    { Rule = rule; Q = first; P = second }
        ]
        |> List.map known
        |> List.filter (fun pairs -> count pairs > 0)

    /// The sum of the absolute terms of a divergence, which its rounding errors are relative to: what 64 draws say of
    /// E_q |log q| + E_q |log p|, and terms such as log Gamma of parameters. A factor nearly singular multiplies them.
    let terms (pairs: KlPairs) : float[] =
        use _ = torch.NewDisposeScope()
        let q, p = LawCases.law pairs.Q, LawCases.law pairs.P
        let z = q.Sample(Key.ofSeed 64, [| 64L |])

        let sizes (law: Distribution) = law.LogProb(z).abs().nan_to_num(0.0, 0.0, 0.0).mean([| 0L |]) |> Tensor.toArray

        let logarithmic v = abs v * (1.0 + abs (log (max 1e-300 (abs v)))) + abs (log (max 1e-300 (abs v)))

        let ofParameters (cases: LawCases) i =
            Seq.sum (
                seq {
                    for index, parameter in List.indexed cases.Info.Parameters do
                        for v in cases.Values[i].[index] do
                            match parameter.Domain with
                            | Domain.Shape
                            | Domain.Positive
                            | Domain.Whole _ -> logarithmic v
                            | _ -> abs v
                }
            )

        let condition (cases: LawCases) i =
            Seq.fold
                max
                1.0
                (seq {
                    for index, parameter in List.indexed cases.Info.Parameters do
                        if parameter.Domain.IsFactor then
                            use _ = torch.NewDisposeScope()
                            let k = int64 cases.Size
                            number (torch.linalg.cond (Tensor.ofArray f64 [| k; k |] (cases.Values[i].[index])))
                })

        let ofQ, ofP = sizes q, sizes p

        Array.init (count pairs) (fun i ->
            let sum = 1.0 + ofQ[i] + ofP[i] + ofParameters pairs.Q i + ofParameters pairs.P i
            sum * max (condition pairs.Q i) (condition pairs.P i))

    /// The pairs after the rounding of their parameters to float32, and what the rule says of them in float32.
    let inSingle (pairs: KlPairs) : KlPairs * float[] * torch.ScalarType =
        use _ = torch.NewDisposeScope()

        let rounded (cases: LawCases) = {
            cases with
                Values = cases.Values |> Array.map (Array.map (Array.map (fun v -> float (float32 v))))
        }

        let law (cases: LawCases) = cases.Info.Make(LawCases.tensors Placement.float32 cases)
        let found = (tryNats pairs.Rule (law pairs.Q) (law pairs.P)).Value
        { pairs with Q = rounded pairs.Q; P = rounded pairs.P }, Tensor.toArray found, found.dtype
