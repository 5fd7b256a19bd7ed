namespace Vae.Benchmarks.Growth

open System
open System.Collections.Generic
open System.Diagnostics
open Vae.Benchmarks
open Vae.Core

/// A step's time at a size of batch.
type StepTime = {
    Batch: int
    /// The median over the rounds.
    Milliseconds: float
    /// The distance between the quartiles.
    Spread: float
    /// The time over twice that of half the batch: at most 1 where nothing grows faster than the batch.
    OverTwiceTheHalf: Nullable<float>
}

/// How a step's time grows with its batch.
type StepTimes = {
    Workload: string
    Times: StepTime list
    /// The slope of log time over log batch, by least squares: 1 where time is proportional to the batch.
    Exponent: float
}

[<RequireQualifiedAccess>]
module StepTimes =
    let private batches = [ 128; 256; 512; 1024; 2048 ]

    /// Images, a multiple of every batch: no step is of a smaller one.
    let private data = lazy (Digits.draw (Key.ofSeed 7) 10_240)

    /// Images that are timed together.
    let private together = 4096

    let private training (workload: Workload) batch =
        let options = { TrainingOptions.defaults with Epochs = 100_000; BatchSize = batch }

        (Workload.vae workload
         |> Training.start options data.Value
         |> Training.reports Objective.elbo (Optimizer.adam 1e-3))
            .GetEnumerator()

    /// Milliseconds of a step, after one that brings the caches back.
    let private time batch (steps: IEnumerator<Report>) =
        steps.MoveNext() |> ignore
        let count = max 2 (together / batch)
        let watch = Stopwatch.StartNew()

        for _ in 1..count do
            steps.MoveNext() |> ignore

        watch.Elapsed.TotalMilliseconds / float count

    let private slope (points: (float * float) list) =
        let meanX, meanY = List.averageBy fst points, List.averageBy snd points

        (points |> List.sumBy (fun (x, y) -> (x - meanX) * (y - meanY)))
        / (points |> List.sumBy (fun (x, _) -> (x - meanX) ** 2.0))

    /// Rounds over all sizes in turn, so that what else the machine does falls on all of them.
    let measure rounds (workload: Workload) : StepTimes =
        let trainings = batches |> List.map (fun batch -> batch, training workload batch)

        try
            let round _ = trainings |> List.map (fun (batch, steps) -> time batch steps)
            round 0 |> ignore
            let measured = List.init rounds round |> List.transpose |> List.map Arithmetic.medianAndSpread

            let times =
                List.zip batches measured
                |> List.mapi (fun i (batch, (milliseconds, spread)) -> {
                    Batch = batch
                    Milliseconds = milliseconds
                    Spread = spread
                    OverTwiceTheHalf =
                        if i = 0 then
                            Nullable()
                        else
                            Nullable(milliseconds / (2.0 * fst measured[i - 1]))
                })

            {
                Workload = workload.Name
                Times = times
                Exponent = times |> List.map (fun t -> log (float t.Batch), log t.Milliseconds) |> slope
            }
        finally
            for _, steps in trainings do
                steps.Dispose()
