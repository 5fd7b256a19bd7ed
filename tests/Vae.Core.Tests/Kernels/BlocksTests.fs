module Vae.Core.Tests.Kernels.BlocksTests

open Expecto
open Vae.Core

let tests =
    testList "Blocks" [
        for examples, channels, pixels in [ 1, 1, 1; 64, 5, 1; 65, 3, 7; 130, 70, 2 ] do
            testCase $"%d{examples} examples of %d{channels} channels and %d{pixels} pixels come back as they were"
            <| fun () ->
                let extent = { Channels = channels; Pixels = pixels }
                let rows = Buffer(examples * extent.Size)
                let blocks = Buffer(Blocks.count examples * Tile.Lanes * extent.Size)

                for i in 0 .. rows.Count - 1 do
                    rows.Span[i] <- float32 i

                blocks.Span.Fill nanf
                Blocks.gather examples extent rows.Start blocks.Start
                let last = examples - 1
                let lane = (last / 64 * extent.Size + (pixels - 1) * channels) * 64 + last % 64
                Expect.equal blocks.Span[lane] rows.Span[last * extent.Size + pixels - 1] "channel 0 of the last pixel"
                let empty = blocks.Span.ToArray() |> Array.filter (fun v -> v = 0.0f)
                Expect.hasLength empty (blocks.Count - rows.Count + 1) "lanes without examples are zeros"
                let back = Buffer rows.Count
                Blocks.scatter examples extent blocks.Start back.Start
                Expect.equal (back.Span.ToArray()) (rows.Span.ToArray()) "there and back"
    ]
