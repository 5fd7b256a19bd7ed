module Vae.Core.Tests.MissingTests

open Expecto
open TorchSharp
open Vae.Core
open Vae.Testing
open Vae.Core.Tests.LinearGaussian

let private key = Key.ofSeed 83

/// A model of the truth for data with missing values, whose encoder is not the true posterior: its heads see the four values, with 0
/// for those that are missing, and which of them are there.
let private model = model correlated (Prior.gaussian correlated.Covariance) |> Vae.forMissing

let private run () : Run =
    let value (p: Parameter) : Tensor =
        match p.Path with
        | "posterior.loc.1.weight" ->
            matrix [ [ 0.5; -0.2; 0.2; 0.1; 0.0; 0.1; 0.0; 0.0 ]; [ 0.1; 0.2; 0.2; -0.3; 0.1; 0.0; 0.0; 0.0 ] ]
        | "posterior.loc.1.bias" -> vector [ 0.0; 0.2 ]
        | "posterior.logVariance.1.weight" -> torch.zeros (p.Shape, dtype = torch.ScalarType.Float64)
        | "posterior.logVariance.1.bias" -> vector [ -0.5; -0.8 ]
        | "likelihood.0.weight" -> correlated.Weight
        | "likelihood.0.bias" -> correlated.Bias
        | _ -> p.Initial f64 key

    {
        Vae = model
        Params = Params.Create(f64, Vae.declared model, value)
        History = []
    }

let private complete n =
    let x = LinearGaussian.data correlated n
    Data.ofFloats "linear" [| 4L |] [||] (Tensor.toArray x |> Array.map float32)

/// The mean and covariance of x.
let private law () =
    let noise = (correlated.Scale ** 2.0) .* torch.eye (4L, dtype = torch.ScalarType.Float64)
    correlated.Bias, correlated.Weight.matmul(correlated.PriorCovariance).matmul(correlated.Weight.t ()) + noise

/// The numbers that are there, and those that are not.
let private apart (row: float32[]) = [| 0..3 |] |> Array.partition (fun i -> not (System.Single.IsNaN row[i]))

let private pick (indices: int[]) (t: Tensor) =
    let indices = torch.tensor (indices |> Array.map int64)

    if t.ndim = 1L then
        t[indices]
    else
        t.index_select(0L, indices).index_select(1L, indices)

/// log p of the values that are there.
let private evidence (row: float32[]) =
    let mean, covariance = law ()
    let there, _ = apart row

    if there.Length = 0 then
        0.0
    else
        let x = vector [ for i in there -> float row[i] ]
        number (MultivariateNormal(pick there mean, torch.linalg.cholesky (pick there covariance)).LogProb x)

/// Mean and variance of the missing values given those that are there.
let private conditional (row: float32[]) =
    let mean, covariance = law ()
    let there, missing = apart row
    let index (indices: int[]) = torch.tensor (indices |> Array.map int64)
    let across = covariance.index_select(0L, index missing).index_select(1L, index there)
    let gain = across.matmul (torch.linalg.inv (pick there covariance))
    let x = vector [ for i in there -> float row[i] ]
    let expected = pick missing mean + gain.matmul (x - pick there mean)
    let rest = pick missing covariance - gain.matmul (across.t ())
    missing, Tensor.toArray expected, Tensor.toArray (rest.diagonal ())

let private nats terms name = TermValues.named name terms

