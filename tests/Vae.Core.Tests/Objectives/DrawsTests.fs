/// Objectives of several draws are means over them, and epochs are means over their examples.
module Vae.Core.Tests.DrawsTests

open Expecto
open TorchSharp
open Vae.Core
open Vae.Testing

let private data = Digits.draw (Key.ofSeed 7) 10

let private vae =
    Vae.create
        (Prior.standard 2)
        (Posterior.diagonalNormal (Net.denseEncoder [ 4 ]))
        (Likelihood.bernoulliCrossEntropy (Net.denseDecoder [ 4 ]))

let private options = { TrainingOptions.defaults with Seed = 3; Epochs = 1; BatchSize = 4 }

/// Parameters of 0: q is p and every pixel's logit 0, whatever the draws are.
let private indifferent () =
    let parameters = (Training.untrained options vae).Params
    use _ = torch.no_grad ()
    parameters.Trained.zero_ () |> ignore
    parameters

let private score = 784.0 * log 2.0

let tests =
    scoped
    <| testList "Draws and epochs" [
        for draws in [ 1; 2; 5 ] do
            testCase $"what no draw changes is the same with %d{draws}"
            <| fun () ->
                use parameters = indifferent ()

                let measured = Measurement.take (Objective.elboOf draws) (Key.ofSeed 1) vae parameters data

                isClose 1e-6 score (measured.Term "reconstruction").Mean "reconstruction"
                isClose 1e-6 score measured.Total.Mean "total"

        testCase "an epoch's terms are means over its examples, also where its last batch is smaller"
        <| fun () ->
            let run =
                Training.start { options with Epochs = 2 } data vae
                |> Training.fit Objective.elbo (Optimizer.sgd 1e-8)

            // The rate moves next to nothing: each epoch is the untrained model over all the data.
            for epoch in run.History do
                let reconstruction = epoch.Terms |> List.find (fun (name, _) -> name = "reconstruction") |> snd
                Expect.isLessThan (abs (reconstruction - score)) (0.05 * score) "reconstruction"
                Expect.isLessThan (abs (epoch.Total - score)) (0.05 * score) "total"

        testCase "a report within an epoch is of the mean over the examples so far"
        <| fun () ->
            let reports =
                Training.start options data vae
                |> Training.reports Objective.elbo (Optimizer.sgd 1e-8)
                |> Seq.map (fun report -> report.Examples, report.Total, List.sumBy snd report.Terms)
                |> Seq.toList

            Expect.equal (reports |> List.map (fun (examples, _, _) -> examples)) [ 4; 8; 10 ] "examples"

            for _, total, terms in reports do
                Expect.isLessThan (abs (total - score)) (0.05 * score) "total"
                isClose 1e-9 total terms "terms"
    ]
