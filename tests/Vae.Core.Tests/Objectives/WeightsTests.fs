/// The weights of terms in the loss that training makes small.
module Vae.Core.Tests.WeightsTests

open Expecto
open TorchSharp
open Vae.Core
open Vae.Testing

let private vae =
    Vae.create
        (Prior.standard 2)
        (Posterior.diagonalNormal (Net.denseEncoder [ 4 ]))
        (Likelihood.bernoulliCrossEntropy (Net.denseDecoder [ 4 ]))

let private options = { TrainingOptions.defaults with Epochs = 1; BatchSize = 8 }

let tests =
    scoped
    <| testList "Weights of terms" [
        testCase "the loss is the sum of each term's mean by its weight, and weights multiply"
        <| fun () ->
            use parameters = (Training.untrained options vae).Params
            let x = Data.range Placement.float32 0 8 (Digits.draw (Key.ofSeed 7) 8)
            let terms objective = Objective.terms (Key.ofSeed 5) vae parameters (Batch.ofX x) objective

            let mean name =
                terms Objective.elbo |> List.find (fun t -> t.Name = name) |> (fun t -> number (t.Nats.Mean()))

            let reconstruction, kl = mean "reconstruction", mean "kl"
            Expect.isGreaterThan kl 1e-3 "a KL that tells"

            for objective, weight in
                [
                    Objective.elbo, 1.0
                    Objective.beta 400.0 Objective.elbo, 400.0
                    Objective.beta 0.0 Objective.elbo, 0.0
                    Objective.beta 20.0 (Objective.beta 30.0 Objective.elbo), 600.0
                ] do
                isClose 1e-5 (reconstruction + weight * kl) (number (Objective.loss (terms objective))) objective.Name
    ]
