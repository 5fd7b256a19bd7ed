module Vae.Plots.Tests.FigureTests

open System
open System.IO
open Expecto
open Vae.Plots

let private image level = Array.create 4 (level: float32)

let tests =
    testList "Figure" [
        testCase "an image is saved as a PNG of its pixels"
        <| fun () ->
            FilesTests.inFolder (fun folder ->
                let figure = Figures.ImageGrid("samples", "Samples", "", [| image 0.0f; image 1.0f |], 2, 2, 2)
                let paths = figure.Save folder
                Expect.equal paths [| Path.Combine(folder, "samples.png") |] "path"
                let width, height, pixels = PngTests.decode (File.ReadAllBytes paths[0])
                Expect.equal (width, height) (8 * 5, 8 * 2) "two tiles and a gap, eight times as large"
                Expect.equal (pixels[0], pixels[39]) (0uy, 255uy) "black, then white")

        testCase "several images are numbered"
        <| fun () ->
            FilesTests.inFolder (fun folder ->
                let grids = [| [| image 0.0f |]; [| image 1.0f |] |]
                let figure = Figures.ImageGrids("slices", "", "", [| "z3 = -1"; "z3 = 1" |], grids, 2, 2, 1)
                let names = figure.Save folder |> Array.map Path.GetFileName
                Expect.equal names [| "slices-1.png"; "slices-2.png" |] "names")

        testCase "a chart is saved as an SVG, a three-dimensional one with three frames"
        <| fun () ->
            FilesTests.inFolder (fun folder ->
                let points = [| [| 0.0f; 1.0f; 2.0f |]; [| 1.0f; 0.0f; 1.0f |] |]
                let figure = Figures.Scatter3D("cloud", "", "", points, [| 0; 1 |], [| "a"; "b" |])
                let svg = figure.Save folder |> Array.exactlyOne |> File.ReadAllText
                Expect.hasLength (svg.Split "class=\"frame\"") 4 "frames and one")

        testCase "a name that is no file name is refused"
        <| fun () ->
            for name in [ ""; "../up"; "a b"; "a.png"; "ä" ] do
                Expect.throwsT<ArgumentException>
                    (fun () -> Figures.ImageGrid(name, "", "", [| image 0.0f |], 2, 2, 1) |> ignore)
                    name
    ]
