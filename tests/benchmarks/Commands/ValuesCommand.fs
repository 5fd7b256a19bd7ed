namespace Vae.Benchmarks.Commands

open System.CommandLine
open Vae.Benchmarks.Values

[<RequireQualifiedAccess>]
module ValuesCommand =
    let create () =
        let only, asJson = CommandLine.only (), CommandLine.json ()
        let rounds = CommandLine.number "--rounds" "Rounds of steps that take turns" 1 20

        let command =
            Command(
                "values",
                "What distributions as values cost a training step, against their formulas written in place"
            )

        for option in ([ only; rounds; asJson ]: Option list) do
            command.Options.Add option

        command.SetAction(fun parsed ->
            Vae.Core.Native.load ()

            let comparisons =
                CommandLine.chosen only parsed |> List.map (ValuesComparison.run (parsed.GetRequiredValue rounds))

            CommandLine.show (parsed.GetRequiredValue asJson) comparisons (List.map ValuesReport.table))

        command
