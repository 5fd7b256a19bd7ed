module Vae.Plots.Tests.SvgTests

open System.Text.RegularExpressions
open System.Xml.Linq
open Expecto
open Vae.Plots

let private panel equal along mark = {
    Axes = [| "a < b"; "c" |]
    EqualScales = equal
    Counts = false
    Names = [||]
    Series = [| { Name = "s & t"; Colour = "#123456"; Mark = mark; Along = along } |]
}

let private coloured (svg: string) =
    XDocument.Parse(svg).Descendants()
    |> Seq.filter (fun e ->
        match e.Attribute(XName.Get "stroke") with
        | null -> false
        | colour -> colour.Value = "#123456")
    |> Seq.map (fun e ->
        match e.Attribute(XName.Get "d") with
        | null -> ""
        | d -> d.Value)
    |> Seq.toList

/// The pairs of numbers after the M and L of a path.
let private corners (path: string) = [
    for m in Regex.Matches(path, "[ML]([-0-9.]+) ([-0-9.]+)") -> float m.Groups[1].Value, float m.Groups[2].Value
]

let tests =
    testList "Svg" [
        testCase "the file is well-formed whatever the texts are"
        <| fun () ->
            let svg = Svg.draw "a title </title> & more" [| panel true [| [| 0.0; 1.0 |]; [| 0.0; 1.0 |] |] Dots |]
            let texts = XDocument.Parse(svg).Descendants() |> Seq.map _.Value |> Set.ofSeq
            Expect.containsAll texts [ "a title </title> & more"; "a < b"; "s & t" ] "texts"

        testCase "every dot is drawn, and one in the legend"
        <| fun () ->
            let svg = Svg.draw "" [| panel false [| [| 0.0; 1.0; 5.0 |]; [| 2.0; 1.0; 0.0 |] |] Dots |]
            Expect.equal (coloured svg |> List.map (corners >> List.length)) [ 3; 1 ] "dots"

        testCase "larger values are further right and further up"
        <| fun () ->
            let svg = Svg.draw "" [| panel false [| [| 1.0; 3.0 |]; [| 10.0; 20.0 |] |] Curve |]

            match corners (List.head (coloured svg)) with
            | [ x0, y0; x1, y1 ] -> Expect.isTrue (x1 > x0 && y1 < y0) "the line rises to the right"
            | other -> failtest $"%A{other}"

        testCase "with equal scales a square is square"
        <| fun () ->
            let square = [| [| 0.0; 1.0; 1.0; 0.0 |]; [| 0.0; 0.0; 1.0; 1.0 |] |]
            let wide = [| Array.append square[0] [| 10.0 |]; Array.append square[1] [| 0.0 |] |]

            match corners (List.head (coloured (Svg.draw "" [| panel true wide Outline |]))) with
            | (x0, y0) :: (x1, _) :: (_, y2) :: _ ->
                // Coordinates are written to a tenth of a pixel.
                Expect.floatClose { absolute = 0.2; relative = 0.0 } (x1 - x0) (y0 - y2) "sides"
            | other -> failtest $"%A{other}"

        testCase "points that all agree are drawn, too"
        <| fun () ->
            let svg = Svg.draw "" [| panel true [| [| 2.0 |]; [| 0.0 |] |] Dots |]
            Expect.isFalse (svg.Contains "NaN" || svg.Contains "∞") "no numbers beyond a picture's"

        testCase "ticks are round numbers within the axis"
        <| fun () ->
            Expect.equal (Svg.ticks false (0.1, 10.2)) [| 2.0; 4.0; 6.0; 8.0; 10.0 |] "0.1 to 10.2"
            Expect.equal (Svg.ticks false (-1.0, 1.0)) [| -1.0; -0.5; 0.0; 0.5; 1.0 |] "-1 to 1"
            Expect.equal (Svg.ticks true (0.9, 3.1)) [| 1.0; 2.0; 3.0 |] "a count has no halves"
    ]
