/// Which examples the steps of an epoch see.
module Vae.Core.Tests.StepsTests

open Expecto
open TorchSharp
open Vae.Core
open Vae.Testing

let private vae =
    lazy
        (Vae.create
            (Prior.standard 2)
            (Posterior.diagonalNormal (Net.denseEncoder [ 4 ]))
            (Likelihood.gaussian 0.5 (Net.dense 1)))

/// Examples that are their own number.
let private stepsOf count batchSize =
    let data = Data.ofFloats "numbers" [| 1L |] [||] (Array.init count float32)
    let options = { TrainingOptions.defaults with Epochs = 3; BatchSize = batchSize; Seed = 5 }
    Training.start options data vae.Value |> Training.steps

let private batches (steps: Steps) epoch = [
    for place in 0 .. steps.PerEpoch - 1 ->
        (steps.Batch(int64 (epoch * steps.PerEpoch + place))).X |> Tensor.toArray |> Array.toList
]

let tests =
    scoped
    <| testList "Steps" [
        for count, batchSize, perEpoch in [ 9, 4, 3; 8, 4, 2; 7, 4, 2; 5, 4, 2; 4, 4, 1; 3, 4, 1; 5, 1, 5; 1, 1, 1 ] do
            testCase $"%d{count} examples in batches of %d{batchSize}"
            <| fun () ->
                let steps = stepsOf count batchSize
                Expect.equal steps.PerEpoch perEpoch "steps of an epoch"
                Expect.equal steps.Count (3L * int64 perEpoch) "steps of the run"

                for epoch in 0..2 do
                    let seen = batches steps epoch
                    Expect.equal (seen |> List.concat |> List.sort) [ for i in 0 .. count - 1 -> float i ] "each once"

                    for batch in List.truncate (perEpoch - 1) seen do
                        Expect.equal batch.Length batchSize "a whole batch"

        testCase "each epoch has an order of its own, and steps may be asked for in any order"
        <| fun () ->
            let steps = stepsOf 50 8
            let first, second = batches steps 0, batches steps 1
            Expect.notEqual first second "orders"
            Expect.notEqual (List.concat first) [ for i in 0..49 -> float i ] "an order that is none"
            Expect.equal (batches steps 0) first "again"
    ]
