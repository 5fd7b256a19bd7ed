namespace Vae.Benchmarks.Commands

open System
open System.CommandLine
open System.IO
open Vae.Benchmarks.Imputation

[<RequireQualifiedAccess>]
module ImputationCommand =
    let create () =
        let data =
            Option<string[]>(
                "--data",
                Description = "Files of tables; of an archive of NumPy the column y is left out",
                Required = true,
                AllowMultipleArgumentsPerToken = true
            )

        data.Validators.Add(fun result ->
            for file in result.GetValueOrDefault<string[]>() do
                if not (File.Exists file) then
                    result.AddError $"--data is '%s{file}', and there is no such file; expected a table.")

        let seeds = CommandLine.number "--seeds" "Seeds" 1 3
        let share = CommandLine.positive "--share" "The share of the cells that is removed" 0.2

        share.Validators.Add(fun result ->
            if result.GetValueOrDefault<float>() >= 1.0 then
                result.AddError "--share is 1 or more; expected a share below 1.")

        let asJson = CommandLine.json ()
        let options: Option list = [ data; seeds; share; asJson ]

        CommandLine.command "imputation" "How well holes of tables are filled" options (fun parsed ->
            let options = {
                Files = parsed.GetRequiredValue data |> List.ofArray
                Seeds = parsed.GetRequiredValue seeds
                Share = parsed.GetRequiredValue share
            }

            let measured = ImputationErrors.measure options (fun line -> Console.Error.WriteLine line)
            CommandLine.show (parsed.GetRequiredValue asJson) measured (ImputationReport.tables options)
            0)
