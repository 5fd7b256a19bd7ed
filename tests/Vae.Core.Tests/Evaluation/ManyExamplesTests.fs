/// What is computed of a data set part by part is what its parts say.
module Vae.Core.Tests.ManyExamplesTests

open Expecto
open TorchSharp
open Vae.Core
open Vae.Testing

let private key = Key.ofSeed 41

let private data =
    lazy
        (use _ = torch.NewDisposeScope()
         let numbers = Key.uniform Placement.float32 [| 4L * 1230L |] key |> Tensor.toArray
         Data.ofFloats "many" [| 4L |] [||] (Array.map float32 numbers))

let private run =
    lazy
        (Vae.create
            (Prior.standard 2)
            (Posterior.diagonalNormal (Net.denseEncoder [ 4 ]))
            (Likelihood.gaussian 0.5 (Net.dense 4))
         |> Training.untrained { TrainingOptions.defaults with Epochs = 1; BatchSize = 8 })

let private agree (expected: float[]) (actual: float[]) =
    Expect.equal actual.Length expected.Length "how many"
    Array.iter2 (fun e a -> isClose 1e-5 e a "number") expected actual

let tests =
    scoped
    <| testList "Many examples" [
        testCase "encodings are those of each part of the data"
        <| fun () ->
            let data, run = data.Value, run.Value
            let whole = Evaluation.encode run data
            Expect.equal whole.shape [| 1230L; 2L |] "shape"

            [| 0; 137; 499; 500; 501; 999; 1000; 1229 |]
            |> Array.iter (fun i ->
                let alone = Evaluation.encode run (Data.slice i 1 data)
                agree (Tensor.toArray (alone[0L])) (Tensor.toArray (whole[int64 i])))

        testCase "every number of examples has as many results"
        <| fun () ->
            for count in [ 1; 250; 251; 500; 501; 502; 1000; 1001 ] do
                let data = Data.take count data.Value
                Expect.equal (Evaluation.encode run.Value data).shape [| int64 count; 2L |] "encodings"
                Expect.equal (ImportanceSampling.ofData 1 key run.Value data).Length count "estimates"

        testCase "each 250 examples have noise of their own in importance sampling"
        <| fun () ->
            let data, run = data.Value, run.Value
            let whole = ImportanceSampling.ofData 3 key run data

            for part, (start, count) in List.indexed [ 0, 250; 250, 250; 500, 250; 750, 250; 1000, 230 ] do
                let x = Data.range Placement.float32 start count data

                agree
                    (ImportanceSampling.ofBatch 500 3 (Key.fold part key) run (Batch.ofX x))
                    (Array.sub whole start count)

            Expect.equal whole.Length 1230 "how many"
    ]
