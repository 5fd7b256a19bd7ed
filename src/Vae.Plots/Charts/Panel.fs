namespace Vae.Plots

/// How the points of a series are drawn.
type internal Mark =
    | Dots
    | Curve
    | DashedCurve
    /// A thin line over a cloud.
    | Outline

/// Points that share a colour and a line of the legend; `Along.[axis]` holds their coordinates.
type internal Series = { Name: string; Colour: string; Mark: Mark; Along: float[][] }

/// A frame of two or three axes with the series in it. What it is drawn with (SVG, plotly.js) is not its concern.
type internal Panel = {
    /// The title of each axis.
    Axes: string[]
    /// One unit is as long on every axis: a circle looks round.
    EqualScales: bool
    /// The first axis counts: no ticks between whole numbers.
    Counts: bool
    /// What the whole numbers of the first axis, from 0 on, stand for; none where they are numbers.
    Names: string[]
    Series: Series[]
}

[<RequireQualifiedAccess>]
module internal Panel =
    /// The diameter of a dot, in pixels, from how many there are.
    let dotSize (panel: Panel) =
        let dots = panel.Series |> Array.sumBy (fun s -> if s.Mark = Dots then s.Along[0].Length else 0)

        if dots > 3000 then 4 else 6

    /// A cloud of classes in the colours that a function gives them, along some of the points' coordinates.
    let ofColoured
        (colour: int -> string)
        (axes: int[])
        (points: float32[][])
        (labels: int[])
        (classNames: string[])
        : Panel = {
        Axes = axes |> Array.map (fun axis -> $"z%d{axis}")
        EqualScales = true
        Counts = false
        Names = [||]
        Series =
            classNames
            |> Array.mapi (fun label name ->
                let members = Array.zip points labels |> Array.filter (fun (_, l) -> l = label)

                {
                    Name = name
                    Colour = colour label
                    Mark = Dots
                    Along = axes |> Array.map (fun axis -> members |> Array.map (fun (p, _) -> float p[axis]))
                })
            |> Array.filter (fun s -> s.Along[0].Length > 0)
    }

    /// A cloud of classes, along some of the points' coordinates.
    let ofClasses = ofColoured Palette.ofClass

    /// A panel of three axes as the panels of each two of them; others as they are.
    let flatten (panel: Panel) : Panel[] =
        let onto axes = {
            panel with
                Axes = axes |> Array.map (fun axis -> panel.Axes[axis])
                Series =
                    panel.Series
                    |> Array.map (fun s -> { s with Along = axes |> Array.map (fun axis -> s.Along[axis]) })
        }

        if panel.Axes.Length = 3 then
            [| onto [| 0; 1 |]; onto [| 0; 2 |]; onto [| 1; 2 |] |]
        else
            [| panel |]

    /// The lines of the legend of some panels: the first series of each name.
    let legend (panels: Panel[]) : Series[] = panels |> Array.collect _.Series |> Array.distinctBy _.Name
