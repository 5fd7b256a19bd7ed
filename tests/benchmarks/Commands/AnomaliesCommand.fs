namespace Vae.Benchmarks.Commands

open System
open System.CommandLine
open System.IO
open Vae.Benchmarks.Anomalies

[<RequireQualifiedAccess>]
module AnomaliesCommand =
    let create () =
        let data =
            Option<string>(
                "--data",
                Description = "A folder of ADBench's sets, archives of NumPy with X and y (1 for an anomaly)",
                Required = true
            )

        data.Validators.Add(fun result ->
            let folder = result.GetValueOrDefault<string>()

            if not (Directory.Exists folder && not (List.isEmpty (AnomalySet.files folder))) then
                result.AddError $"--data is '%s{folder}', which holds no .npz; expected a folder of ADBench's sets.")

        let seeds = CommandLine.number "--seeds" "Seeds" 1 5
        let only = Option<string[]>("--only", Description = "What the names of sets begin with, such as 45_")
        only.AllowMultipleArgumentsPerToken <- true

        only.Validators.Add(fun result ->
            match result.GetValue data with
            | null -> ()
            | folder when not (Directory.Exists folder) -> ()
            | folder ->
                let files = AnomalySet.files folder

                for words in result.GetValueOrDefault<string[]>() do
                    if not (files |> List.exists (fun file -> AnomalySet.isCalled file words)) then
                        let known = files |> List.map AnomalySet.nameOf |> String.concat ", "
                        result.AddError $"--only is '%s{words}'; expected the beginning of a set's name: %s{known}.")

        let asJson = CommandLine.json ()
        let options: Option list = [ data; seeds; only; asJson ]

        CommandLine.command
            "anomalies"
            "How well anomalies of tables are told, beside published results"
            options
            (fun parsed ->
                let options = {
                    Folder = parsed.GetRequiredValue data
                    Seeds = parsed.GetRequiredValue seeds
                    Only = parsed.GetValue only |> Option.ofObj |> Option.map List.ofArray |> Option.defaultValue []
                }

                let measured = Anomalies.measure options (fun line -> Console.Error.WriteLine line)
                CommandLine.show (parsed.GetRequiredValue asJson) measured (AnomaliesReport.tables options)
                0)
