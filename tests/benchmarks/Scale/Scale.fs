namespace Vae.Benchmarks.Scale

open System
open System.Diagnostics
open Vae.Core
open Vae.Tables

type ScaleOptions = { Rows: int; Columns: int; Epochs: int }

/// Seconds that a table of many rows takes.
type Scale = {
    Rows: int
    Columns: int
    Epochs: int
    /// From the table to a run, the calibration of its scores among it.
    Training: float
    /// Of these, from the first step to the last epoch's end.
    Steps: float
    /// Of all rows by the bound, of one draw for each, with each column's share.
    BoundScores: float
    /// Of all rows by -log p, of 100 draws for each.
    LogLikelihoodScores: float
}

[<RequireQualifiedAccess>]
module Scale =
    /// Rows whose columns are mixtures of five normal numbers, and noise.
    let private table (options: ScaleOptions) : Table =
        let key = Key.ofSeed 1
        let normal stream count = Tensor.toArray (Key.normal Placement.float32 [| int64 count |] (Key.fold stream key))
        let hidden = 5
        let weights = normal 0 (hidden * options.Columns)
        let codes = normal 1 (hidden * options.Rows)
        let noise = normal 2 (options.Columns * options.Rows)

        let value i j =
            let mutable sum = 0.5 * noise[i * options.Columns + j]

            for k in 0 .. hidden - 1 do
                sum <- sum + weights[j * hidden + k] * codes[i * hidden + k]

            sum

        Table.ofRows
            "rows"
            [ for j in 0 .. options.Columns - 1 -> $"x%d{j}" ]
            (Array.init options.Rows (fun i -> Array.init options.Columns (value i)))

    let measure (options: ScaleOptions) : Scale =
        Native.load ()
        let table = table options
        let watch = Stopwatch.StartNew()
        let mutable first, last = 0.0, 0.0

        let observe (report: Report) =
            if first = 0.0 then
                first <- watch.Elapsed.TotalSeconds

            if report.Completed.IsSome then
                last <- watch.Elapsed.TotalSeconds

        use run = TableRun.fitWith observe { TableOptions.defaults with Epochs = Some options.Epochs } table
        let training = watch.Elapsed.TotalSeconds

        let seconds work =
            let before = watch.Elapsed.TotalSeconds
            work () |> ignore
            watch.Elapsed.TotalSeconds - before

        {
            Rows = options.Rows
            Columns = options.Columns
            Epochs = options.Epochs
            Training = training
            Steps = last - first
            BoundScores = seconds (fun () -> TableRun.score (Score.Bound 1) run table)
            LogLikelihoodScores = seconds (fun () -> TableRun.nats (Score.LogLikelihood 100) run table)
        }
