module Vae.Core.Tests.ExpertsTests

open Expecto
open TorchSharp
open Vae.Core
open Vae.Testing

let private key = Key.ofSeed 91
let private expert name numbers = { Name = name; Numbers = numbers; Encoder = Net.dense 3 }
let private experts = [ expert "a" 2; expert "b" 1; expert "c" 3 ]
let private incomplete: Evidence = { Shape = [| 12L |]; Data = Some [| 6L |]; IsIncomplete = true }

/// Data of two rows, which parts are there in each, and the evidence.
let private evidence (there: bool list list) =
    let mask =
        matrix [
            for row in there ->
                [
                    for part, n in List.zip row [ 2; 1; 3 ] do
                        yield! List.replicate n (if part then 1.0 else 0.0)
                ]
        ]

    let x = Key.normal f64 [| int64 there.Length; 6L |] key * mask
    x, torch.cat ([| x; mask |], 1L)

let private encoding (posterior: Posterior) (evidence: Tensor) =
    let wired = posterior.Wire "posterior" incomplete [| 2L |]
    let parameters = Params.Initial(f64, Key.ofSeed 4, wired.Declared)
    parameters, wired.Apply parameters Mode.Evaluate evidence

/// What an expert alone says: mean and scale, of each row.
let private alone (parameters: Params) (x: Tensor) index =
    let expert, start = experts[index], [ 0L; 2L; 3L ][index]

    let heads =
        Posterior.normalHeads
            (LogScale.SoftClamp 10.0)
            $"posterior.%s{expert.Name}"
            [| int64 expert.Numbers |]
            [| 2L |]
            expert.Encoder

    let loc, logScale, _ = heads.Apply parameters Mode.Evaluate (x.narrow (1L, start, int64 expert.Numbers))
    loc, logScale.exp ()

