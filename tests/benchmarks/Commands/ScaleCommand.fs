namespace Vae.Benchmarks.Commands

open System.CommandLine
open Vae.Benchmarks.Scale

[<RequireQualifiedAccess>]
module ScaleCommand =
    let create () =
        let rows = CommandLine.number "--rows" "Rows" 10 100_000
        let columns = CommandLine.number "--columns" "Columns" 1 30
        let epochs = CommandLine.number "--epochs" "Epochs" 1 20
        let asJson = CommandLine.json ()
        let options: Option list = [ rows; columns; epochs; asJson ]

        CommandLine.command "scale" "What a large table takes: training and scoring, in seconds" options (fun parsed ->
            let options = {
                Rows = parsed.GetRequiredValue rows
                Columns = parsed.GetRequiredValue columns
                Epochs = parsed.GetRequiredValue epochs
            }

            CommandLine.show (parsed.GetRequiredValue asJson) (Scale.measure options) ScaleReport.tables
            0)
