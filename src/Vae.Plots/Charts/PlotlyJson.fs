/// Panels as what plotly.js draws: the only file that knows Plotly.NET.
module internal Vae.Plots.PlotlyJson

open System
open System.Globalization
open System.IO
open Plotly.NET
open Plotly.NET.LayoutObjects

/// plotly.js itself, 3.6 MB of text, as Plotly.NET carries it.
let library () : string =
    let assembly = typeof<GenericChart>.Assembly
    let isScript (name: string) = name.Contains "plotly-" && name.EndsWith(".min.js", StringComparison.Ordinal)
    let name = assembly.GetManifestResourceNames() |> Array.find isScript

    match assembly.GetManifestResourceStream name with
    | null -> failwith $"Plotly.NET lists the resource %s{name} but does not hold it"
    | stream ->
        use reader = new StreamReader(stream)
        reader.ReadToEnd()

/// Text as plotly.js takes it: it reads a little HTML in names and titles.
let text (text: string) = text.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;")

/// Six digits: finer than any screen, and half the bytes.
let private digits (values: float[]) =
    values
    |> Array.map (fun x -> Double.Parse(x.ToString("G6", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture))

// Plotly.NET's defaults are global and mutable, so every chart is made without them.
let private trace (dotSize: int) (s: Series) : GenericChart =
    let along = s.Along |> Array.map digits
    let name, colour = text s.Name, Color.fromString s.Colour

    match s.Mark, along with
    | Dots, [| x; y |] ->
        let marker = TraceObjects.Marker.init (Size = dotSize, Color = colour, Opacity = 0.8)
        Chart.Scatter(x = x, y = y, mode = StyleParam.Mode.Markers, Name = name, Marker = marker, UseDefaults = false)
    | Dots, _ ->
        let marker = TraceObjects.Marker.init (Size = dotSize - 1, Color = colour, Opacity = 0.8)

        Chart.Scatter3D(
            x = along[0],
            y = along[1],
            z = along[2],
            mode = StyleParam.Mode.Markers,
            Name = name,
            Marker = marker,
            UseDefaults = false
        )
    | mark, _ ->
        let dash =
            if mark = DashedCurve then
                StyleParam.DrawingStyle.Dash
            else
                StyleParam.DrawingStyle.Solid

        let line = Line.init (Color = colour, Width = (if mark = Outline then 1.5 else 2.0), Dash = dash)

        let chart =
            Chart.Scatter(
                x = along[0],
                y = along[1],
                mode = StyleParam.Mode.Lines,
                Name = name,
                Line = line,
                UseDefaults = false
            )

        if mark = Outline then
            chart |> GenericChart.mapTrace (Trace2DStyle.Scatter(HoverInfo = StyleParam.HoverInfo.Skip))
        else
            chart

let private axis (panel: Panel) (i: int) =
    let span =
        let values = panel.Series |> Array.collect (fun s -> s.Along[i])
        Array.max values - Array.min values

    let axis =
        LinearAxis.init (Title = Title.init (Text = text panel.Axes[i]), AutoMargin = StyleParam.TickAutoMargin.All)

    if panel.Names.Length > 0 && i = 0 then
        let names = panel.Names |> Array.map text
        axis |> LinearAxis.style (TickVals = Array.init names.Length float, TickText = names)
    elif panel.Counts && i = 0 && span < 8.0 then
        axis |> LinearAxis.style (DTick = 1.0)
    elif panel.EqualScales && panel.Axes.Length = 2 && i = 1 then
        axis |> LinearAxis.style (ScaleAnchor = StyleParam.ScaleAnchor.X 1, ScaleRatio = 1.0)
    else
        axis

/// From above a corner, far enough for the titles of the axes.
let private camera =
    Camera.init (Eye = CameraEye.init (X = 1.55, Y = 1.55, Z = 0.9), Center = CameraCenter.init (Z = -0.15))

let private clear = Color.fromString "rgba(0,0,0,0)"

/// The `data` and `layout` of one panel, in JSON that may stand inside a script element. Colours of text and grid are
/// left to the page, which knows whether it is read in the dark.
let ofPanel (panel: Panel) : string =
    let dotSize = Panel.dotSize panel

    let layout =
        Layout.init (
            PaperBGColor = clear,
            PlotBGColor = clear,
            ShowLegend = false,
            AutoSize = true,
            Margin = Margin.init (Left = 8, Right = 8, Top = 8, Bottom = 8)
        )

    let framed (chart: GenericChart) =
        match panel.Axes.Length with
        | 3 ->
            chart
            |> Chart.withScene (
                Scene.init (
                    XAxis = axis panel 0,
                    YAxis = axis panel 1,
                    ZAxis = axis panel 2,
                    AspectMode = StyleParam.AspectMode.Data,
                    Camera = camera
                )
            )
        | _ -> chart |> Chart.withXAxis (axis panel 0) |> Chart.withYAxis (axis panel 1)

    panel.Series
    |> Array.map (trace dotSize)
    |> Chart.combine
    |> framed
    |> Chart.withLayout layout
    |> GenericChart.toFigureJson
    |> _.Replace("<", "\\u003c")
