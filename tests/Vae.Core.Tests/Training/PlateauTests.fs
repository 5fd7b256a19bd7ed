module Vae.Core.Tests.PlateauTests

open Expecto
open Vae.Core
open Vae.Testing

let private data, private validation = Digits.draw (Key.ofSeed 7) 100 |> Data.split 0.8

let private vae =
    lazy
        (Vae.create
            (Prior.standard 2)
            (Posterior.diagonalNormal (Net.denseEncoder [ 8 ]))
            (Likelihood.bernoulliCrossEntropy (Net.denseDecoder [ 8 ])))

let private options = {
    TrainingOptions.defaults with
        Epochs = 12
        BatchSize = 32
        Validation = Some validation
}

/// So high a rate that validation moves up and down.
let private optimizer = Optimizer.adam 0.5 |> Optimizer.plateau 0.5 1

let private rates patience totals =
    [ 0 .. List.length totals ]
    |> List.map (fun n -> Plateau.factor { Factor = 0.5; Patience = patience } (List.take n totals))

let tests =
    testList "Plateau" [
        testCase "the rate falls after so many epochs without a better total, and they are counted anew"
        <| fun () ->
            Expect.equal
                (rates 2 [ 5.0; 4.0; 4.0; 4.5; 4.5; 4.5; 3.0; 3.0 ])
                [ 1.0; 1.0; 1.0; 1.0; 0.5; 0.5; 0.25; 0.25; 0.25 ]
                "equal is no better"

            Expect.equal
                (rates 2 [ 5.0; nan; 6.0; 4.0; nan; nan ])
                [ 1.0; 1.0; 1.0; 0.5; 0.5; 0.5; 0.25 ]
                "nor is what is no number"

        testCase "training goes by it"
        <| fun () ->
            let run = Training.start options data vae.Value |> Training.fit Objective.elbo optimizer
            let totals = run.History |> List.map _.Validation.Value.Total.Mean
            Expect.equal (run.History |> List.map _.Rate) (rates 1 totals |> List.take 12 |> List.map ((*) 0.5)) "rates"
            Expect.isLessThan (List.last run.History).Rate 0.5 "it fell"

        testCase "it takes validation data"
        <| fun () ->
            refused [ "optimizer"; "plateau"; "validation" ] (fun () ->
                Training.start { options with Validation = None } data vae.Value
                |> Training.fit Objective.elbo optimizer)

        testCase "a run goes on by its own validation data"
        <| fun () ->
            use snapshot =
                Training.start options data vae.Value
                |> Training.reports Objective.elbo optimizer
                |> Seq.pick (fun report -> Some(report.Snapshot()))

            refused [ "Validation"; Data.hash validation ] (fun () ->
                Training.start { options with Validation = Some(Data.take 7 validation) } data vae.Value
                |> Training.resume snapshot)

        testCase "what is out of range is refused by name"
        <| fun () ->
            refused [ "factor"; "1" ] (fun () -> Optimizer.adam 0.1 |> Optimizer.plateau 1.0 2)
            refused [ "patience"; "0" ] (fun () -> Optimizer.adam 0.1 |> Optimizer.plateau 0.1 0)
    ]
