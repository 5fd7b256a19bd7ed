/// The figures of a page as HTML.
module internal Vae.Plots.Html

open System
open System.Net

let encode (text: string) = WebUtility.HtmlEncode text |> string

let private picture (title: string) (p: Picture) =
    let raster = p.Raster
    let data = Png.encode raster.Width raster.Height raster.Pixels |> Convert.ToBase64String
    let label = if p.Label = "" then "" else $"<p class=\"label\">%s{encode p.Label}</p>"
    let described = if p.Label = "" then title else $"%s{title}: %s{p.Label}"

    $"<div>%s{label}<img width=\"%d{raster.Width}\" height=\"%d{raster.Height}\" alt=\"%s{encode described}\" \
      src=\"data:image/png;base64,%s{data}\"></div>\n"

/// A line of the legend: a button that shows or hides the series of its name in every panel of the figure.
let private legendEntry (s: Series) =
    let mark =
        match s.Mark with
        | Dots -> "dots"
        | DashedCurve -> "dashes"
        | Curve
        | Outline -> "line"

    $"<button type=\"button\" aria-pressed=\"true\" data-series=\"%s{encode (PlotlyJson.text s.Name)}\">\
      <i class=\"%s{mark}\" style=\"color:%s{s.Colour}\"></i>%s{encode s.Name}</button>\n"

let private panel (title: string) (p: Panel) =
    let shape = if p.EqualScales then "square" else "wide"

    $"<div class=\"panel %s{shape}\" role=\"img\" aria-label=\"%s{encode title}\"><div class=\"stage\"></div>\
      <script type=\"application/json\">%s{PlotlyJson.ofPanel p}</script></div>\n"

let private concat = String.concat ""

let private legend (panels: Panel[]) =
    let entries = Panel.legend panels |> Array.map legendEntry |> concat
    $"<div class=\"legend\" role=\"group\" aria-label=\"Show or hide\">\n%s{entries}</div>\n"

/// Panels of which one is seen: which, a list says.
let private choices (title: string) (choices: (string * Panel)[]) =
    let option i (name: string, _) = $"<option value=\"%d{i}\">%s{encode name}</option>"

    let part i (name, p: Panel) =
        let hidden = if i = 0 then "" else " hidden"
        let drawn = panel $"%s{title}, %s{name}" p
        $"<div class=\"choice panels\" data-choice=\"%d{i}\"%s{hidden}>\n%s{legend [| p |]}%s{drawn}</div>\n"

    $"<label class=\"chooser\">Colored by <select autocomplete=\"off\">%s{choices |> Array.mapi option |> concat}</select></label>\n\
      %s{choices |> Array.mapi part |> concat}"

let figure (f: Figure) : string =
    let body =
        match f.Drawing with
        | Pictures pictures ->
            let kind = if pictures.Length > 1 then "pictures several" else "pictures"
            $"<div class=\"%s{kind}\">\n%s{pictures |> Array.map (picture f.Title) |> concat}</div>"
        | Panels panels ->
            let kind = if panels.Length > 1 then "panels several" else "panels"
            $"%s{legend panels}<div class=\"%s{kind}\">\n%s{panels |> Array.map (panel f.Title) |> concat}</div>"
        | Choices all -> choices f.Title all

    let caption =
        if f.Caption = "" then
            ""
        else
            $"<figcaption>%s{encode f.Caption}</figcaption>\n"

    $"<figure id=\"%s{f.Name}\">\n<h2>%s{encode f.Title}</h2>\n%s{body}\n%s{caption}</figure>\n"

/// A table of rows whose first cell is the row's heading.
let table (kind: string) (headings: string[]) (rows: string[][]) : string =
    let heading = headings |> Array.map (fun h -> $"<th scope=\"col\">%s{encode h}</th>") |> concat

    let row (cells: string[]) =
        let rest = cells |> Array.skip 1 |> Array.map (fun c -> $"<td>%s{encode c}</td>") |> concat
        $"<tr><th scope=\"row\">%s{encode cells[0]}</th>%s{rest}</tr>\n"

    $"<div class=\"table\"><table class=\"%s{kind}\">\n<thead><tr>%s{heading}</tr></thead>\n\
      <tbody>\n%s{rows |> Array.map row |> concat}</tbody>\n</table></div>\n"
