/// Steps that are taken of several batches.
module Vae.Core.Tests.AccumulateTests

open Expecto
open TorchSharp
open Vae.Core
open Vae.Testing

let private data, private validation = Digits.draw (Key.ofSeed 7) 125 |> Data.split 0.8

let private modelOf encoder =
    Vae.create
        (Prior.standard 2)
        (Posterior.diagonalNormal encoder)
        (Likelihood.bernoulliCrossEntropy (Net.denseDecoder [ 8 ]))

let private vae = lazy (modelOf (Net.denseEncoder [ 8 ]))

let private options = {
    TrainingOptions.defaults with
        Epochs = 3
        BatchSize = 32
        Validation = Some validation
        Placement = Placement.float64
}

let private start options = Training.start options data vae.Value
let private adam = Optimizer.adam 0.01
let private numbers (run: Run) = Tensor.toArray run.Params.Trained
let private close what (a: Run) (b: Run) = Array.iter2 (fun x y -> isClose 1e-10 x y what) (numbers a) (numbers b)

let tests =
    testList "Accumulate" [
        for batch, accumulate in [ 16, 2; 8, 4; 11, 3; 32, 4; 64, 64 ] do
            testCase $"%d{accumulate} batches of %d{batch} are one of as many, to rounding"
            <| fun () ->
                let whole =
                    start { options with BatchSize = batch * accumulate } |> Training.fit (Objective.elboOf 2) adam

                let parts =
                    start { options with BatchSize = batch; Accumulate = accumulate }
                    |> Training.fit (Objective.elboOf 2) adam

                close "parameters" whole parts

                for a, b in List.zip whole.History parts.History do
                    isClose 1e-10 a.Total b.Total "total"
                    isClose 1e-10 a.Validation.Value.Total.Mean b.Validation.Value.Total.Mean "validation"
                    Expect.equal (b.Number, b.Examples) (a.Number, a.Examples) "examples"

        testCase "one batch is the step it always was, bit for bit"
        <| fun () ->
            let run accumulate = start { options with Accumulate = accumulate } |> Training.fit Objective.elbo adam
            Expect.equal (numbers (run 1)) (numbers (start options |> Training.fit Objective.elbo adam)) "parameters"

        testCase "a step's reports count all of its examples, and its norm is of the mean"
        <| fun () ->
            let reports options = start options |> Training.reports Objective.elbo adam |> Seq.toList
            let parts, whole = reports { options with BatchSize = 8; Accumulate = 4 }, reports options
            Expect.equal (parts |> List.map _.Examples) (whole |> List.map _.Examples) "examples"

            for a, b in List.zip whole parts do
                isClose 1e-10 a.GradientNorm b.GradientNorm "norm"

        testCase "parts that draw do not draw the same"
        <| fun () ->
            // Rows that are all alike: under one mask their gradients would be.
            let dropping = modelOf (Net.denseEncoder [ 8 ] --> Net.dropout 0.5)
            let same = Data.gather Placement.float32 [| 0 |] data

            let alike =
                Data.ofFloats
                    "alike"
                    [| 1L; 28L; 28L |]
                    [||]
                    (Array.concat (Array.replicate 4 (Tensor.toArray same |> Array.map float32)))

            let steps =
                Training.start { options with BatchSize = 2; Accumulate = 2; Validation = None } alike dropping
                |> Training.steps

            let parts = steps.Parts 0L
            Expect.equal [ for p in parts -> p.Start, p.Count, p.Of ] [ 0, 2, 4; 2, 2, 4 ] "parts"
            use parameters = (Training.untrained options dropping).Params

            let kl rows =
                use _ = torch.NewDisposeScope()
                let terms = steps.TermsOf(rows, steps.Part(0L, rows), 0L, dropping, parameters, Objective.elbo)
                TermValues.named "kl" terms

            Expect.notEqual (kl parts[0]) (kl parts[1]) "what they give"

        testCase "what was not finite is told of the example it comes from, whichever part it is in"
        <| fun () ->
            let items = Array.init 40 (fun i -> if i = 27 then 1e30f else 0.5f)
            let planted = Data.ofFloats "planted" [| 1L |] [||] items

            let net =
                Vae.create
                    (Prior.standard 2)
                    (Posterior.diagonalNormal (Net.denseEncoder [ 4 ]))
                    (Likelihood.gaussian 1.0 (Net.dense 1))

            let faultOf accumulate =
                let options = {
                    TrainingOptions.defaults with
                        BatchSize = 40 / accumulate
                        Accumulate = accumulate
                        Guard = Guard.Skip 5
                        Placement = Placement.float64
                }

                Training.start options planted net
                |> Training.reports Objective.elbo (Optimizer.sgd 1e-3)
                |> Seq.head
                |> _.Fault
                |> Option.map (fun f -> f.Found, f.Examples)

            let whole = faultOf 1
            Expect.equal (faultOf 4) whole "the same as of the whole batch"

        testCase "a run goes on in parts from one of whole batches, as its steps are the same"
        <| fun () ->
            use snapshot =
                start options
                |> Training.reports Objective.elbo adam
                |> Seq.pick (fun r -> if r.Progress.Step = 5L then Some(r.Snapshot()) else None)

            let parts =
                start { options with BatchSize = 16; Accumulate = 2 }
                |> Training.resume snapshot
                |> Training.fit Objective.elbo adam

            close "parameters" (start options |> Training.fit Objective.elbo adam) parts

            refused [ "snapshot"; "BatchSize 32" ] (fun () ->
                start { options with Accumulate = 2 } |> Training.resume snapshot)

        testCase "an objective that looks at a batch as a whole is refused by name"
        <| fun () ->
            let whole = { Objective.elbo with Needs = Need.WholeBatch :: Objective.elbo.Needs }

            refused [ "objective"; "a step accumulates" ] (fun () ->
                start { options with Accumulate = 2 } |> Training.fit whole adam)

            refused [ "Accumulate"; "0" ] (fun () -> start { options with Accumulate = 0 })

        testCase "parts leave no more tensors behind than whole batches"
        <| fun () ->
            let train steps =
                start { options with Epochs = 100; BatchSize = 8; Accumulate = 4; Average = Some 0.9 }
                |> Training.reports Objective.elbo adam
                |> Seq.truncate steps
                |> Seq.iter ignore

            let live () = DisposeScopeManager.Statistics.ThreadTotalLiveCount
            let before = live ()
            train 9
            let some = live ()
            train 60
            Expect.isLessThanOrEqual (live () - some) (some - before) "more steps, no more live tensors"
    ]