let tests =
    scoped
    <| testList "Missing" [
        testCase "importance sampling comes to log p of the values that are there"
        <| fun () ->
            let data = complete 12L |> Data.remove 0.4 key
            use parameters = (run ()).Params
            let run = { run () with Params = parameters }
            let read = Batches.ranges f64 model.Reads data
            let found = ImportanceSampling.ofBatch 500 20000 key run (read 0 12)

            for i in 0..11 do
                isWithin 0.05 (evidence (Data.item i data)) found[i] $"row {i}"

        testCase "the ELBO of rows with missing values is a bound of log p of what is there, on average over draws"
        <| fun () ->
            let one = complete 1L |> Data.remove 0.5 (Key.ofSeed 2)
            Expect.isFalse (Data.isComplete one) "some are missing"
            use parameters = (run ()).Params
            let batch = Batches.ranges f64 model.Reads one 0 1
            let draws = drawsToDetect 0.05
            let terms = Objective.terms key model parameters batch (Objective.elboOf draws)
            let total = (nats terms "reconstruction")[0] + (nats terms "kl")[0]
            Expect.isGreaterThan total -(evidence (Data.item 0 one)) "a bound"

        testCase "training with holes hides values of half of the examples, and what is measured is whole"
        <| fun () ->
            use parameters = (run ()).Params
            let count = 20_000
            let batch = Batch.ofX (torch.zeros ([| int64 count; 4L |], dtype = torch.ScalarType.Float64))

            let holed = Objective.withHoles 0.8 Objective.elbo

            let seen (rows: Rows) (batch: Batch) =
                let pass = Objective.passOf rows Progress.ended count key model parameters batch holed
                pass.Batch.Observed.Value.to_type torch.ScalarType.Float64

            let there = seen (Rows.all count) batch
            let hidden = (1.0 .+ (-1.0 .* there)).mean([| 1L |]) |> Tensor.toArray
            // Of those with a chance of c of a hole, uniform from 0 to 0.8, some have none: the integral of (1 - c)^4, over 0.8.
            let whole = 0.5 + 0.5 * (1.0 - 0.2 ** 5.0) / (5.0 * 0.8)
            let found = hidden |> Array.filter ((=) 0.0) |> Array.length |> float
            // Five standard errors: a false failure in 1.7 million.
            isWithin (5.0 * sqrt (whole * (1.0 - whole) / float count)) whole (found / float count) "whole examples"
            let deviation = sqrt (hidden |> Array.averageBy (fun h -> (h - 0.2) ** 2.0))
            isWithin (5.0 * deviation / sqrt (float count)) 0.2 (Array.average hidden) "values hidden"

            let rows = { Start = 5000; Count = 100; Of = count }
            let part = seen rows (Batch.rows 5000 100 batch)
            Expect.equal (Tensor.toArray part) (Tensor.toArray (there.narrow (0L, 5000L, 100L))) "of a part the same"

            let data = complete 50L
            let measured objective = Measurement.takeBy None objective key model parameters data
            let total objective = (measured objective).Total.Mean
            Expect.equal (total holed) (total Objective.elbo) "measured whole"

        testCase "what is more than a number is hidden as a whole"
        <| fun () ->
            let numbers, category = 2L, 3L

            let missing = {
                Support =
                    Support.Parts [
                        [| numbers |], Support.reals
                        [| category |], (OneHotCategorical.ofLogits (torch.zeros category)).Support
                    ]
                Filler = [||]
            }

            let same = Missing.samePoints missing (Key.uniform f64 [| 10L; 5L |] key)
            let of' column = Tensor.toArray (same.select (1L, column))
            Expect.notEqual (of' 0L) (of' 1L) "numbers by themselves"
            Expect.equal (of' 3L) (of' 2L) "a category"
            Expect.equal (of' 4L) (of' 2L) "and the rest of it"

        testCase "nothing missing is the same score, and everything missing leaves the KL alone"
        <| fun () ->
            use parameters = (run ()).Params
            let x = Data.tensor f64 (complete 6L)
            let whole = Batch.ofX x
            let there (value: bool) = torch.full_like (x, value.ToScalar(), dtype = torch.ScalarType.Bool)
            let terms batch = Objective.terms key model parameters batch Objective.elbo

            let same a b name =
                Array.iter2 (fun a b -> isClose 1e-12 a b name) (nats (terms a) name) (nats (terms b) name)

            same whole (Batch.observed (there true) whole) "reconstruction"
            same whole (Batch.observed (there true) whole) "kl"
            let none = Batch.observed (there false) whole
            Expect.equal (nats (terms none) "reconstruction") (Array.zeroCreate 6) "no score"

        testCase "what stands in place of a missing value does not matter, to the score and its gradient"
        <| fun () ->
            use parameters = (run ()).Params
            let x = Data.tensor f64 (complete 8L)
            let there = (Key.uniform f64 x.shape key).gt(0.4.AsScalar())

            let gradient (filler: float) =
                let x = torch.where (there, x, torch.full_like (x, filler.AsScalar()))
                let batch = Batch.ofX x |> Batch.observed there

                Diff.grad
                    (fun flat ->
                        Objective.terms key model (parameters.With flat) batch (Objective.iwae 5) |> Objective.loss)
                    parameters.Trained
                |> Tensor.toArray

            Array.iter2 (fun a b -> isClose 1e-12 a b "gradient") (gradient 0.0) (gradient 1e3)

        testCase "imputed means, deviations and draws are those of the law given what is there"
        <| fun () ->
            let data = complete 6L |> Data.remove 0.4 (Key.ofSeed 5)
            use parameters = (run ()).Params
            let run = { run () with Params = parameters }
            use imputed = Imputation.impute 40000 key run data
            use copies = Imputation.complete 4000 4000 key run data

            for i in 0..5 do
                let row = Data.item i data
                let missing, mean, variance = conditional row

                let found, deviation =
                    Tensor.toArray imputed.Mean[int64 i], Tensor.toArray imputed.StandardDeviation[int64 i]

                for j in 0..3 do
                    match System.Array.IndexOf(missing, j) with
                    | -1 ->
                        isClose 1e-6 (float row[j]) found[j] "as it is"
                        isClose 1e-12 0.0 deviation[j] "no doubt"
                    | k ->
                        let scale = sqrt variance[k]
                        isWithin (0.05 * scale) mean[k] found[j] $"mean of {i}, {j}"
                        isWithin (0.05 * scale) scale deviation[j] $"deviation of {i}, {j}"
                        let drawn = Tensor.toArray (copies.select(1L, int64 i).select(1L, int64 j))
                        // Of 4,000 draws: four standard errors of the mean, resampled draws count for half.
                        isWithin (0.1 * scale) mean[k] (Array.average drawn) $"mean of draws of {i}, {j}"

        testCase "training on rows with missing values, in one process or accumulated, is the same step"
        <| fun () ->
            let data = complete 64L |> Data.remove 0.3 key

            let ended accumulate =
                let options = {
                    TrainingOptions.defaults with
                        Epochs = 2
                        BatchSize = 32 / accumulate
                        Accumulate = accumulate
                        Placement = f64
                }

                let run = Training.start options data model |> Training.fit Objective.elbo (Optimizer.adam 1e-2)
                Tensor.toArray run.Params.Trained

            Array.iter2 (fun a b -> isClose 1e-9 a b "parameters") (ended 1) (ended 2)

        testCase "a model of complete data refuses missing values and says what takes them"
        <| fun () ->
            let data = complete 4L |> Data.remove 0.5 key
            let plain = LinearGaussian.model correlated (Prior.standard 2)
            refused [ "data"; "missing"; "Vae.forMissing" ] (fun () -> Training.check data plain)
            Training.check data model

        testCase "values that are there have to be the likelihood's"
        <| fun () ->
            let bits =
                Vae.create
                    (Prior.standard 1)
                    (Posterior.diagonalNormal (Net.dense 2))
                    (Likelihood.bernoulli (Net.dense 2))
                |> Vae.forMissing

            let data values = Data.ofIncomplete "bits" [| 2L |] [||] values
            Training.check (data [| 0.0f; nanf; nanf; 1.0f |]) bits
            refused [ "0.5" ] (fun () -> Training.check (data [| 0.0f; nanf; nanf; 0.5f |]) bits)
            refused [ "values"; "missing" ] (fun () -> data [| 0.0f; infinityf |])

        testCase "a category of which a part is missing is missing"
        <| fun () ->
            let parts = [ "length", 1, Head.ofLaw Normal.info; "kind", 3, Head.ofLaw OneHotCategorical.info ]

            let vae =
                Vae.create
                    (Prior.standard 2)
                    (Posterior.diagonalNormal (Net.dense 4))
                    (Likelihood.product parts (Net.dense 5))
                |> Vae.forMissing

            let rows = [| 0.5f; 0.0f; nanf; 0.0f; nanf; 0.0f; 1.0f; 0.0f; 1.5f; nanf; nanf; nanf |]
            let data = Data.ofIncomplete "rows" [| 4L |] [||] rows
            Training.check data vae
            let batch = Batches.ranges f64 vae.Reads data 0 3
            let there = batch.Observed.Value.to_type torch.ScalarType.Float64 |> Tensor.toArray
            Expect.equal there [| 1.0; 0.0; 0.0; 0.0; 0.0; 1.0; 1.0; 1.0; 1.0; 0.0; 0.0; 0.0 |] "what is there"
            use parameters = Vae.initial f64 key vae
            let terms = Objective.terms key vae parameters batch Objective.elbo
            Expect.isTrue (nats terms "reconstruction" |> Array.forall System.Double.IsFinite) "scores"
            let wrong = Data.ofIncomplete "rows" [| 4L |] [||] [| nanf; 0.0f; 0.5f; 0.0f |]
            refused [ "item 0" ] (fun () -> Training.check wrong vae)

        testCase "a law of each column scores what is there of it"
        <| fun () ->
            let parts = [
                "height", 2, Head.ofLaw Normal.info |> Head.share "scale"
                "count", 1, Head.ofLaw Poisson.info
                "kind", 3, Head.ofLaw OneHotCategorical.info
            ]

            let vae =
                Vae.create
                    (Prior.standard 2)
                    (Posterior.diagonalNormal (Net.dense 4))
                    (Likelihood.product parts (Net.dense 6))
                |> Vae.forMissing

            Expect.equal vae.DataShape [| 6L |] "its numbers"
            use parameters = Vae.initial f64 key vae
            let x = matrix [ [ 0.3; -0.2; 4.0; 0.0; 1.0; 0.0 ] ]
            let z = matrix [ [ 0.4; -0.9 ] ]
            let seen = vae.Likelihood.Apply parameters Mode.Evaluate z
            let law = seen.Law :?> Product

            let ofPart name (x: Tensor) =
                let law = law.Parts |> List.find (fst >> (=) name) |> snd
                Tensor.toArray(law.LogProb x)[0]

            let height, count = ofPart "height" (x.narrow (1L, 0L, 2L)), ofPart "count" (x.narrow (1L, 2L, 1L))
            let kind = ofPart "kind" (x.narrow (1L, 3L, 3L))
            isClose 1e-12 (height + count + kind) (Tensor.toArray(seen.Score x)[0]) "all"

            let without (gone: int list) =
                let there = torch.tensor ([| [| for i in 0..5 -> not (List.contains i gone) |] |] |> array2D)
                -(Tensor.toArray(seen.CostWhere(Some there, x))[0])

            isClose 1e-12 (height + count + kind) (without []) "none"
            isClose 1e-12 (count + kind) (without [ 0; 1 ]) "no height"
            isClose 1e-12 (height + kind) (without [ 2 ]) "no count"
            isClose 1e-12 (height + count) (without [ 3; 4; 5 ]) "no kind"
            isClose 1e-12 (height + count) (without [ 4 ]) "a vector is there where all of it is"

            refused [ "decoder"; "[5]"; "6" ] (fun () ->
                Vae.create
                    (Prior.standard 2)
                    (Posterior.diagonalNormal (Net.dense 4))
                    (Likelihood.product parts (Net.dense 5)))

            refused [ "the part kind"; "decoder" ] (fun () ->
                Likelihood.product
                    [ "kind", 1, Head.ofLaw Normal.info |> Head.fix "loc" 0.0 |> Head.share "scale" ]
                    (Net.dense 1))

            refused [ "parts"; "height" ] (fun () -> Likelihood.product [ parts.Head; parts.Head ] (Net.dense 5))
    ]
