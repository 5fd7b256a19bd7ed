module Vae.DiffSharp.Tests.TrainingTests

open System
open System.IO
open DiffSharp
open DiffSharp.Optim
open Expecto
open TorchSharp
open Vae.Core
open Vae.DiffSharp
open Vae.DiffSharp.Tests.Support
open Vae.Testing

/// The loss of each step of the library's own run.
let private ownLosses options optimizer =
    let mutable before = 0.0

    start options
    |> Training.reports Objective.elbo optimizer
    |> Seq.map (fun report ->
        // A report gives the mean over the epoch so far.
        let sum = report.Total * float report.Examples
        let stepsBefore = int ((report.Progress.Step - 1L) % int64 report.Progress.StepsPerEpoch)
        let earlier = if stepsBefore = 0 then 0.0 else before
        let examples = report.Examples - stepsBefore * options.BatchSize
        before <- sum
        (sum - earlier) / float examples)
    |> Seq.toList

/// The loss of each step of DiffSharp's optimiser over the same batches and noise.
let private losses options optimise =
    let steps = Training.steps (start options)

    let stream =
        DiffSharpBridge.minibatches vae Objective.elbo (fun step -> steps.Batch step, steps.Noise step)

    let mutable seen = []

    let loss parameters =
        let value = stream parameters
        seen <- float value.primalDeep :: seen
        value

    use first = (Training.untrained options vae).Params
    optimise loss (DiffSharpBridge.toVector first) steps.Count
    List.rev seen

let private follows tolerance expected actual =
    Expect.equal (List.length actual) 20 "steps"
    List.iteri2 (fun i e a -> isClose tolerance e a $"loss of step %d{i + 1}") expected actual

let tests =
    scoped
    <| testList "Training" [
        testCase "DiffSharp's Adam follows the library's own for 20 steps, from the same start, batches and noise"
        <| fun () ->
            losses options (fun loss first steps ->
                optim.adam (loss, first, lr = dsharp.tensor 1e-3, iters = steps, print = false) |> ignore)
            |> follows 1e-4 (ownLosses options (Optimizer.adam 1e-3))

        testCase "in float64 nothing but rounding is between them"
        <| fun () ->
            let options = { options with Placement = f64 }

            for minimizer, optimizer in
                [ Minimizer.adam 1e-3, Optimizer.adam 1e-3; Minimizer.sgd 1e-3, Optimizer.sgd 1e-3 ] do
                losses options (fun loss first steps -> minimizer.Minimize loss first (steps - 1) |> ignore)
                |> follows 1e-12 (ownLosses options optimizer)

        testCase "train returns the run that the library's training does"
        <| fun () ->
            let options = {
                options with
                    Placement = f64
                    Validation = Some(Digits.draw (Key.ofSeed 8) 60)
            }

            let own = start options |> Training.fit Objective.elbo (Optimizer.adam 1e-3)
            let run = start options |> DiffSharpBridge.train Objective.elbo (Minimizer.adam 1e-3)

            // Adam divides by the root of a mean square: gradients near 0, where that is small, magnify rounding.
            Array.iter2
                (fun e a -> isClose 1e-9 e a "parameters")
                (Tensor.toArray own.Params.Trained)
                (Tensor.toArray run.Params.Trained)

            Expect.equal run.History.Length 4 "epochs"

            for expected, epoch in List.zip own.History run.History do
                Expect.equal
                    (epoch.Number, epoch.Rate, epoch.Examples)
                    (expected.Number, expected.Rate, expected.Examples)
                    "epoch"

                Expect.equal (List.map fst epoch.Terms) (List.map fst expected.Terms) "names"
                List.iter2 (fun (_, e) (name, a) -> isClose 1e-10 e a name) expected.Terms epoch.Terms
                isClose 1e-10 expected.Total epoch.Total "total"
                let validation (e: Epoch) = e.Validation.Value.Total.Mean
                isClose 1e-10 (validation expected) (validation epoch) "validation"

        testCase "a run is evaluated, saved and loaded as any other"
        <| fun () ->
            let run = start options |> DiffSharpBridge.train Objective.elbo (Minimizer.adam 1e-3)
            let own = start options |> Training.fit Objective.elbo (Optimizer.adam 1e-3)
            let total run = (Evaluation.elbo run images).Total.Mean
            isClose 1e-4 (total own) (total run) "evaluation"
            let folder = Path.Combine(Path.GetTempPath(), $"vae-diffsharp-%O{Guid.NewGuid()}")

            try
                Saved.save folder run
                let loaded = Saved.load folder
                Expect.equal loaded.History run.History "history"
                Expect.equal (Tensor.toArray loaded.Params.Trained) (Tensor.toArray run.Params.Trained) "parameters"
            finally
                Directory.Delete(folder, true)

        testCase "a run that diverges ends by name"
        <| fun () ->
            let raised =
                Expect.throwsT<TrainingDivergedException>(fun () ->
                    start { options with Epochs = 40 }
                    |> DiffSharpBridge.train Objective.elbo (Minimizer.sgd 1e6)
                    |> ignore)

            raised "diverged"

        testCase "early stopping, and going on from a snapshot, are refused"
        <| fun () ->
            let train start = DiffSharpBridge.train Objective.elbo (Minimizer.adam 1e-3) start

            refused [ "Patience is 2"; "none" ] (fun () ->
                train (start { options with Validation = Some images; Patience = Some 2 }))

            use snapshot =
                start options
                |> Training.reports Objective.elbo (Optimizer.adam 1e-3)
                |> Seq.map _.Snapshot()
                |> Seq.head

            refused [ "start is one that goes on"; "from the beginning" ] (fun () ->
                train (Training.resume snapshot (start options)))
    ]
