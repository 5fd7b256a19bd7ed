namespace Vae.Plots

open System

/// Grey pixels, row by row from the top, 0 for black and 255 for white.
type internal Raster = { Width: int; Height: int; Pixels: byte[] }

/// Tiles of one size arranged on a raster. Arguments are checked by the callers.
[<RequireQualifiedAccess>]
module internal Mosaic =
    /// Between neighbouring tiles, in pixels of a tile.
    let gap = 1

    /// Between the pairs of rows of a comparison.
    let private wideGap = 5

    /// The grey of the gaps: apart from the black of a digit's ground, yet quieter than its strokes.
    let gapLevel = 48uy

    let private level (pixel: float32) = byte (MathF.Round(255.0f * Math.Clamp(pixel, 0.0f, 1.0f)))

    /// Draws tiles with their top left corners at the given places.
    let private paint (rasterWidth, rasterHeight) width height (tiles: (int * int * float32[]) seq) =
        let pixels = Array.create (rasterWidth * rasterHeight) gapLevel

        for left, top, tile in tiles do
            for y in 0 .. height - 1 do
                for x in 0 .. width - 1 do
                    pixels[(top + y) * rasterWidth + left + x] <- level tile[y * width + x]

        { Width = rasterWidth; Height = rasterHeight; Pixels = pixels }

    /// Length of a run of n tiles with a gap between neighbours.
    let private run n size = n * size + (n - 1) * gap

    /// Images row by row; a last row that is not full ends in the grey of the gaps.
    let grid width height columns (images: float32[][]) : Raster =
        let columns = min columns images.Length
        let rows = (images.Length + columns - 1) / columns

        images
        |> Seq.mapi (fun i image -> i % columns * (width + gap), i / columns * (height + gap), image)
        |> paint (run columns width, run rows height) width height

    /// Pairs of rows: originals above, what was made of each below it.
    let pairs width height columns (above: float32[][]) (below: float32[][]) : Raster =
        let columns = min columns above.Length
        let rows = (above.Length + columns - 1) / columns
        let pairHeight = run 2 height

        Seq.zip above below
        |> Seq.indexed
        |> Seq.collect (fun (i, (original, made)) ->
            let left, top = i % columns * (width + gap), i / columns * (pairHeight + wideGap)
            [ left, top, original; left, top + height + gap, made ])
        |> paint (run columns width, rows * pairHeight + (rows - 1) * wideGap) width height

    /// Every pixel repeated in a square of n x n.
    let enlarge n (raster: Raster) : Raster =
        let width, height = n * raster.Width, n * raster.Height

        {
            Width = width
            Height = height
            Pixels = Array.init (width * height) (fun i -> raster.Pixels[i / width / n * raster.Width + i % width / n])
        }

    /// Enlarged by the largest whole number, 8 at most, that leaves it at most 1,200 pixels wide: sharp on any screen.
    let toReadable (raster: Raster) : Raster = enlarge (Math.Clamp(1200 / raster.Width, 1, 8)) raster
