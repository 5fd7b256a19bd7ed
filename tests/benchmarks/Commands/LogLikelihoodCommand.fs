namespace Vae.Benchmarks.Commands

open System
open System.CommandLine
open Vae.Benchmarks.LogLikelihood

[<RequireQualifiedAccess>]
module LogLikelihoodCommand =
    let private text name (description: string) (value: string) =
        Option<string>(name, Description = description, DefaultValueFactory = fun _ -> value)

    let create () =
        let data =
            Option<string>(
                "--data",
                Description = "A folder with the static binarized MNIST, or other images of 0 and 1, in IDX format",
                Required = true
            )

        let widths =
            Option<int[]>(
                "--widths",
                Description = "Hidden layers and the latent",
                DefaultValueFactory = fun _ -> [| 400; 40 |]
            )

        widths.AllowMultipleArgumentsPerToken <- true

        widths.Validators.Add(fun result ->
            let found = result.GetValueOrDefault<int[]>()

            if found.Length < 2 || found |> Array.exists (fun width -> width < 1) then
                result.AddError "--widths takes a hidden layer and a latent at least, each of 1 or more.")

        let activation = text "--activation" (String.Join(", ", LogLikelihood.activationNames)) "relu"
        activation.AcceptOnlyFromAmong(List.toArray LogLikelihood.activationNames) |> ignore
        let prior = text "--prior" "As `vae models` lists them" "standard"
        let posterior = text "--posterior" "As `vae models` lists them" "normal"
        let objective = text "--objective" "As `vae models` lists them" "elbo"
        let epochs = CommandLine.number "--epochs" "Epochs" 1 100
        let batch = CommandLine.number "--batch" "Images of a batch" 1 100

        let rate = CommandLine.positive "--rate" "Adam's learning rate, which falls along half a cosine" 1e-3
        let seed = CommandLine.number "--seed" "The seed" 0 1
        let samples = CommandLine.number "--samples" "Draws for log p(x) of each image" 1 200
        let images = CommandLine.number "--images" "Test images at most" 2 10_000
        let asJson = CommandLine.json ()

        let options: Option list = [
            data
            widths
            activation
            prior
            posterior
            objective
            epochs
            batch
            rate
            seed
            samples
            images
            asJson
        ]

        CommandLine.command "likelihood" "log p(x) of test images for a model of binary images" options (fun parsed ->
            let options = {
                Folder = parsed.GetRequiredValue data
                Widths = List.ofArray (parsed.GetRequiredValue widths)
                Activation = parsed.GetRequiredValue activation
                Prior = parsed.GetRequiredValue prior
                Posterior = parsed.GetRequiredValue posterior
                Objective = parsed.GetRequiredValue objective
                Epochs = parsed.GetRequiredValue epochs
                Batch = parsed.GetRequiredValue batch
                Rate = parsed.GetRequiredValue rate
                Seed = parsed.GetRequiredValue seed
                Samples = parsed.GetRequiredValue samples
                Images = parsed.GetRequiredValue images
            }

            let told (epoch: Vae.Core.Epoch) =
                let validation = epoch.Validation |> Option.map _.Total.Mean |> Option.defaultValue nan
                Console.Error.WriteLine $"epoch %d{epoch.Number}: %.2f{epoch.Total}, validation %.2f{validation}"

            let measured = LogLikelihood.measure options told

            CommandLine.show (parsed.GetRequiredValue asJson) measured (fun m -> [
                LogLikelihoodReport.table options m
            ])

            0)
