/// Small runs, for what is shown their reports.
module Vae.Core.Tests.Consumers.Watched

open System.IO
open Vae.Core

let private data, private validation = Digits.draw (Key.ofSeed 7) 60 |> Data.split 0.8

let private vae =
    lazy
        (Vae.create
            (Prior.standard 2)
            (Posterior.diagonalNormal (Net.denseEncoder [ 4 ]))
            (Likelihood.bernoulliCrossEntropy (Net.denseDecoder [ 4 ])))

/// Four epochs of three steps.
let options = {
    TrainingOptions.defaults with
        Seed = 3
        Epochs = 4
        BatchSize = 16
        Validation = Some validation
}

let private start options = Training.start options data vae.Value

let private optimizer = Optimizer.adam 1e-3 |> Optimizer.withSchedule (Schedule.cosine 0.1)

/// The reports of a run.
let reports options : Report list = start options |> Training.reports Objective.elbo optimizer |> Seq.toList

/// A run of an objective, shown to a function.
let runBy (objective: Objective) options (observe: Report -> unit) : unit =
    use _ = (start options |> Training.fitWith observe objective optimizer).Params
    ()

let run options observe = runBy Objective.elbo options observe

/// The same run, killed after it had reported so many steps and then gone on with from a snapshot of an earlier one, each part
/// shown to a function of its own.
let killed (after: int) (from: int64) (observe: unit -> Report -> unit) (meanwhile: unit -> unit) : unit =
    let first = observe ()

    let snapshot =
        let mutable found = None

        for report in start options |> Training.reports Objective.elbo optimizer |> Seq.truncate after do
            first report

            if report.Progress.Step = from then
                found <- Some(report.Snapshot())

        found.Value

    use snapshot = snapshot
    meanwhile ()

    use _ =
        (start options |> Training.resume snapshot |> Training.fitWith (observe ()) Objective.elbo optimizer).Params

    ()

/// What a process leaves in a file that is killed while it writes.
let tear (path: string) (bytes: byte[]) () =
    use stream = new FileStream(path, FileMode.Append)
    stream.Write(bytes, 0, bytes.Length)
