module Vae.Plots.Tests.FiguresTests

open System
open Expecto
open Vae.Plots

let private image = Array.create 4 0.5f
let private point x y = [| x; y |]: float32[]
let private identity = array2D [ [ 1.0; 0.0 ]; [ 0.0; 1.0 ] ]

let private curve: LossCurve = {
    Epoch = [| 1.0; 2.0 |]
    Total = [| 9.0; 7.0 |]
    Reconstruction = [| 8.0; 5.0 |]
    Kl = [| 1.0; 2.0 |]
}

/// Refused by an error about this argument whose message holds this.
let private refused (argument: string) (fragment: string) (make: unit -> Figure) =
    let e = Expect.throwsC (make >> ignore) (fun e -> e :?> ArgumentException)
    Expect.equal e.ParamName argument "the argument"
    Expect.stringContains e.Message fragment "the message"

let private panels (figure: Figure) =
    match figure.Drawing with
    | Panels panels -> panels
    | _ -> failtest "a chart was expected"

let tests =
    testList "Figures" [
        testCase "images of another size, ragged or with NaN are refused"
        <| fun () ->
            let grid images () = Figures.ImageGrid("a", "", "", images, 2, 2, 3)
            refused "images" "empty" (grid [||])
            refused "images" "row 1 has 3 pixels" (grid [| image; [| 0.0f; 0.0f; 0.0f |] |])
            refused "images" "element 2 of row 0 is NaN" (grid [| [| 0.0f; 0.0f; nanf; 0.0f |] |])
            refused "images" "more than" (fun () -> Figures.ImageGrid("a", "", "", [| image |], 65536, 65536, 1))
            refused "columns" "at least 1" (fun () -> Figures.ImageGrid("a", "", "", [| image |], 2, 2, 0))
            refused "width" "at least 1" (fun () -> Figures.ImageGrid("a", "", "", [| image |], -2, -2, 1))

        testCase "as many reconstructions as originals, as many labels as grids"
        <| fun () ->
            refused "reconstructions" "1 of them, but 2 originals" (fun () ->
                Figures.Reconstructions("a", "", "", [| image; image |], [| image |], 2, 2, 1))

            refused "labels" "1 of them, but 2 grids" (fun () ->
                Figures.ImageGrids("a", "", "", [| "x" |], [| [| image |]; [| image |] |], 2, 2, 1))

            refused "grids[1]" "row 0 has 0 pixels" (fun () ->
                Figures.ImageGrids("a", "", "", [| "x"; "y" |], [| [| image |]; [| [||] |] |], 2, 2, 1))

        testCase "the caption of reconstructions says which row is which"
        <| fun () ->
            let figure = Figures.Reconstructions("a", "", "Ten of them.", [| image |], [| image |], 2, 2, 1)
            Expect.stringStarts figure.Caption "Ten of them. In each pair of rows the originals are above" "caption"

        testCase "points of other dimensions, with NaN or wrong labels are refused"
        <| fun () ->
            let scatter points labels () = Figures.LatentScatter("a", "", "", points, labels, [| "x"; "y" |])
            refused "points" "row 0 has 1 coordinates" (scatter [| [| 1.0f |] |] [| 0 |])
            refused "points" "is NaN" (scatter [| point nanf 0.0f |] [| 0 |])
            refused "points" "is Infinity" (scatter [| point 0.0f infinityf |] [| 0 |])
            refused "labels" "2 of them, but 1 points" (scatter [| point 0.0f 0.0f |] [| 0; 1 |])

            refused
                "labels"
                "label 0 is 2, but the 2 class names give labels 0 to 1"
                (scatter [| point 0.0f 0.0f |] [| 2 |])

            refused "points" "row 0 has 2 coordinates, but every row takes 3" (fun () ->
                Figures.Scatter3D("a", "", "", [| point 0.0f 0.0f |], [| 0 |], [| "x" |]))

        testCase "the prior is drawn over the cloud"
        <| fun () ->
            let figure =
                Figures.LatentScatterWithPrior(
                    "a",
                    "",
                    "",
                    [| point 0.0f 0.0f |],
                    [| 0 |],
                    [| "x" |],
                    [| 0.5; 0.5 |],
                    identity
                )

            let marks = (panels figure |> Array.exactlyOne).Series |> Array.map _.Mark
            Expect.equal marks [| Dots; Outline; Outline; Outline |] "the cloud, then three contours"

            refused "covariance" "positive definite" (fun () ->
                Figures.LatentScatterWithPrior(
                    "a",
                    "",
                    "",
                    [| point 0.0f 0.0f |],
                    [| 0 |],
                    [| "x" |],
                    [| 0.5; 0.5 |],
                    array2D [ [ 0.0; 0.0 ]; [ 0.0; 0.0 ] ]
                ))

        testCase "KL has a panel of its own, and validation is dashed"
        <| fun () ->
            let names figure = panels figure |> Array.map (fun p -> p.Series |> Array.map _.Name)

            Expect.equal
                (names (Figures.LossCurves("a", "", "", curve)))
                [| [| "total"; "reconstruction" |]; [| "KL" |] |]
                "training alone"

            let both = Figures.LossCurves("a", "", "", curve, { curve with Kl = [| 3.0; 4.0 |] })
            let kl = (Array.last (panels both)).Series
            Expect.equal (kl |> Array.map _.Name) [| "KL, training"; "KL, validation" |] "names"
            Expect.equal (kl |> Array.map _.Mark) [| Curve; DashedCurve |] "marks"
            Expect.equal kl[1].Along [| [| 1.0; 2.0 |]; [| 3.0; 4.0 |] |] "values"

        testCase "a run of one epoch is drawn as dots"
        <| fun () ->
            let one = {
                Epoch = [| 1.0 |]
                Total = [| 9.0 |]
                Reconstruction = [| 8.0 |]
                Kl = [| 1.0 |]
            }

            let marks = panels (Figures.LossCurves("a", "", "", one)) |> Array.collect _.Series |> Array.map _.Mark
            Expect.equal marks [| Dots; Dots; Dots |] "total, reconstruction, KL"

        testCase "curves of unequal length or with NaN are refused"
        <| fun () ->
            refused "training.Kl" "1 of them, but 2 epochs" (fun () ->
                Figures.LossCurves("a", "", "", { curve with Kl = [| 1.0 |] }))

            refused "validation.Total" "element 1 is NaN" (fun () ->
                Figures.LossCurves("a", "", "", curve, { curve with Total = [| 1.0; nan |] }))

        testCase "null is refused by name"
        <| fun () ->
            refused "images" "null" (fun () -> Figures.ImageGrid("a", "", "", Unchecked.defaultof<_>, 2, 2, 1))
            refused "title" "null" (fun () -> Figures.LossCurves("a", Unchecked.defaultof<_>, "", curve))

            refused "caption" "null" (fun () ->
                Figures.Reconstructions("a", "", Unchecked.defaultof<_>, [| image |], [| image |], 2, 2, 1))

            refused "training" "null" (fun () -> Figures.LossCurves("a", "", "", Unchecked.defaultof<LossCurve>))
    ]
