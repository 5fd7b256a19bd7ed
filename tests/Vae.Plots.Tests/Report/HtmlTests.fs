module Vae.Plots.Tests.HtmlTests

open System
open System.Text.RegularExpressions
open Expecto
open Vae.Plots

let tests =
    testList "Html" [
        testCase "an image stands in the page as the file it is saved as"
        <| fun () ->
            let figure = Figures.ImageGrid("a", "A title", "", [| [| 0.0f; 1.0f |] |], 2, 1, 1)
            let data = Regex.Match(Html.figure figure, "src=\"data:image/png;base64,([^\"]+)\"")
            let width, height, pixels = PngTests.decode (Convert.FromBase64String data.Groups[1].Value)
            Expect.equal (width, height, pixels[0], pixels[15]) (16, 8, 0uy, 255uy) "eight times as large"

        testCase "texts of a figure are escaped"
        <| fun () ->
            let figure =
                Figures.LatentScatter("a", "<i>", "x < \"y\"", [| [| 0.0f; 0.0f |] |], [| 0 |], [| "<script>" |])

            let html = Html.figure figure
            Expect.stringContains html "<h2>&lt;i&gt;</h2>" "title"
            Expect.stringContains html "<figcaption>x &lt; &quot;y&quot;</figcaption>" "caption"
            Expect.isFalse (html.Contains "<script>") "class name"

        testCase "a legend's button bears the very name of its series"
        <| fun () ->
            let figure = Figures.LatentScatter("a", "", "", [| [| 0.0f; 0.0f |] |], [| 0 |], [| "a < b" |])
            let html = Html.figure figure
            Expect.stringContains html "data-series=\"a &amp;lt; b\"" "once escaped for plotly.js, once for the page"
            Expect.stringContains html "\"name\":\"a &lt; b\"" "and in the data once for plotly.js"

        testCase "a table has a heading for every column and row"
        <| fun () ->
            let html = Html.table "k" [| "A"; "B" |] [| [| "a<"; "1" |] |]
            Expect.stringContains html "<th scope=\"col\">A</th><th scope=\"col\">B</th>" "columns"
            Expect.stringContains html "<tr><th scope=\"row\">a&lt;</th><td>1</td></tr>" "rows"
    ]
