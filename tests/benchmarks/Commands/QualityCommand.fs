namespace Vae.Benchmarks.Commands

open System.CommandLine
open Vae.Benchmarks

[<RequireQualifiedAccess>]
module QualityCommand =
    let create () =
        let data =
            Option<string>(
                "--data",
                Description = "A folder with MNIST, or another set, in IDX format",
                Required = true
            )

        let target = CommandLine.positive "--target" "Nats per test image that are good enough" 165.0
        let rate = CommandLine.positive "--rate" "Adam's learning rate, before its schedule" 3e-3
        let batch = CommandLine.number "--batch" "Images of a batch" 1 64
        let epochs = CommandLine.number "--epochs" "Epochs of the schedule, and the most that are trained" 1 1
        let every = CommandLine.number "--every" "Steps between evaluations" 1 100
        let asJson = CommandLine.json ()

        let options: Option list = [ data; target; rate; batch; epochs; every; asJson ]

        CommandLine.command
            "quality"
            "Seconds from the start of a process until held-out images are coded well enough"
            options
            (fun parsed ->
                let options = {
                    Folder = parsed.GetRequiredValue data
                    Target = parsed.GetRequiredValue target
                    Rate = parsed.GetRequiredValue rate
                    Batch = parsed.GetRequiredValue batch
                    Epochs = parsed.GetRequiredValue epochs
                    Every = parsed.GetRequiredValue every
                }

                let measured = Quality.measure options
                CommandLine.show (parsed.GetRequiredValue asJson) measured (fun q -> [ QualityReport.table options q ])
                if measured.Reached then 0 else 1)
