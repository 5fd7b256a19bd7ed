module Vae.Core.Tests.ImportanceSamplingTests

open System
open Expecto
open TorchSharp
open Vae.Core
open Vae.Core.Tests.LinearGaussian
open Vae.Testing

let private key = Key.ofSeed 31
let private run vae parameters : Run = { Vae = vae; Params = parameters; History = [] }

/// A model with a product of normals for a posterior that is none: wider than the true one, so that no weight is large,
/// and beside it.
let private wrong () =
    let covariance, map = correlated.Posterior
    let vae = model correlated (Prior.gaussian correlated.Covariance)
    let wider = 0.7 .+ covariance.diagonal().log()
    run vae (parameters correlated vae (1.1 .* map) wider)

let private estimate rows samples key run x = ImportanceSampling.ofBatch rows samples key run (Batch.ofX x)

/// The weights p(x, z) / q(z|x) / p(x) of many draws for one example: on average 1.
let private weights draws (x: Tensor) =
    let many = x.expand (int64 draws, x.shape[1])
    let evidence = number (correlated.Evidence x)
    estimate 500 1 key (wrong ()) many |> Array.map (fun log -> exp (log - evidence))



/// A latent of 0 or 1: the evidence is a sum over both.
let private discrete =
    let bits (logit: Tensor) = Independent.create 1 (Bernoulli.OfLogits logit)
    let zeros (x: Tensor) : Tensor = torch.zeros ([| x.shape[0]; 1L |], dtype = x.dtype)

    let prior =
        Prior.custom "a bit" [| 1L |] { Declared = []; Apply = fun _ _ () -> bits (vector [ 0.0 ]) :> Distribution }

    let posterior =
        Posterior.scored "a bit" (fun _ _ -> { Declared = []; Apply = fun _ _ x -> bits (zeros x) })

    lazy Vae.create prior posterior (Likelihood.gaussian 0.5 (Net.dense 3))

