namespace Vae.Benchmarks.Commands

open System.CommandLine
open Vae.Benchmarks

[<RequireQualifiedAccess>]
module QualityCommand =
    let private real name (description: string) (value: float) =
        let option = Option<float>(name, Description = description, DefaultValueFactory = fun _ -> value)

        option.Validators.Add(fun result ->
            if not (result.GetValueOrDefault<float>() > 0.0) then
                result.AddError $"%s{name} is %g{result.GetValueOrDefault<float>()}; expected a positive number.")

        option

    let create () =
        let data =
            Option<string>(
                "--data",
                Description = "A folder with MNIST, or another set, in IDX format",
                Required = true
            )

        let target = real "--target" "Nats per test image that are good enough" 165.0
        let rate = real "--rate" "Adam's learning rate, before its schedule" 3e-3
        let batch = CommandLine.number "--batch" "Images of a batch" 1 64
        let epochs = CommandLine.number "--epochs" "Epochs of the schedule, and the most that are trained" 1 1
        let every = CommandLine.number "--every" "Steps between evaluations" 1 100
        let asJson = CommandLine.json ()

        let command =
            Command("quality", "Seconds from the start of a process until held-out images are coded well enough")

        for option in ([ data; target; rate; batch; epochs; every; asJson ]: Option list) do
            command.Options.Add option

        command.SetAction(fun parsed ->
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

        command
