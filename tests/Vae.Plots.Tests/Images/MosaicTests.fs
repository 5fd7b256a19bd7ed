module Vae.Plots.Tests.MosaicTests

open Expecto
open Vae.Plots

let private g = Mosaic.gapLevel
let private tile (level: float32) = Array.create 2 level

let tests =
    testList "Mosaic" [
        testCase "tiles fill rows, with one pixel between them"
        <| fun () ->
            let raster = Mosaic.grid 2 1 2 [| tile 0.0f; [| 0.2f; 1.0f |]; tile 0.4f |]
            Expect.equal (raster.Width, raster.Height) (5, 3) "size"

            Expect.equal
                raster.Pixels
                (Array.concat [ [| 0uy; 0uy; g; 51uy; 255uy |]; [| g; g; g; g; g |]; [| 102uy; 102uy; g; g; g |] ])
                "two above, one below"

        testCase "fewer images than columns make a narrower grid"
        <| fun () ->
            let raster = Mosaic.grid 2 1 10 [| tile 0.0f; tile 1.0f |]
            Expect.equal (raster.Width, raster.Height) (5, 1) "size"

        testCase "a pair stands closer than two pairs"
        <| fun () ->
            let raster = Mosaic.pairs 2 1 1 [| tile 0.2f; tile 0.6f |] [| tile 0.4f; tile 0.8f |]
            Expect.equal (raster.Width, raster.Height) (2, 11) "3 rows, 5 of a gap, 3 rows"
            let rows = raster.Pixels |> Array.chunkBySize 2 |> Array.map Array.head

            Expect.equal
                rows
                [| 51uy; g; 102uy; g; g; g; g; g; 153uy; g; 204uy |]
                "original, reconstruction, original, reconstruction"

        testCase "pixels beyond black and white are drawn as those"
        <| fun () ->
            let raster = Mosaic.grid 2 1 1 [| [| -0.5f; 1.5f |] |]
            Expect.equal raster.Pixels [| 0uy; 255uy |] "clamped"

        testCase "enlarging repeats every pixel in a square"
        <| fun () ->
            let raster = Mosaic.enlarge 2 { Width = 2; Height = 1; Pixels = [| 3uy; 9uy |] }
            Expect.equal (raster.Width, raster.Height) (4, 2) "size"
            Expect.equal raster.Pixels [| 3uy; 3uy; 9uy; 9uy; 3uy; 3uy; 9uy; 9uy |] "pixels"

        testCase "what is enlarged to be readable stays within 1200 pixels, and large pictures as they are"
        <| fun () ->
            let readable width =
                (Mosaic.toReadable { Width = width; Height = 1; Pixels = Array.zeroCreate width }).Width

            Expect.equal (List.map readable [ 28; 290; 600; 601; 1300 ]) [ 224; 1160; 1200; 601; 1300 ] "widths"
    ]
