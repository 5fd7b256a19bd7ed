module Vae.Core.Tests.ArchitecturesTests

open System
open System.IO
open Expecto
open TorchSharp
open Vae.Core
open Vae.Testing

let private key = Key.ofSeed 23

let private residual (shape: int list) channels latent =
    Vae.create
        (Prior.standard latent)
        (Posterior.diagonalNormal (Net.residualEncoder channels 12))
        (Likelihood.gaussian 0.3 (Net.residualDecoderTo shape (List.rev channels)))

let private noise (shape: int list) count =
    let shape = shape |> List.map int64 |> List.toArray
    let values = Key.uniform Placement.float32 (Array.append [| int64 count |] shape) key
    Data.ofFloats "noise" shape [||] (Tensor.toArray values |> Array.map float32)

let tests =
    scoped
    <| testList "Architectures" [
        testCase "residual nets have the shapes of the data, for any depth and channels"
        <| fun () ->
            for shape, channels in
                [
                    [ 3; 32; 32 ], [ 8; 12; 16 ]
                    [ 3; 64; 64 ], [ 8; 8; 16; 16 ]
                    [ 1; 28; 28 ], [ 7; 1 ]
                    // Down to one pixel, where a group has no numbers but its channels.
                    [ 1; 8; 8 ], [ 4; 8; 16 ]
                ] do
                let image = shape |> List.map int64 |> List.toArray
                let encoder = Net.wire "encoder" image (Net.residualEncoder channels 9)
                Expect.equal encoder.Output [| 9L |] $"code of %A{shape}"
                let decoder = Net.wire "decoder" [| 2L |] (Net.residualDecoderTo shape (List.rev channels))
                Expect.equal decoder.Output image $"image of %A{shape}"

            let odd = Net.wire "encoder" [| 3L; 31L; 17L |] (Net.residualEncoder [ 4; 6 ] 5)
            Expect.equal odd.Output [| 5L |] "sides of any size"
            let grey = Net.residualDecoderTo [ 1; 28; 28 ] [ 8; 4 ]
            Expect.equal (string (Net.residualDecoder [ 8; 4 ])) (string grey) "28x28"

        testCase "what cannot be built is refused by name"
        <| fun () ->
            refused [ "channels"; "empty" ] (fun () -> Net.residualEncoder [] 4)
            refused [ "channels"; "empty" ] (fun () -> Net.residualDecoderTo [ 1; 8; 8 ] [])
            refused [ "shape"; "divisible by 8" ] (fun () -> Net.residualDecoderTo [ 3; 28; 28 ] [ 8; 8; 8 ])
            refused [ "shape"; "[channels; height; width]" ] (fun () -> Net.residualDecoderTo [ 28; 28 ] [ 8 ])

        testCase "a residual model of 3x32x32 trains, and is saved and loaded as it is"
        <| fun () ->
            let shape = [ 3; 32; 32 ]
            let data = noise shape 48
            let vae = residual shape [ 8; 16 ] 3
            let options = { TrainingOptions.defaults with Epochs = 4; BatchSize = 16; Seed = 2 }
            let run = Training.start options data vae |> Training.fit Objective.elbo (Optimizer.adam 2e-3)
            let totals = run.History |> List.map _.Total
            Expect.isTrue (totals |> List.forall Double.IsFinite) "numbers"
            Expect.isLessThan (List.last totals) totals.Head "it learns"
            let first = Vae.initial Placement.float32 (Steps.InitialKeyOf options) vae

            for p in Vae.declared vae |> List.filter _.Trained do
                Expect.isTrue ((run.Params[p.Path] - first[p.Path]).abs().sum().ToDouble() > 0.0) $"%s{p.Path} moved"

            let folder = Path.Combine(Path.GetTempPath(), "vae-" + Path.GetRandomFileName())

            try
                Saved.save folder run
                let again = Saved.load folder
                Expect.equal (Vae.describe again.Vae) (Vae.describe vae) "the model"

                let terms (run: Run) =
                    Objective.terms
                        key
                        run.Vae
                        run.Params
                        (Batch.ofX (Data.tensor Placement.float32 data))
                        Objective.elbo
                    |> TermValues.each

                Expect.equal (terms again) (terms run) "the same numbers"
            finally
                if Directory.Exists folder then
                    Directory.Delete(folder, true)
    ]
