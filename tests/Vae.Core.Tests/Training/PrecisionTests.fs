module Vae.Core.Tests.PrecisionTests

open System
open Expecto
open TorchSharp
open Vae.Core
open Vae.Testing

let private isThere =
    lazy
        (try
            Precision.check Placement.float32 Precision.BFloat16
            true
         with :? ArgumentException ->
             false)

let private needed () =
    if not isThere.Value then
        skiptest "this processor does not multiply in bfloat16"

let private data = lazy (Digits.draw (Key.ofSeed 7) 256)

let private model encoder decoder =
    Vae.create (Prior.standard 2) (Posterior.diagonalNormal encoder) (Likelihood.bernoulliCrossEntropy decoder)

let private dense = lazy (model (Net.denseEncoder [ 64; 32 ]) (Net.denseDecoder [ 32; 64 ]))

let private trained precision vae =
    vae
    |> Training.start
        {
            TrainingOptions.defaults with
                Epochs = 2
                BatchSize = 64
                Precision = precision
        }
        data.Value
    |> Training.fit Objective.elbo (Optimizer.adam 1e-3)

let tests =
    testList "Precision" [
        testCase "bfloat16 is refused with parameters of another precision than single"
        <| fun () ->
            refused [ "Precision"; "bfloat16"; "Float64" ] (fun () ->
                Precision.check Placement.float64 Precision.BFloat16)

        testCase "gradients in bfloat16 are those of single precision, to its rounding"
        <| fun () ->
            needed ()
            use _ = torch.NewDisposeScope()
            let vae = dense.Value
            let parameters = Vae.initial Placement.float32 (Key.ofSeed 1) vae
            let x = Data.tensor Placement.float32 data.Value

            let gradient (at: Tensor -> Params) =
                Diff.grad
                    (fun flat ->
                        Objective.terms (Key.ofSeed 2) vae (at flat) (Batch.ofX x) Objective.elbo |> Objective.loss)
                    parameters.Trained

            let single, rounded = gradient parameters.With, gradient parameters.WithRounded
            Expect.equal rounded.dtype torch.ScalarType.Float32 "it is in single precision"
            let error = Tensor.toFloat ((single - rounded).norm() / single.norm ())
            // Each factor is rounded to 8 bits, 2^-9 of itself at most, through five layers both ways.
            Expect.isLessThan error 0.02 "relative error"
            Expect.isGreaterThan error 1e-5 "it is rounded"

        testCase "convolutions, and the layers next to them, are as in single precision"
        <| fun () ->
            needed ()

            let isRounded part =
                match part with
                | FusedNet.Rounded _ -> true
                | _ -> false

            let wired = Net.wire "net" [| 1L; 28L; 28L |] (Net.convEncoder [ 32; 64 ] 16)
            Expect.isFalse (List.exists isRounded wired.RoundedParts) "convolutional"
            let wired = Net.wire "net" [| 1L; 28L; 28L |] (Net.denseEncoder [ 64 ])
            Expect.isTrue (List.exists isRounded wired.RoundedParts) "dense"

        testCase "a run in bfloat16 keeps its parameters in single precision, and learns as one in it does"
        <| fun () ->
            needed ()
            let rounded, single = trained Precision.BFloat16 dense.Value, trained Precision.Full dense.Value
            Expect.equal rounded.Params.Placement.DType torch.ScalarType.Float32 "parameters"
            let total (run: Run) = (List.last run.History).Total
            Expect.notEqual (total rounded) (total single) "it is rounded"
            Expect.isLessThan (abs (total rounded / total single - 1.0)) 0.01 "totals"
            rounded.Params |> fun p -> (p :> IDisposable).Dispose()
            single.Params |> fun p -> (p :> IDisposable).Dispose()
    ]
