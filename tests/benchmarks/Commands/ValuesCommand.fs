namespace Vae.Benchmarks.Commands

open System.CommandLine
open Vae.Benchmarks.Values

[<RequireQualifiedAccess>]
module ValuesCommand =
    let create () =
        let only, asJson = CommandLine.only (), CommandLine.json ()
        let rounds = CommandLine.number "--rounds" "Rounds of steps that take turns" 1 20

        let options: Option list = [ only; rounds; asJson ]

        CommandLine.command
            "values"
            "What distributions as values cost a training step, against their formulas written in place"
            options
            (fun parsed ->
                Vae.Core.Native.load ()

                let comparisons =
                    CommandLine.chosen only parsed |> List.map (ValuesComparison.run (parsed.GetRequiredValue rounds))

                CommandLine.show (parsed.GetRequiredValue asJson) comparisons (List.map ValuesReport.table)
                0)
