module Vae.Core.Tests.EvaluationTests

open System
open Expecto
open TorchSharp
open Vae.Core
open Vae.Testing

let private data = Digits.draw (Key.ofSeed 7) 600

let private vae =
    Vae.create
        (Prior.gaussian [ [ 1.0; 0.4 ]; [ 0.4; 0.5 ] ])
        (Posterior.diagonalNormal (Net.denseEncoder [ 16 ]))
        (Likelihood.bernoulliCrossEntropy (Net.denseDecoder [ 16 ]))

let private run = lazy Training.untrained TrainingOptions.defaults vae

let tests =
    testList "Evaluation" [
        testCase "the total is reconstruction plus KL, with standard errors over examples, the same every time"
        <| fun () ->
            let measured = Evaluation.elbo run.Value data
            let reconstruction, kl = measured.Term "reconstruction", measured.Term "kl"
            isClose 1e-12 (reconstruction.Mean + kl.Mean) measured.Total.Mean "total"
            Expect.equal measured.Count 600 "count"
            Expect.isGreaterThan reconstruction.StandardError 0.0 "standard error"
            Expect.equal (Evaluation.elbo run.Value data).Total measured.Total "again"
            let text = string measured

            for part in [ "cross-entropy"; "kl"; "total"; "+-"; "nats" ] do
                Expect.stringContains text part "report"

        testCase "the standard error is that of the mean"
        <| fun () ->
            let statistic = Statistic.ofValues [| 1.0; 2.0; 3.0; 6.0 |]
            Expect.equal statistic.Mean 3.0 "mean"
            isClose 1e-15 (sqrt (14.0 / 3.0 / 4.0)) statistic.StandardError "standard error"

        testCase "codes, reconstructions and samples have the shapes of latents and images"
        <| fun () ->
            use codes = Evaluation.encode run.Value data
            Expect.equal codes.shape [| 600L; 2L |] "codes"
            use images = Evaluation.reconstruct run.Value data
            Expect.equal images.shape [| 600L; 1L; 28L; 28L |] "reconstructions"
            use decoded = Evaluation.decode run.Value codes

            Array.iter2
                (fun a b -> isClose 1e-6 a b "decoded codes are reconstructions")
                (Tensor.toArray images)
                (Tensor.toArray decoded)

            use samples = Evaluation.sample (Key.ofSeed 1) 3 run.Value
            Expect.equal samples.shape [| 3L; 1L; 28L; 28L |] "samples"
            Expect.isTrue (Tensor.toArray samples |> Array.forall (fun p -> p >= 0.0 && p <= 1.0)) "grey levels"

        testCase "a data set of one chunk and a bit is measured whole"
        <| fun () ->
            let first, rest = Data.split (251.0 / 600.0) data

            let whole, a, b =
                Evaluation.elbo run.Value data, Evaluation.elbo run.Value first, Evaluation.elbo run.Value rest

            Expect.equal (a.Count + b.Count) whole.Count "counts"

        testCase "what does not fit is refused by name"
        <| fun () ->
            let small = Data.ofFloats "small" [| 4L |] [||] (Array.create 8 0.5f)
            Expect.throwsT<ArgumentException> (fun () -> Evaluation.elbo run.Value small |> ignore) "data"
            use z = Tensor.ofArray Placement.float32 [| 2L; 3L |] (Array.zeroCreate 6)
            Expect.throwsT<ArgumentException> (fun () -> Evaluation.decode run.Value z |> ignore) "latents"
            Expect.throwsT<ArgumentException> (fun () -> Evaluation.sample (Key.ofSeed 1) 0 run.Value |> ignore) "count"
    ]
