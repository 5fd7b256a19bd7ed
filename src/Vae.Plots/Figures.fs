namespace Vae.Plots

/// The losses of a run over its epochs, nats per image. The four arrays are equally long.
type LossCurve = {
    /// When each was measured.
    Epoch: float[]
    /// What training makes small: reconstruction + KL.
    Total: float[]
    Reconstruction: float[]
    Kl: float[]
}

/// The figures of a run. Each has a name (its file name: letters, digits, '-', '_'), a title and a caption.
/// Images are arrays of pixels in [0, 1], row by row from the top; values beyond are drawn as black or white.
/// Errors: ArgumentException naming the argument for rows of unequal length, counts that differ, NaN and infinity.
[<AbstractClass; Sealed>]
type Figures private () =
    static let picture label raster = { Label = label; Raster = Mosaic.toReadable raster }

    static let checkTiles width height columns =
        Check.positive (nameof width) width
        Check.positive (nameof height) height
        Check.positive (nameof columns) columns

    static let checkCloud dimensions points labels classNames =
        Check.rows (nameof points) dimensions "coordinates" points
        Check.labels labels points classNames

    static let checkCurve (argument: string) (curve: LossCurve) =
        let part (name: string) (values: float[]) =
            let name = $"%s{argument}.%s{name}"
            Check.notEmpty name values
            Check.sameCount name values.Length curve.Epoch.Length "epochs"
            Check.finite name values

        Check.notNull argument curve
        Check.notEmpty $"%s{argument}.Epoch" curve.Epoch
        Check.finite $"%s{argument}.Epoch" curve.Epoch
        part "Total" curve.Total
        part "Reconstruction" curve.Reconstruction
        part "Kl" curve.Kl

    static let lossPanels (curves: (string * Mark * LossCurve)[]) =
        let panel (parts: (string * string * (LossCurve -> float[]))[]) = {
            Axes = [| "epoch"; "nats per image" |]
            EqualScales = false
            Counts = true
            Names = [||]
            Series = [|
                for part, colour, values in parts do
                    for set, mark, curve in curves do
                        {
                            Name = (if set = "" then part else $"%s{part}, %s{set}")
                            Colour = colour
                            // A line of one epoch could not be seen.
                            Mark = (if curve.Epoch.Length = 1 then Dots else mark)
                            Along = [| curve.Epoch; values curve |]
                        }
            |]
        }

        // KL is a small part of the total: on an axis of its own it can be seen to move.
        Panels [|
            panel [| "total", Palette.ofClass 0, _.Total; "reconstruction", Palette.ofClass 6, _.Reconstruction |]
            panel [| "KL", Palette.ofClass 4, _.Kl |]
        |]

    /// Images side by side, row by row: a manifold, samples. Images are of width x height pixels.
    static member ImageGrid(name, title, caption, images: float32[][], width: int, height: int, columns: int) =
        checkTiles width height columns
        Check.picture (nameof images) (Check.countOf images) width height columns
        Check.rows (nameof images) (width * height) "pixels" images
        Figure(name, title, caption, Pictures [| images |> Mosaic.grid width height columns |> picture "" |])

    /// Grids of images beside each other, each under its label: slices of a manifold.
    static member ImageGrids
        (name, title, caption, labels: string[], grids: float32[][][], width: int, height: int, columns: int)
        =
        checkTiles width height columns
        Check.notEmpty (nameof grids) grids
        Check.notNull (nameof labels) labels
        Check.sameCount (nameof labels) labels.Length grids.Length "grids"

        let one i (images: float32[][]) =
            Check.notNull $"labels[%d{i}]" labels[i]
            Check.picture $"grids[%d{i}]" (Check.countOf images) width height columns
            Check.rows $"grids[%d{i}]" (width * height) "pixels" images
            images |> Mosaic.grid width height columns |> picture labels[i]

        Figure(name, title, caption, Pictures(Array.mapi one grids))

    /// Pairs of rows: originals above, the reconstruction of each below it. The caption is told so at its end.
    static member Reconstructions
        (
            name,
            title,
            caption: string,
            originals: float32[][],
            reconstructions: float32[][],
            width: int,
            height: int,
            columns: int
        ) =
        checkTiles width height columns
        Check.notNull (nameof caption) caption
        Check.picture (nameof originals) (2 * Check.countOf originals) width height columns
        Check.rows (nameof originals) (width * height) "pixels" originals
        Check.rows (nameof reconstructions) (width * height) "pixels" reconstructions
        Check.sameCount (nameof reconstructions) reconstructions.Length originals.Length "originals"
        let raster = Mosaic.pairs width height columns originals reconstructions

        let caption =
            $"%s{caption} In each pair of rows the originals are above and their reconstructions below."

        Figure(name, title, caption.Trim(), Pictures [| picture "" raster |])

    /// A cloud of n points (n rows of 2) coloured by class; `labels` are indices into `classNames`.
    static member LatentScatter(name, title, caption, points: float32[][], labels: int[], classNames: string[]) =
        checkCloud 2 points labels classNames
        Figure(name, title, caption, Panels [| Panel.ofClasses [| 0; 1 |] points labels classNames |])

    /// The same with the contours of a Gaussian prior N(loc, covariance) at 1, 2 and 3 standard deviations, which hold
    /// 39, 86 and 99 percent of it.
    static member LatentScatterWithPrior
        (
            name,
            title,
            caption,
            points: float32[][],
            labels: int[],
            classNames: string[],
            loc: float[],
            covariance: float[,]
        ) =
        checkCloud 2 points labels classNames
        let cloud = Panel.ofClasses [| 0; 1 |] points labels classNames

        let contour k =
            let x, y = Ellipse.contour loc covariance k

            {
                Name = "prior at 1, 2, 3 sd"
                Colour = Palette.overlay
                Mark = Outline
                Along = [| x; y |]
            }

        let contours = Array.map contour [| 1.0; 2.0; 3.0 |]
        Figure(name, title, caption, Panels [| { cloud with Series = Array.append cloud.Series contours } |])

    /// A cloud of n points (n rows of 3) that can be turned.
    static member Scatter3D(name, title, caption, points: float32[][], labels: int[], classNames: string[]) =
        checkCloud 3 points labels classNames
        Figure(name, title, caption, Panels [| Panel.ofClasses [| 0; 1; 2 |] points labels classNames |])

    /// A cloud of n points (n rows of 3) seen along each of its axes.
    static member Projections(name, title, caption, points: float32[][], labels: int[], classNames: string[]) =
        checkCloud 3 points labels classNames
        let cloud = Panel.ofClasses [| 0; 1; 2 |] points labels classNames
        Figure(name, title, caption, Panels(Panel.flatten cloud))

    /// Total and reconstruction over the epochs, and KL on an axis of its own.
    static member LossCurves(name, title, caption, training: LossCurve) =
        checkCurve (nameof training) training
        Figure(name, title, caption, lossPanels [| "", Curve, training |])

    /// The same for training and, dashed, validation.
    static member LossCurves(name, title, caption, training: LossCurve, validation: LossCurve) =
        checkCurve (nameof training) training
        checkCurve (nameof validation) validation

        Figure(
            name,
            title,
            caption,
            lossPanels [| "training", Curve, training; "validation", DashedCurve, validation |]
        )
