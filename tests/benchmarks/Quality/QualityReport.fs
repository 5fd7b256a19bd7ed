namespace Vae.Benchmarks

open Spectre.Console

[<RequireQualifiedAccess>]
module QualityReport =
    let table (options: QualityOptions) (q: Quality) =
        let number = Report.number
        let verdict = if q.Reached then "reached" else "not reached"
        let table = Table().Title($"%s{number 1 options.Target} nats per test image: %s{verdict}")

        for column in [ "from before the process"; "seconds" ] do
            table.AddColumn column |> ignore

        for stage, seconds in q.Stages do
            table.AddRow(stage, number 2 seconds) |> ignore

        table.Caption(
            $"%s{number 2 q.Total} +- %s{number 2 q.StandardError} nats over %s{number 0 (float q.TestImages)} test images, after %s{number 0 (float q.Steps)} steps"
        )
