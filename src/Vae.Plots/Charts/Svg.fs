/// Panels of two axes as a small SVG file that reads on white and on black.
module internal Vae.Plots.Svg

open System
open System.Globalization
open System.Net
open System.Text

let private plotWidth, private left, private right, private top, private bottom =
    400.0, 56.0, 16.0, 12.0, 46.0

let private style =
    """text{font:12px system-ui,sans-serif;fill:#3a3d42}.grid{stroke:#80808040}.frame{fill:none;stroke:#808080a0}
@media(prefers-color-scheme:dark){text{fill:#d4d4d0}}"""

let private number (x: float) = x.ToString("0.#", CultureInfo.InvariantCulture)

/// Ticks at 1, 2 or 5 times a power of ten, about six of them.
let internal ticks (counts: bool) (low: float, high: float) : float[] =
    let rough = (high - low) / 6.0
    let power = 10.0 ** floor (log10 rough)

    let step =
        power
        * (if rough < 2.0 * power then 2.0
           elif rough < 5.0 * power then 5.0
           else 10.0)

    let step = if counts then max 1.0 step else step
    [| for i in ceil (low / step) .. floor (high / step) -> i * step |]

/// What an axis shows: the numbers, and a little more.
let private range (values: float[][]) =
    let low, high = values |> Array.map Array.min |> Array.min, values |> Array.map Array.max |> Array.max
    let middle, half = (low + high) / 2.0, 0.54 * (high - low)
    let half = if half > 0.0 then half else max 1.0 (abs middle)
    middle - half, middle + half

let private widen (factor: float) (low: float, high: float) =
    let middle, half = (low + high) / 2.0, factor * (high - low) / 2.0
    middle - half, middle + half

/// A series' points as one path: a dot is a line of no length with a round cap.
let private path (toX: float -> float) (toY: float -> float) dotSize (s: Series) =
    let d = StringBuilder()

    for i in 0 .. s.Along[0].Length - 1 do
        let command = if s.Mark = Dots || i = 0 then "M" else "L"
        d.Append($"%s{command}%s{number (toX s.Along[0].[i])} %s{number (toY s.Along[1].[i])}") |> ignore

        if s.Mark = Dots then
            d.Append "h0" |> ignore

    let width, more =
        match s.Mark with
        | Dots -> string (dotSize: int), " stroke-opacity=\".8\""
        | Curve -> "2", ""
        | DashedCurve -> "2", " stroke-dasharray=\"6 5\""
        | Outline -> "1.5", ""

    $"<path d=\"%O{d}\" fill=\"none\" stroke=\"%s{s.Colour}\" stroke-width=\"%s{width}\" stroke-linecap=\"round\"%s{more}/>\n"

let private panel plotHeight (offset: float) (p: Panel) =
    let x = range (p.Series |> Array.map (fun s -> s.Along[0]))
    let y = range (p.Series |> Array.map (fun s -> s.Along[1]))
    let length (low: float, high: float) = high - low

    // The scale that fits both axes: the other one shows more.
    let perX, perY = plotWidth / length x, plotHeight / length y
    let x = if p.EqualScales then widen (max 1.0 (perX / perY)) x else x
    let y = if p.EqualScales then widen (max 1.0 (perY / perX)) y else y

    let toX value = offset + left + plotWidth * (value - fst x) / length x
    let toY value = top + plotHeight * (snd y - value) / length y
    let x0, x1, y0, y1 = toX (fst x), toX (snd x), toY (fst y), toY (snd y)
    let label (value: float) = Math.Round(value, 9).ToString("G6", CultureInfo.InvariantCulture).Replace('-', '−')
    let svg = StringBuilder()
    let add (line: string) = svg.Append(line).Append('\n') |> ignore

    let below =
        match p.Names with
        | [||] -> ticks p.Counts x |> Array.map (fun tick -> tick, label tick)
        | names -> names |> Array.mapi (fun i name -> float i, string (WebUtility.HtmlEncode name))

    for tick, words in below do
        let at = number (toX tick)
        add $"<path class=\"grid\" d=\"M%s{at} %s{number y1}V%s{number y0}\"/>"
        add $"<text x=\"%s{at}\" y=\"%s{number (y0 + 16.0)}\" text-anchor=\"middle\">%s{words}</text>"

    for tick in ticks false y do
        let at = toY tick
        add $"<path class=\"grid\" d=\"M%s{number x0} %s{number at}H%s{number x1}\"/>"
        add $"<text x=\"%s{number (x0 - 6.0)}\" y=\"%s{number (at + 4.0)}\" text-anchor=\"end\">%s{label tick}</text>"

    for s in p.Series do
        svg.Append(path toX toY (Panel.dotSize p - 1) s) |> ignore

    add
        $"<rect class=\"frame\" x=\"%s{number x0}\" y=\"%s{number y1}\" width=\"%s{number plotWidth}\" height=\"%s{number plotHeight}\"/>"

    let middleX, middleY = number ((x0 + x1) / 2.0), number ((y0 + y1) / 2.0)
    let encode (text: string) = WebUtility.HtmlEncode text
    add $"<text x=\"%s{middleX}\" y=\"%s{number (y0 + 36.0)}\" text-anchor=\"middle\">%s{encode p.Axes[0]}</text>"
    let turned = $"transform=\"translate(%s{number (offset + 14.0)} %s{middleY}) rotate(-90)\""
    add $"<text %s{turned} text-anchor=\"middle\">%s{encode p.Axes[1]}</text>"
    string svg

/// The legend, in rows as wide as the picture, and how high it is. Widths of text are guessed: 7 pixels a letter.
let private legend width (y: float) (series: Series[]) =
    let place (x, y) (s: Series) =
        let entry = 28.0 + 7.0 * float s.Name.Length
        let x, y = if x + entry > width && x > left then left, y + 20.0 else x, y
        (x, y), (x + entry, y)

    let places, (_, last) = series |> Array.mapFold place (left, y)

    let entry (x, y) (s: Series) =
        let sample = {
            s with
                Along =
                    (if s.Mark = Dots then
                         [| [| x + 6.0 |]; [| y - 4.0 |] |]
                     else
                         [| [| x; x + 14.0 |]; [| y - 4.0; y - 4.0 |] |])
        }

        $"%s{path id id 8 sample}<text x=\"%s{number (x + 18.0)}\" y=\"%s{number y}\">%s{WebUtility.HtmlEncode s.Name}</text>\n"

    String.concat "" (Array.map2 entry places series), last + 12.0

/// The SVG file of panels side by side, with one legend below them.
let draw (title: string) (panels: Panel[]) : string =
    let plotHeight = if Array.exists _.EqualScales panels then plotWidth else 0.7 * plotWidth
    let step = left + plotWidth + right
    let width = step * float panels.Length
    let below, height = legend width (top + plotHeight + bottom + 14.0) (Panel.legend panels)
    let drawn = panels |> Array.mapi (fun i p -> panel plotHeight (step * float i) p) |> String.concat ""

    $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %s{number width} %s{number height}\" \
      width=\"%s{number width}\" height=\"%s{number height}\">\n\
      <title>%s{WebUtility.HtmlEncode title}</title>\n<style>%s{style}</style>\n%s{drawn}%s{below}</svg>\n"
