// A first variational autoencoder, on digits that the library draws itself, in less than half a minute.
//   dotnet build -c Release src/Vae.Core && dotnet fsi scripts/first-vae.fsx
#load "load.fsx"

open Vae.Core

let train, test = Digits.draw (Key.ofSeed 7) 2_000 |> Data.split 0.9

let vae =
    Vae.create
        (Prior.gaussian [ [ 1.0; 0.4 ]; [ 0.4; 0.5 ] ])
        (Posterior.diagonalNormal (Net.denseEncoder [ 256; 64 ]))
        (Likelihood.bernoulliCrossEntropy (Net.denseDecoder [ 64; 256 ]))

printfn "%s\n" (Vae.describe vae)

let observe (report: Report) =
    report.Completed
    |> Option.iter (fun epoch ->
        printfn "epoch %d: %.2f nats per image in %.1f s" epoch.Number epoch.Total report.Elapsed.TotalSeconds)

let run =
    vae
    |> Training.start { TrainingOptions.defaults with Seed = 42; Epochs = 3 } train
    |> Training.fitWith observe Objective.elbo (Optimizer.adam 1e-3)

printfn "\n%O" (Evaluation.elbo run test)
