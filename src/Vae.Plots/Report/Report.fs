namespace Vae.Plots

open System
open System.IO
open System.Text

/// A measured quantity, as text. `StandardError` is empty where there is none.
type SummaryRow = { Label: string; Value: string; StandardError: string }

/// A setting of the run, as text.
type Setting = { Name: string; Value: string }

/// A table of texts whose first cell in each row is the row's heading.
type ReportTable = { Title: string; Caption: string; Headings: string[]; Rows: string[][] }

/// One page that holds a whole run and needs nothing else: no network, no file beside it.
[<AbstractClass; Sealed>]
type Report private () =
    static let resource (name: string) =
        match typeof<Figure>.Assembly.GetManifestResourceStream name with
        | null -> failwith $"the resource %s{name} is missing from Vae.Plots"
        | stream ->
            use reader = new StreamReader(stream)
            reader.ReadToEnd()

    /// Whatever the page should ask of the network, the browser refuses.
    static let policy =
        "default-src 'none'; img-src data: blob:; style-src 'unsafe-inline'; script-src 'unsafe-inline'"

    static let checkTexts (name: string) (texts: string[]) = texts |> Array.iter (Check.notNull name)

    static let checkFigures (figures: Figure[]) =
        Check.notNull (nameof figures) figures
        figures |> Array.iteri (fun i f -> Check.notNull $"figures[%d{i}]" f)

        match figures |> Array.countBy _.Name |> Array.tryFind (fun (_, n) -> n > 1) with
        | Some(name, n) ->
            invalidArg (nameof figures) $"%d{n} figures have the name \"%s{name}\", which must tell them apart"
        | None -> ()

    static let checkTable (i: int) (table: ReportTable) =
        let at = $"tables[%d{i}]"
        Check.notNull at table
        checkTexts at [| table.Title; table.Caption |]
        Check.notEmpty $"%s{at}.Headings" table.Headings
        checkTexts $"%s{at}.Headings" table.Headings
        Check.notNull $"%s{at}.Rows" table.Rows

        table.Rows
        |> Array.iteri (fun j row ->
            Check.notNull $"%s{at}.Rows[%d{j}]" row
            Check.sameCount $"%s{at}.Rows[%d{j}]" row.Length table.Headings.Length "headings"
            checkTexts $"%s{at}.Rows[%d{j}]" row)

    static let ownTable (table: ReportTable) =
        let caption =
            if table.Caption = "" then
                ""
            else
                $"<figcaption>%s{Html.encode table.Caption}</figcaption>\n"

        let rows = Html.table "rows" table.Headings table.Rows
        $"<figure>\n<h2>%s{Html.encode table.Title}</h2>\n%s{rows}%s{caption}</figure>\n"

    static let besides (summary: SummaryRow[]) (settings: Setting[]) =
        let error text = if text = "" then "" else $"± %s{text}"

        String.concat "" [
            if summary.Length > 0 then
                let rows = summary |> Array.map (fun r -> [| r.Label; r.Value; error r.StandardError |])
                let headings = [| "Summary"; "Value"; "Std. error" |]
                "<section>\n" + Html.table "summary" headings rows + "</section>\n"

            if settings.Length > 0 then
                let rows = settings |> Array.map (fun s -> [| s.Name; s.Value |])
                "<section>\n" + Html.table "settings" [| "Settings"; "" |] rows + "</section>\n"
        ]

    /// The page as text; equal input gives equal text. Errors: ArgumentException for null and for figures of one name.
    static member Render(title: string, summary: SummaryRow[], settings: Setting[], figures: Figure[]) : string =
        Report.Render(title, summary, settings, [||], figures)

    /// The page with tables between the settings and the figures. Errors: also a row of another length than the headings.
    static member Render
        (title: string, summary: SummaryRow[], settings: Setting[], tables: ReportTable[], figures: Figure[])
        : string =
        Check.notNull (nameof title) title
        Check.notNull (nameof summary) summary
        Check.notNull (nameof settings) settings
        summary |> Array.iter (fun r -> checkTexts (nameof summary) [| r.Label; r.Value; r.StandardError |])
        settings |> Array.iter (fun s -> checkTexts (nameof settings) [| s.Name; s.Value |])
        checkFigures figures
        Check.notNull (nameof tables) tables
        tables |> Array.iteri checkTable

        let isChart (f: Figure) = not f.Drawing.IsPictures

        let style, script = resource "report.css", resource "report.js"

        let scripts =
            if Array.exists isChart figures then
                $"<script>%s{PlotlyJson.library ()}</script>\n<script>\n%s{script}</script>\n"
            else
                ""

        String.concat "" [
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
            $"<meta http-equiv=\"Content-Security-Policy\" content=\"%s{policy}\">\n"
            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
            "<meta name=\"color-scheme\" content=\"light dark\">\n"
            $"<title>%s{Html.encode title}</title>\n<style>\n%s{style}</style>\n</head>\n<body>\n<main>\n"
            $"<h1>%s{Html.encode title}</h1>\n<div class=\"tables\">\n%s{besides summary settings}</div>\n"
            tables |> Array.map ownTable |> String.concat ""
            figures |> Array.map Html.figure |> String.concat ""
            $"</main>\n%s{scripts}</body>\n</html>\n"
        ]

    /// Writes the page, in UTF-8, replacing a file of that path; the file is there whole or not at all.
    static member Write(path: string, title: string, summary: SummaryRow[], settings: Setting[], figures: Figure[]) =
        Report.Write(path, title, summary, settings, [||], figures)

    /// The same of the page with tables.
    static member Write
        (
            path: string,
            title: string,
            summary: SummaryRow[],
            settings: Setting[],
            tables: ReportTable[],
            figures: Figure[]
        ) =
        Check.notNull (nameof path) path

        Report.Render(title, summary, settings, tables, figures)
        |> Encoding.UTF8.GetBytes
        |> Files.writeAtomically path
