namespace Vae.Plots

open System

/// What stands in one column of a table and what a model puts there: numbers, without those that are missing.
type Marginal = {
    Column: string
    /// What the numbers 0, 1, ... stand for; none where they are numbers.
    Levels: string[]
    Data: float[]
    Samples: float[]
}

/// Classes of the rows of a table by one of its columns.
type Coloring = {
    Column: string
    /// The classes have an order, from little to much.
    IsOrdered: bool
    /// One for each row: indices into `ClassNames`.
    Labels: int[]
    ClassNames: string[]
}

/// The figures of a model of a table. Errors are those of `Figures`.
[<AbstractClass; Sealed>]
type TableFigures private () =
    static let data, samples = Palette.ofClass 0, Palette.ofClass 6

    static let share (values: float[]) (isIn: float -> bool) =
        float (values |> Array.filter isIn |> Array.length) / float values.Length

    /// The outline of bars: where each begins, where it ends, and how high it is.
    static let bars name colour (places: (float * float)[]) (heights: float[]) = {
        Name = name
        Colour = colour
        Mark = Curve
        Along = [|
            places |> Array.collect (fun (left, right) -> [| left; left; right; right |])
            heights |> Array.collect (fun height -> [| 0.0; height; height; 0.0 |])
        |]
    }

    /// The share of each level.
    static let ofLevels (m: Marginal) : Panel =
        let places = Array.init m.Levels.Length (fun level -> float level - 0.35, float level + 0.35)

        let series name colour values =
            bars name colour places (Array.init m.Levels.Length (fun level -> share values ((=) (float level))))

        {
            Axes = [| m.Column; "share" |]
            EqualScales = false
            Counts = true
            Names = m.Levels
            Series = [| series "data" data m.Data; series "samples" samples m.Samples |]
        }

    /// Bins of equal width between the quantiles of the data that hold all but a hundredth of it: what is further out is in the outermost.
    static let ofNumbers (m: Marginal) : Panel =
        let sorted = Array.sort m.Data
        let quantile p = sorted[int (p * float (sorted.Length - 1))]
        let low, high = quantile 0.005, quantile 0.995
        let low, high = if high > low then low, high else low - 0.5, low + 0.5
        let bins = Math.Clamp(int (sqrt (float m.Data.Length)), 8, 40)
        let edge i = low + (high - low) * float i / float bins

        let heights (values: float[]) =
            let counts = Array.zeroCreate<float> bins

            for x in values do
                let bin = Math.Clamp(int (float bins * (x - low) / (high - low)), 0, bins - 1)
                counts[bin] <- counts[bin] + 1.0 / float values.Length

            counts

        let places = Array.init bins (fun i -> edge i, edge (i + 1))
        let series name colour values = heights values |> bars name colour places

        {
            Axes = [| m.Column; "share" |]
            EqualScales = false
            Counts = false
            Names = [||]
            Series = [| series "data" data m.Data; series "samples" samples m.Samples |]
        }

    static let checkMarginal i (m: Marginal) =
        let at part = $"columns[%d{i}].%s{part}"
        Check.notNull $"columns[%d{i}]" m
        Check.notNull (at "Column") m.Column
        Check.notNull (at "Levels") m.Levels
        Check.notEmpty (at "Data") m.Data
        Check.notEmpty (at "Samples") m.Samples
        Check.finite (at "Data") m.Data
        Check.finite (at "Samples") m.Samples

    /// How often what stands in each column, in the data and in the samples of a model.
    static member Marginals(name, title, caption, columns: Marginal[]) =
        Check.notEmpty (nameof columns) columns
        columns |> Array.iteri checkMarginal
        let panel (m: Marginal) = if m.Levels.Length > 0 then ofLevels m else ofNumbers m
        Figure(name, title, caption, Panels(Array.map panel columns))

    /// Numbers of the data against the same numbers of the samples: on the line they are equal.
    static member Agreement(name, title, caption, quantity: string, ofData: float[], ofSamples: float[]) =
        Check.notNull (nameof quantity) quantity
        Check.notEmpty (nameof ofData) ofData
        Check.notNull (nameof ofSamples) ofSamples
        Check.sameCount (nameof ofSamples) ofSamples.Length ofData.Length "numbers of the data"
        Check.finite (nameof ofData) ofData
        Check.finite (nameof ofSamples) ofSamples
        let both = Array.append ofData ofSamples
        let ends = [| Array.min both; Array.max both |]

        let panel = {
            Axes = [| $"%s{quantity} of the data"; "of the samples" |]
            EqualScales = true
            Counts = false
            Names = [||]
            Series = [|
                {
                    Name = "equal"
                    Colour = Palette.overlay
                    Mark = Outline
                    Along = [| ends; ends |]
                }
                {
                    Name = "pairs of columns"
                    Colour = samples
                    Mark = Dots
                    Along = [| ofData; ofSamples |]
                }
            |]
        }

        Figure(name, title, caption, Panels [| panel |])

    /// A cloud of n points (n rows of 2), coloured by one of several columns: which, the reader chooses.
    static member Codes(name, title, caption, points: float32[][], colorings: Coloring[]) =
        Check.notEmpty (nameof colorings) colorings

        let panel i (c: Coloring) =
            Check.notNull $"colorings[%d{i}]" c
            Check.notNull $"colorings[%d{i}].Column" c.Column
            Check.rows (nameof points) 2 "coordinates" points
            Check.labels c.Labels points c.ClassNames
            let colour = if c.IsOrdered then Palette.ordered c.ClassNames.Length else Palette.ofClass
            c.Column, Panel.ofColoured colour [| 0; 1 |] points c.Labels c.ClassNames

        Figure(name, title, caption, Choices(Array.mapi panel colorings))
