/// What a gradient and a step of training cost with DiffSharp and without: the numbers of docs/diffsharp.fsx.
/// dotnet run -c Release --project tests/Vae.DiffSharp.Tests -- --costs
module Vae.DiffSharp.Tests.Costs

open System.Diagnostics
open DiffSharp
open TorchSharp
open Vae.Core
open Vae.DiffSharp

/// 784 - 256 - 10 - 256 - 784: 410,404 parameters.
let private vae =
    Vae.create
        (Prior.standard 10)
        (Posterior.diagonalNormal (Net.denseEncoder [ 256 ]))
        (Likelihood.bernoulliCrossEntropy (Net.denseDecoder [ 256 ]))

let private warmUp, private repetitions = 30, 200

/// The median of the times between the events of a sequence, without the first ones, in milliseconds.
let private median (events: seq<'a>) =
    let watch = Stopwatch.StartNew()

    let times = [|
        for _ in events do
            watch.Elapsed.TotalMilliseconds
            watch.Restart()
    |]

    let counted = times |> Array.skip warmUp |> Array.sort
    counted[counted.Length / 2]

let private repeated work = Seq.init (warmUp + repetitions) (fun _ -> work ())

/// Prints the medians.
let print () =
    let images = Digits.draw (Key.ofSeed 7) 2_560
    let options = { TrainingOptions.defaults with Epochs = 1_000 }
    let start = Training.start options images vae
    use parameters = (Training.untrained options vae).Params
    let vector = DiffSharpBridge.toVector parameters
    let batch, key = Data.range options.Placement 0 options.BatchSize images, Key.ofSeed 1
    let loss = DiffSharpBridge.objective vae Objective.elbo batch key

    let ownLoss (flat: Tensor) = Objective.terms key vae (parameters.With flat) batch Objective.elbo |> Objective.loss

    let line name milliseconds = printfn "%-40s %6.2f ms" name milliseconds
    printfn "%d parameters, batches of %d, %d threads" parameters.Count options.BatchSize (torch.get_num_threads ())

    repeated (fun () ->
        use _ = torch.NewDisposeScope()
        Diff.grad ownLoss parameters.Trained |> ignore)
    |> median
    |> line "Diff.fgrad"

    repeated (fun () -> dsharp.fgrad loss vector |> ignore) |> median |> line "dsharp.fgrad"

    start
    |> Training.reports Objective.elbo (Optimizer.adam 1e-3)
    |> Seq.truncate (warmUp + repetitions)
    |> median
    |> line "a step of Training.fit, Adam"

    // The evaluations of its loss mark the steps.
    let steps = Training.steps start

    let stream =
        DiffSharpBridge.minibatches vae Objective.elbo (fun step -> steps.Batch step, steps.Noise step)

    let watch = Stopwatch.StartNew()
    let mutable times = []

    let timed parameters =
        times <- watch.Elapsed.TotalMilliseconds :: times
        watch.Restart()
        stream parameters

    (Minimizer.adam 1e-3).Minimize timed vector (warmUp + repetitions) |> ignore
    let counted = times |> List.take repetitions |> List.sort
    line "a step of DiffSharp's Adam" counted[repetitions / 2]
