module Vae.Plots.Tests.ReportTests

open System
open System.IO
open System.Net
open System.Text
open System.Text.RegularExpressions
open Expecto
open Vae.Plots

let private figures () = [|
    Figures.ImageGrid("samples", "Samples", "", [| Array.create 4 0.5f |], 2, 2, 1)
    Figures.LatentScatter("latent", "Latent", "", [| [| 0.0f; 1.0f |] |], [| 0 |], [| "a" |])
    Figures.Scatter3D("cloud", "Cloud", "", [| [| 0.0f; 1.0f; 2.0f |] |], [| 0 |], [| "a" |])
|]

let private summary: SummaryRow[] = [|
    { Label = "ELBO"; Value = "-146.2"; StandardError = "0.3" }
    { Label = "Active units"; Value = "2"; StandardError = "" }
|]

let private settings: Setting[] = [| { Name = "seed"; Value = "42" } |]
let private render title figures = Report.Render(title, summary, settings, figures)
let private count (pattern: string) (text: string) = Regex.Matches(text, Regex.Escape pattern).Count

let tests =
    testList "Report" [
        testCase "the page asks nothing of the network"
        <| fun () ->
            let page = (render "A run" (figures ())).Replace(PlotlyJson.library (), "")
            Expect.equal (count "http:" page + count "https:" page) 0 "addresses"
            Expect.isEmpty (Regex.Matches(page, "\\bsrc=\"(?!data:)")) "sources beside it"
            Expect.isEmpty (Regex.Matches(page, "href|@import|url\\(")) "links, imports"
            Expect.stringContains page "default-src 'none'" "and the browser refuses what should ask"

        testCase "plotly.js is there once, and not where no chart is"
        <| fun () ->
            Expect.equal (count (PlotlyJson.library().Substring(0, 60)) (render "A run" (figures ()))) 1 "with charts"
            Expect.equal (count "<script" (render "A run" (Array.take 1 (figures ())))) 0 "images alone"

        testCase "the encoding is declared before anything else, within the first 1024 bytes"
        <| fun () ->
            let page = render (String('ä', 5000)) (figures ())
            Expect.stringContains page[..100] "<head>\n<meta charset=\"utf-8\">" "the head's first element"

        testCase "a table of the page has its rows, and refuses one of another length"
        <| fun () ->
            let render rows =
                let table: ReportTable = {
                    Title = "Odd"
                    Caption = "Why."
                    Headings = [| "row"; "nats" |]
                    Rows = rows
                }

                Report.Render("A run", summary, settings, [| table |], [||])

            let page = render [| [| "7"; "<12>" |] |]
            Expect.stringContains page "<tr><th scope=\"row\">7</th><td>&lt;12&gt;</td></tr>" "its row"
            Expect.stringContains page "<figcaption>Why.</figcaption>" "its caption"
            let e = Expect.throwsC (fun () -> render [| [| "7" |] |] |> ignore) (fun e -> e :?> ArgumentException)
            Expect.equal e.ParamName "tables[0].Rows[0]" "the argument"

        testCase "texts of the page are escaped"
        <| fun () ->
            let hostile = "<script>alert(1)</script>"

            let page =
                Report.Render(
                    hostile,
                    [| { Label = hostile; Value = hostile; StandardError = hostile } |],
                    [| { Name = hostile; Value = hostile } |],
                    [| Figures.ImageGrid("a", hostile, hostile, [| [| 0.0f |] |], 1, 1, 1) |]
                )

            Expect.equal (count "<script" page) 0 "elements"
            Expect.equal (count "&lt;script&gt;alert(1)&lt;/script&gt;" page) 10 "as text, a figure's title twice"

        testCase "a standard error has its sign, and none where it is missing"
        <| fun () ->
            let page = WebUtility.HtmlDecode(render "A run" [||]) |> string
            Expect.stringContains page "<td>-146.2</td><td>± 0.3</td>" "with one"
            Expect.stringContains page "<td>2</td><td></td>" "without"

        testCase "empty tables are left out"
        <| fun () -> Expect.equal (count "<table" (Report.Render("A run", [||], [||], [||]))) 0 "tables"

        testCase "the same run gives the same bytes"
        <| fun () ->
            FilesTests.inFolder (fun folder ->
                let write name =
                    let path = Path.Combine(folder, name)
                    Report.Write(path, "Ä run", summary, settings, figures ())
                    File.ReadAllBytes path

                let first = write "a.html"
                Expect.isTrue (first = write "b.html") "bytes"
                Expect.equal (Encoding.UTF8.GetString first) (render "Ä run" (figures ())) "UTF-8 of the text")

        testCase "two figures of one name are refused"
        <| fun () ->
            let e =
                Expect.throwsC (fun () -> render "A run" (Array.append (figures ()) (figures ())) |> ignore) (fun e ->
                    e :?> ArgumentException)

            Expect.equal e.ParamName "figures" "argument"
            Expect.stringContains e.Message "\"samples\"" "the name"
    ]
