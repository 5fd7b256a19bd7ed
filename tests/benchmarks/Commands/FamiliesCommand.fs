namespace Vae.Benchmarks.Commands

open System
open System.CommandLine
open Vae.Benchmarks.Families

[<RequireQualifiedAccess>]
module FamiliesCommand =
    let create () =
        let train = CommandLine.number "--images" "Digits to train on" 100 2000
        let heldOut = CommandLine.number "--held-out" "Digits to measure on" 2 500
        let epochs = CommandLine.number "--epochs" "Epochs" 1 10
        let seeds = CommandLine.number "--seeds" "Seeds, from 1 on" 2 3
        let samples = CommandLine.number "--samples" "Draws for log p(x)" 1 100
        let asJson = CommandLine.json ()

        let options: Option list = [ train; heldOut; epochs; seeds; samples; asJson ]

        CommandLine.command
            "families"
            "Every objective and family on drawn digits: bounds, log p(x), KL, active units, step times"
            options
            (fun parsed ->
                let options = {
                    Train = parsed.GetRequiredValue train
                    HeldOut = parsed.GetRequiredValue heldOut
                    Epochs = parsed.GetRequiredValue epochs
                    Seeds = parsed.GetRequiredValue seeds
                    Samples = parsed.GetRequiredValue samples
                }

                let told (family: Family) =
                    Console.Error.WriteLine $"%s{family.Group} %s{family.Name}: %.2f{family.Total.Mean}"

                let measured = Families.measure options told

                CommandLine.show (parsed.GetRequiredValue asJson) measured (fun all -> [
                    FamiliesReport.table options all
                ])

                0)
