module Vae.Plots.Tests.PlotlyJsonTests

open System.Text.Json
open Expecto
open Vae.Plots

let private series name mark along = { Name = name; Colour = "#123456"; Mark = mark; Along = along }

let private panel (series: Series[]) : Panel = {
    Axes = (Array.head series).Along |> Array.mapi (fun i _ -> $"z%d{i + 1}")
    EqualScales = true
    Counts = false
    Names = [||]
    Series = series
}

let private parse (p: Panel) = (JsonDocument.Parse(PlotlyJson.ofPanel p)).RootElement

let private at (path: string list) (json: JsonElement) =
    path |> List.fold (fun (j: JsonElement) (key: string) -> j.GetProperty key) json

let private numbers (json: JsonElement) = [ for x in json.EnumerateArray() -> x.GetDouble() ]

let tests =
    testList "PlotlyJson" [
        testCase "the library is plotly.js, and cannot end the script element it stands in"
        <| fun () ->
            let library = PlotlyJson.library ()
            Expect.stringContains library[..200] "plotly.js v" "its head"
            Expect.isFalse (library.Contains "</script") "no end of the element"

        testCase "points are there to six digits, dots as markers and curves as lines"
        <| fun () ->
            let json =
                parse (
                    panel [|
                        series "a" Dots [| [| 0.123456789; -2.0 |]; [| 1e-7; 3.0 |] |]
                        series "b" DashedCurve [| [| 0.0 |]; [| 1.0 |] |]
                    |]
                )

            let data = json.GetProperty "data"
            Expect.equal (data[0] |> at [ "x" ] |> numbers) [ 0.123457; -2.0 ] "x"
            Expect.equal (data[0] |> at [ "y" ] |> numbers) [ 1e-7; 3.0 ] "y"
            Expect.equal (data[0] |> at [ "mode" ] |> _.GetString()) "markers" "dots"
            Expect.equal (data[1] |> at [ "mode" ] |> _.GetString()) "lines" "curve"
            Expect.equal (data[1] |> at [ "line"; "dash" ] |> _.GetString()) "dash" "dashed"

        testCase "two axes of equal scales are bound to each other, and the ground is clear"
        <| fun () ->
            let layout = parse (panel [| series "a" Dots [| [| 0.0 |]; [| 0.0 |] |] |]) |> at [ "layout" ]
            Expect.equal (layout |> at [ "yaxis"; "scaleanchor" ] |> _.GetString()) "x" "anchor"
            Expect.equal (layout |> at [ "paper_bgcolor" ] |> _.GetString()) "rgba(0,0,0,0)" "paper"
            Expect.equal (layout |> at [ "xaxis"; "title"; "text" ] |> _.GetString()) "z1" "title"

        testCase "three axes make a scene"
        <| fun () ->
            let json = parse (panel [| series "a" Dots [| [| 1.0 |]; [| 2.0 |]; [| 3.0 |] |] |])
            Expect.equal ((json.GetProperty "data")[0] |> at [ "type" ] |> _.GetString()) "scatter3d" "type"
            Expect.equal (json |> at [ "layout"; "scene"; "zaxis"; "title"; "text" ] |> _.GetString()) "z3" "title"

        testCase "names are text, neither HTML nor an end of the script"
        <| fun () ->
            let p = panel [| series "</script><b>&" Dots [| [| 0.0 |]; [| 0.0 |] |] |]
            Expect.isFalse ((PlotlyJson.ofPanel p).Contains '<') "no tag begins"
            let name = (parse p |> at [ "data" ])[0] |> at [ "name" ] |> _.GetString()
            Expect.equal name "&lt;/script&gt;&lt;b&gt;&amp;" "plotly.js shows entities as their letters"

        testCase "few epochs have no ticks between them"
        <| fun () ->
            let p = {
                panel [| series "a" Curve [| [| 1.0; 2.0 |]; [| 1.0; 2.0 |] |] |] with
                    Counts = true
                    Names = [||]
            }

            Expect.equal (parse p |> at [ "layout"; "xaxis"; "dtick" ] |> _.GetDouble()) 1.0 "a tick an epoch"
    ]
