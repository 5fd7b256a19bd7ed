namespace Vae.Benchmarks.Scale

open Spectre.Console
open Vae.Benchmarks

[<RequireQualifiedAccess>]
module ScaleReport =
    let tables (measured: Scale) : Table list =
        let table =
            Table()
                .Title(
                    $"A table of %s{Report.number 0 (float measured.Rows)} rows and %d{measured.Columns} columns, seconds"
                )

        table.AddColumn "work" |> ignore
        table.AddColumn "seconds" |> ignore

        for words, seconds in
            [
                $"training for %d{measured.Epochs} epochs, with the calibration of scores", measured.Training
                "of these the steps and what is measured after each epoch", measured.Steps
                "scores of all rows by the bound, of one draw, with columns' shares", measured.BoundScores
                "scores of all rows by -log p, of 100 draws", measured.LogLikelihoodScores
            ] do
            table.AddRow(words, Report.number 1 seconds) |> ignore

        [ table ]