let tests =
    scoped
    <| testList "Experts" [
        testCase "the product's density is N(0, I)'s times those of the parts that are there, but for a constant"
        <| fun () ->
            let x, evidence = evidence [ [ true; true; true ]; [ false; true; false ]; [ false; false; false ] ]
            let parameters, encoded = encoding (Experts.product experts) evidence
            let points = Key.normal f64 [| 2L; 3L; 2L |] (Key.ofSeed 8)

            let unnormalised =
                let ofPart i (there: Tensor) =
                    let loc, scale = alone parameters x i
                    (Normal.OfLogScale(loc, scale.log ()).LogProb points).sum(-1L) * there

                let mask i = evidence.select (1L, [ 6L; 8L; 9L ][i])
                let zero = torch.zeros_like points
                let prior = (Normal.OfLogScale(zero, zero).LogProb points).sum -1L
                prior + ofPart 0 (mask 0) + ofPart 1 (mask 1) + ofPart 2 (mask 2)

            let ratio (t: Tensor) = Tensor.toArray (t[0L] - t[1L])

            Array.iter2
                (fun a b -> isClose 1e-9 a b "differences of log-densities")
                (ratio unnormalised)
                (ratio (encoded.Law.LogProb points))

            // Where nothing is there it is the prior.
            let last (t: Tensor) = Tensor.toArray t[2L]
            Array.iter (fun m -> isClose 1e-12 0.0 m "mean") (last encoded.Law.Mean)
            Array.iter (fun v -> isClose 1e-12 1.0 v "variance") (last encoded.Law.Variance)

        testCase "the mixture has the parts that are there in equal shares, and is the prior where none is"
        <| fun () ->
            let x, evidence = evidence [ [ true; true; true ]; [ true; false; true ]; [ false; false; false ] ]
            let parameters, encoded = encoding (Experts.mixture experts) evidence
            let points = Key.normal f64 [| 4L; 3L; 2L |] (Key.ofSeed 8)

            let density i row (t: Tensor) =
                let loc, scale = alone parameters x i
                let law = Normal.OfLogScale(loc, scale.log ())
                Tensor.toArray ((law.LogProb t).sum(-1L).exp().select(1L, row))

            let found row = Tensor.toArray ((encoded.Law.LogProb points).exp().select(1L, row))

            let three =
                Array.map3
                    (fun a b c -> (a + b + c) / 3.0)
                    (density 0 0L points)
                    (density 1 0L points)
                    (density 2 0L points)

            let two = Array.map2 (fun a c -> (a + c) / 2.0) (density 0 1L points) (density 2 1L points)
            Array.iter2 (fun a b -> isClose 1e-9 a b "three parts") three (found 0L)
            Array.iter2 (fun a b -> isClose 1e-9 a b "two parts") two (found 1L)
            Array.iter (fun m -> isClose 1e-12 0.0 m "mean") (Tensor.toArray encoded.Law.Mean[2L])

        testCase "draws of the mixture are of its law, however many are dealt at once"
        <| fun () ->
            let _, evidence = evidence [ [ true; true; true ] ]
            let n = int64 (drawsToDetect 0.05)
            let many = evidence.expand (n, 12L)
            let parameters, encoded = encoding (Experts.mixture experts) many
            let mean, variance = Tensor.toArray encoded.Law.Mean[0L], Tensor.toArray encoded.Law.Variance[0L]

            for draws in [ 1L; 2L; 3L ] do
                let drawn = encoded.Draw(Key.ofSeed (int draws), [| draws |])

                Array.iter2
                    (fun a b -> isClose 1e-12 a b "log q")
                    (Tensor.toArray (encoded.Law.LogProb drawn.Z))
                    (Tensor.toArray drawn.LogQ.Value)

                for d in 0..1 do
                    // Of several draws of an example the first: they are dealt, and so not independent.
                    let first = Tensor.toArray (drawn.Z[0L].select(1L, int64 d))
                    meanIs 0.0 (first |> Array.map (fun z -> (z - mean[d]) / sqrt variance[d])) $"mean of {draws}"

                    meanIs
                        0.0
                        (first |> Array.map (fun z -> ((z - mean[d]) ** 2.0 - variance[d]) / variance[d]))
                        $"variance of {draws}"

            parameters |> ignore

        testCase "as many draws as there are parts are of one part each, with gradients"
        <| fun () ->
            // Parts that are far apart, and narrow.
            let posterior = Experts.mixtureBy LogScale.Free [ expert "a" 2; expert "b" 1 ]
            let wired = posterior.Wire "posterior" (Evidence.ofData [| 3L |]) [| 1L |]

            let value (p: Parameter) : Tensor =
                match p.Path with
                | "posterior.a.loc.1.bias" -> vector [ 10.0 ]
                | "posterior.b.loc.1.bias" -> vector [ -10.0 ]
                | path when path.Contains "logVariance.1.bias" -> vector [ -12.0 ]
                | _ -> torch.zeros (p.Shape, dtype = torch.ScalarType.Float64)

            use parameters = Params.Create(f64, wired.Declared, value)
            let x = torch.zeros ([| 5L; 3L |], dtype = torch.ScalarType.Float64)

            let draw (parameters: Params) = (wired.Apply parameters Mode.Evaluate x).Draw(key, [| 4L |]).Z

            let signs = (draw parameters).sign().sum(0L) |> Tensor.toArray
            Expect.equal signs (Array.zeroCreate 5) "two of each of four"

            let gradient = Diff.grad (fun flat -> (draw (parameters.With flat)).mean()) parameters.Trained
            let ofBias = parameters.With(gradient)["posterior.a.loc.1.bias"]
            isClose 1e-12 0.5 (number ofBias) "half of the draws move with a part"

        testCase "rows of a batch draw what they draw in the whole"
        <| fun () ->
            let _, evidence = evidence [ for i in 0..5 -> [ i % 2 = 0; true; i % 3 = 0 ] ]
            let _, whole = encoding (Experts.mixture experts) evidence
            let _, part = encoding (Experts.mixture experts) (evidence.narrow (0L, 2L, 3L))
            let all = whole.Draw(key, [| 2L |]).Z.narrow(1L, 2L, 3L)
            let some = part.DrawRows({ Start = 2; Count = 3; Of = 6 }, key, [| 2L |]).Z
            Array.iter2 (fun a b -> isClose 1e-12 a b "draws") (Tensor.toArray all) (Tensor.toArray some)

        testCase "data of other parts is refused"
        <| fun () ->
            let bits = Likelihood.bernoulli (Net.dense 5)
            refused [ "posterior"; "6"; "[5]" ] (fun () -> Vae.create (Prior.standard 2) (Experts.product experts) bits)
            refused [ "experts"; "a, a" ] (fun () -> Experts.product [ experts.Head; experts.Head ])
            refused [ "experts" ] (fun () -> Experts.mixture [])

        testCase "the objective of each part is that of the data with the other parts missing"
        <| fun () ->
            let bits n = Head.ofLaw Bernoulli.info |> fun head -> n, head
            let part name n = name, fst (bits n), snd (bits n)

            let vae =
                Vae.create
                    (Prior.standard 2)
                    (Experts.product experts)
                    (Likelihood.product [ part "a" 2; part "b" 1; part "c" 3 ] (Net.dense 6))
                |> Vae.forMissing

            use parameters = Vae.initial f64 key vae
            let x = (Key.uniform f64 [| 7L; 6L |] key).gt(0.5.AsScalar()).to_type torch.ScalarType.Float64
            let terms batch objective = Objective.terms key vae parameters batch objective
            let found = terms (Batch.ofX x) (Objective.eachPart Objective.elbo)
            let names = found |> List.map _.Name

            Expect.equal
                names
                [
                    "reconstruction"
                    "kl"
                    for part in [ "a"; "b"; "c" ] do
                        $"reconstruction of %s{part}"
                        $"kl of %s{part}"
                ]
                "the whole and each part"

            let there = matrix [ for _ in 1..7 -> [ 0.0; 0.0; 1.0; 0.0; 0.0; 0.0 ] ]
            let only = Batch.ofX x |> Batch.observed (there.gt (0.5.AsScalar()))
            let kl terms name = TermValues.named name terms
            Array.iter2 (fun a b -> isClose 1e-12 a b "kl") (kl (terms only Objective.elbo) "kl") (kl found "kl of b")
            let weighed = terms (Batch.ofX x) (Objective.eachPart Objective.elbo |> Objective.beta 2.0)

            Expect.equal
                (weighed |> List.map (fun t -> t.Weight.Factor Progress.ended))
                [ for n in names -> if n.StartsWith "kl" then 2.0 else 1.0 ]
                "beta"
    ]