let tests =
    scoped
    <| testList "Importance sampling" [
        testCase "with the true posterior every number of draws gives log p(x)"
        <| fun () ->
            let covariance, map = orthogonal.Posterior
            let vae = model orthogonal (Prior.standard 2)
            let run = run vae (parameters orthogonal vae map (covariance.diagonal().log()))
            let x = data orthogonal 50L

            for samples in [ 1; 7; 600 ] do
                Array.iter2
                    (fun expected found -> isClose 1e-12 expected found $"%d{samples} draws")
                    (Tensor.toArray (orthogonal.Evidence x))
                    (estimate 500 samples key run x)

        testCase "with another posterior the weights are p(x) on average"
        <| fun () -> meanIs 1.0 (weights (drawsToDetect 0.02) (data correlated 1L)) "weights"

        testCase "with another posterior the estimate tends to log p(x)"
        <| fun () ->
            let x = data correlated 1L
            let samples = 20_000
            let found = (estimate 500 samples key (wrong ()) x)[0]
            // The logarithm of a mean near 1 has the error of the mean; its bias, half the error's square, is far less.
            let error = (Statistic.ofValues (weights samples x)).StandardError
            isWithin (threshold * error) (number (correlated.Evidence x)) found "evidence"
            Expect.isLessThan error 0.02 "a draw's weight is no wild one"

        testCase "on average the estimate rises with the draws, from the ELBO up to log p(x)"
        <| fun () ->
            let x = (data correlated 1L).expand(20_000L, 4L)
            let mean samples = estimate 500 samples key (wrong ()) x |> Statistic.ofValues
            let elbo, few, many = mean 1, mean 5, mean 50
            // By more than both errors together could take back, at 6.5 each.
            let rises (low: Statistic) (high: Statistic) =
                Expect.isGreaterThan
                    (high.Mean - low.Mean)
                    (threshold * (low.StandardError + high.StandardError))
                    "rises"

            rises elbo few
            rises few many
            let allowed = threshold * many.StandardError
            Expect.isLessThan many.Mean (number (correlated.Evidence x[0L]) + allowed) "is a lower bound"

        testCase "how many draws are taken at once does not matter"
        <| fun () ->
            let x = data correlated 30L
            let whole = estimate 100_000 40 key (wrong ()) x

            for rows in [ 1; 31; 70; 500 ] do
                Array.iter2
                    (fun expected found -> isClose 1e-12 expected found $"at most %d{rows} at once")
                    whole
                    (estimate rows 40 key (wrong ()) x)

            Expect.notEqual (estimate 500 40 (Key.fold 1 key) (wrong ()) x) whole "another key, another number"

        testCase "a posterior without a sample path is estimated as well"
        <| fun () ->
            let vae = discrete.Value
            use parameters = Vae.initial f64 key vae
            let x = vector [ 0.2; -0.1; 0.4 ]

            let at z =
                let likelihood = vae.Likelihood.Apply parameters Mode.Evaluate (matrix [ [ z ] ])
                log 0.5 + number (likelihood.Score x)

            // All weights are 2 p(x, z) of either z, each half of the time.
            let a, b = at 0.0, at 1.0
            let evidence = max a b + log (1.0 + exp (-abs(a - b)))
            let samples = 20_000
            let found = (estimate 500 samples key (run vae parameters) (x.unsqueeze 0L))[0]
            let error = tanh (abs (a - b) / 2.0) / sqrt (float samples)
            isWithin (threshold * error) evidence found "evidence"

        testCase "memory does not grow with the draws"
        <| fun () ->
            let mutable rows, tensors = 0L, 0L
            let net = Net.wire "likelihood" [| 2L |] (Net.dense 3)

            let observe parameters mode (z: Tensor) =
                rows <- max rows (z.numel () / 2L)
                tensors <- max tensors DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount
                let loc = Net.apply net parameters mode z
                Independent.create 1 (Normal(loc, torch.ones_like loc)) :> Distribution

            let likelihood =
                Likelihood.custom "recorded" (fun _ -> [| 3L |]) (fun _ -> { Declared = net.Declared; Apply = observe })

            let vae = Vae.create (Prior.standard 2) (Posterior.diagonalNormal Net.flatten) likelihood
            use parameters = Vae.initial Placement.float32 key vae
            let data = Data.ofFloats "points" [| 3L |] [||] (Array.init 900 (fun i -> float32 (i % 7)))

            let peak samples =
                rows <- 0L
                tensors <- 0L
                Evaluation.logLikelihood samples (run vae parameters) data |> ignore
                rows, tensors

            let few = peak 20
            Expect.isLessThanOrEqual (fst few) 500L "decoded examples at once"
            Expect.equal (peak 400) few "decoded examples and living tensors, with twenty times as many draws"

        testCase "over a data set it is a mean with its standard error, between the ELBO and log p(x)"
        <| fun () ->
            let x = data correlated 600L
            let set = Data.ofFloats "points" [| 4L |] [||] (Tensor.toArray x |> Array.map float32)
            let evidence = Tensor.toArray (correlated.Evidence x) |> Statistic.ofValues
            let found = Evaluation.logLikelihood 500 (wrong ()) set
            let elbo = (Evaluation.elbo (wrong ()) set).Total
            // The draws' error of a mean over 600 examples of 500 draws each, and the bias of each.
            isWithin 0.02 evidence.Mean found.Mean "log p(x)"
            isWithin 0.01 evidence.StandardError found.StandardError "standard error"
            Expect.isGreaterThan (found.Mean + elbo.Mean) 0.1 "the ELBO is lower"
            Expect.equal (Evaluation.logLikelihood 500 (wrong ()) set) found "again"

        testCase "what has no log-likelihood is refused by name"
        <| fun () ->
            let vae =
                Vae.create
                    (Prior.standard 2)
                    (Posterior.diagonalNormal Net.flatten)
                    (Likelihood.bernoulliCrossEntropy (Net.dense 3))

            use parameters = Vae.initial Placement.float32 key vae
            let points count = Data.ofFloats "points" [| count |] [||] (Array.zeroCreate (int count * 2))

            let score =
                Expect.throwsC (fun () -> Evaluation.logLikelihood 10 (run vae parameters) (points 3L) |> ignore) id

            Expect.isTrue (score :? NotSupportedException) "kind"

            for part in [ "cross-entropy"; "density"; "Bernoulli"; "gaussian"; "ELBO" ] do
                Expect.stringContains score.Message part "message"

            refused [ "samples"; "0"; "at least 1" ] (fun () -> Evaluation.logLikelihood 0 (wrong ()) (points 4L))
            refused [ "data"; "[5]"; "[4]" ] (fun () -> Evaluation.logLikelihood 1 (wrong ()) (points 5L))
    ]
