module Vae.Plots.Tests.TableFiguresTests

open System
open System.IO
open Expecto
open Vae.Plots

let private numbers: Marginal = {
    Column = "mass"
    Levels = [||]
    Data = Array.init 200 (fun i -> float i)
    Samples = Array.init 50 (fun i -> 1000.0 + float i)
}

let private levels: Marginal = {
    Column = "island"
    Levels = [| "a"; "b & c" |]
    Data = [| 0.0; 0.0; 0.0; 1.0 |]
    Samples = [| 1.0; 1.0 |]
}

let private panels (figure: Figure) =
    match figure.Drawing with
    | Panels panels -> panels
    | _ -> failtest "panels were expected"

let private refused (argument: string) (fragment: string) (make: unit -> Figure) =
    let e = Expect.throwsC (make >> ignore) (fun e -> e :?> ArgumentException)
    Expect.equal e.ParamName argument "the argument"
    Expect.stringContains e.Message fragment "the message"

/// The one panel of a column's figure.
let private panel (column: Marginal) = panels (TableFigures.Marginals("m", "", "", [| column |])) |> Array.exactlyOne

let private close expected found message = Expect.floatClose Accuracy.high found expected message

let tests =
    testList "TableFigures" [
        testCase "a column's shares sum to 1, whatever lies beyond the bins"
        <| fun () ->
            for series in (panel numbers).Series do
                close 1.0 (Array.sum series.Along[1] / 2.0) series.Name

        testCase "samples beyond the data stand in the last bin"
        <| fun () ->
            let samples = (panel numbers).Series[1]
            close 1.0 samples.Along[1].[samples.Along[1].Length - 2] "all of them"

        testCase "levels have their names and their shares"
        <| fun () ->
            let panel = panel levels
            Expect.equal panel.Names [| "a"; "b & c" |] "names"
            Expect.equal panel.Series[0].Along[1] [| 0.0; 0.75; 0.75; 0.0; 0.0; 0.25; 0.25; 0.0 |] "data"
            Expect.equal panel.Series[1].Along[1] [| 0.0; 0.0; 0.0; 0.0; 0.0; 1.0; 1.0; 0.0 |] "samples"
            Expect.stringContains (PlotlyJson.ofPanel panel) "\"ticktext\":[\"a\",\"b &amp; c\"]" "in the page"
            Expect.stringContains (Svg.draw "" [| panel |]) ">b &amp; c</text>" "in the file"

        testCase "a constant column can be drawn"
        <| fun () ->
            let constant = { numbers with Data = [| 3.0; 3.0 |]; Samples = [| 3.0 |] }
            let svg = Svg.draw "" ([| panel constant |])
            Expect.isFalse (svg.Contains "NaN") "no NaN"

        testCase "nothing to draw, NaN and labels that no class has are refused by their place"
        <| fun () ->
            let marginals m () = TableFigures.Marginals("m", "", "", [| numbers; m |])
            refused "columns[1].Samples" "empty" (marginals { numbers with Samples = [||] })
            refused "columns[1].Data" "NaN" (marginals { numbers with Data = [| nan |] })

            refused "ofSamples" "1 of them, but 2" (fun () ->
                TableFigures.Agreement("m", "", "", "correlation", [| 0.0; 1.0 |], [| 0.0 |]))

            let codes labels () =
                TableFigures.Codes(
                    "m",
                    "",
                    "",
                    [| [| 0.0f; 1.0f |] |],
                    [| { Column = "a"; IsOrdered = true; Labels = labels; ClassNames = [| "x" |] } |]
                )

            refused "labels" "label 0 is 1" (codes [| 1 |])

        testCase "of several colorings one is seen, each is a file"
        <| fun () ->
            let coloring column = {
                Column = column
                IsOrdered = true
                Labels = [| 0; 1 |]
                ClassNames = [| "low"; "high" |]
            }

            let points = [| [| 0.0f; 1.0f |]; [| 1.0f; 0.0f |] |]
            let figure = TableFigures.Codes("codes", "Codes", "", points, [| coloring "a"; coloring "b" |])
            let html = Html.figure figure
            Expect.stringContains html "<option value=\"1\">b</option>" "the list"
            Expect.stringContains html "data-choice=\"0\">" "the first is seen"
            Expect.stringContains html "data-choice=\"1\" hidden>" "the second is not"
            let folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName())

            try
                Expect.equal
                    (figure.Save folder |> Array.map (Path.GetFileName >> string))
                    [| "codes-1.svg"; "codes-2.svg" |]
                    "files"
            finally
                Directory.Delete(folder, true)
    ]
