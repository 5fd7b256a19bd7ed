module Vae.Cli.Tests.EncodeCommandTests

open System.IO
open Expecto
open VaeFunctional

let tests =
    testList "encode" [
        test "a row for each held-out image: its label and its posterior mean" {
            Studies.withRun (fun data run ->
                let file = Path.Combine(run, "latents.csv")
                Cli.ok [ "encode"; run; "--data"; data; "--output"; file; "--quiet" ] |> ignore
                let rows = File.ReadAllLines file |> Array.map _.Split(',')
                let struct (_, heldOut) = Idx.Load data
                use model = VaeModel.Load run
                let latents = model.Encode heldOut

                Expect.equal rows.[0] [| "label"; "z0"; "z1" |] "columns"
                Expect.hasLength rows (1 + heldOut.Count) "rows"

                for i in 0 .. heldOut.Count - 1 do
                    Expect.equal (int rows.[i + 1].[0]) (heldOut.Labels.Item i) "label"
                    Expect.equal (Array.map float32 rows.[i + 1].[1..]) latents.[i] "latent, to the last bit")
        }

        test "a run's own data is taken where none is named" {
            Studies.withRun (fun data run ->
                let encoded name extra =
                    let file = Path.Combine(run, name)
                    Cli.ok ([ "encode"; run; "--output"; file; "--quiet" ] @ extra) |> ignore
                    File.ReadAllText file

                Expect.equal (encoded "a.csv" []) (encoded "b.csv" [ "--data"; data ]) "latents")
        }

        test "a folder is no file" {
            Studies.withRun (fun _ run -> Cli.refused 1 [ "is a folder" ] [ "encode"; run; "--output"; run ])
        }
    ]
