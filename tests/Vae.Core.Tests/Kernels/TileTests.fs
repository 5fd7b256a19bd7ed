module Vae.Core.Tests.Kernels.TileTests

open System
open Expecto
open Vae.Core

let private numbers seed count =
    let random = Random(seed: int)
    let buffer = Buffer count

    for i in 0 .. count - 1 do
        buffer.Span[i] <- float32 (random.NextDouble() - 0.5)

    buffer

let tests =
    testList "Tile" [
        for count in 1..6 do
            testCase $"%d{count} rows are the sums of products at the terms' offsets, and are added to where asked"
            <| fun () ->
                Kernel.needed ()
                let rowOffsets = [| 3; 0; 11; 7 |]
                let laneOffsets = [| 128; 0; 64; 192 |]
                let terms = Terms(rowOffsets, laneOffsets)
                let stride = 20
                let rows, lanes, into = numbers 1 (6 * stride), numbers 2 256, numbers 3 (6 * 64)
                let before = into.Span.ToArray()
                Tile.compute count rows.Start stride lanes.Start terms into.Start true

                for i in 0..5 do
                    for l in 0..63 do
                        let sum =
                            Array.zip rowOffsets laneOffsets
                            |> Array.sumBy (fun (r, o) -> rows.Span[i * stride + r] * lanes.Span[o + l])

                        let expected = before[64 * i + l] + (if i < count then sum else 0.0f)
                        Expect.floatClose Accuracy.medium (float into.Span[64 * i + l]) (float expected) "sum"

                Tile.compute count rows.Start stride lanes.Start (Terms([||], [||])) into.Start false
                Expect.isTrue (Seq.forall ((=) 0.0f) (into.Span.Slice(0, 64 * count).ToArray())) "no terms: zeros"

        testCase "terms keep their offsets through garbage collections"
        <| fun () ->
            Kernel.needed ()
            let terms = Terms([| 1; 2 |], [| 64; 0 |])
            GC.Collect()
            let rows, lanes, into = numbers 1 8, numbers 2 128, numbers 3 64
            Tile.compute 1 rows.Start 0 lanes.Start terms into.Start false
            let expected = rows.Span[1] * lanes.Span[64] + rows.Span[2] * lanes.Span[0]
            Expect.floatClose Accuracy.medium (float into.Span[0]) (float expected) "first lane"
    ]
