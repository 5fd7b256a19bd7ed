namespace Vae.Core

open System
open System.Threading.Tasks

/// What one drawn digit is like: its true factors.
type DigitStyle = {
    /// The digit, 0 to 9.
    Class: int
    /// The way it is written, 0 to 2.
    Variant: int
    /// The lean to the right: columns per row.
    Slant: float
    /// The width of the pen in pixels.
    Width: float
    /// The sine of the angle of rotation, clockwise.
    Rotation: float
    /// The size: at 1 a digit is 20 pixels tall with a pen 3 pixels wide.
    Scale: float
    /// What the width of the digit is multiplied by.
    Aspect: float
    /// The shift to the right, in pixels.
    ShiftX: float
    /// The shift down, in pixels.
    ShiftY: float
}

/// Handwritten-looking digits that the library draws itself, 28 x 28 grey levels as MNIST's: no download, as many as
/// wanted, with their true factors. An image depends on its key alone, and its bytes are the same on every machine.
[<RequireQualifiedAccess>]
module Digits =
    /// Rows and columns of an image.
    let side = 28

    /// The names of the factors, in the order in which they are stored.
    let factorNames: string[] = [|
        "class"
        "variant"
        "slant"
        "width"
        "rotation"
        "scale"
        "aspect"
        "shiftX"
        "shiftY"
    |]

    let private factors style = [|
        float style.Class
        float style.Variant
        style.Slant
        style.Width
        style.Rotation
        style.Scale
        style.Aspect
        style.ShiftX
        style.ShiftY
    |]

    /// The n-th number of a key that is nearly standard normal: four uniform ones added up, within +-3.47.
    /// The exact normal law needs logarithms, whose last bit differs between machines.
    let private bell n key =
        let u i = Key.unitAt (4L * int64 n + i) key
        (u 0L + u 1L + u 2L + u 3L - 2.0) * sqrt 3.0

    let private between low high n key = low + (high - low) * Key.unitAt n key

    /// A style at random, every factor independent of the others.
    let style (key: Key) : DigitStyle =
        let even, bent = Key.split key
        let choice count n = int (floor (float count * Key.unitAt n even))
        let tangentOfHalf = 0.04 * bell 1 bent

        {
            Class = choice 10 0L
            Variant = choice Glyphs.variants 1L
            Slant = 0.17 + 0.17 * bell 0 bent
            Width = between 1.6 3.8 2L even
            Rotation = 2.0 * tangentOfHalf / (1.0 + tangentOfHalf * tangentOfHalf)
            Scale = between 0.82 1.08 3L even
            Aspect = between 0.8 1.5 4L even
            ShiftX = between -1.5 1.5 5L even
            ShiftY = between -1.5 1.5 6L even
        }

    /// The strokes of a glyph as one hand writes them: bent as a whole, and every point a little off.
    let private write (key: Key) (strokes: PenPoint[][]) : PenPoint[][] =
        let bend = Array.init 4 (fun i -> 0.08 * bell i key)
        let mutable drawn = 4

        let offset () =
            drawn <- drawn + 1
            0.05 * bell drawn key

        strokes
        |> Array.map (
            Array.map (fun p -> {
                p with
                    X = p.X + bend[0] * p.Y * p.Y + bend[1] * p.X * p.Y + offset ()
                    Y = p.Y + bend[2] * p.X * p.X + bend[3] * p.X * p.Y + offset ()
            })
        )

    /// From the box of a glyph to pixels.
    let private place style (p: PenPoint) =
        let sine = style.Rotation
        let cosine = sqrt (1.0 - sine * sine)
        let size = 8.5 * style.Scale
        let x = p.X * style.Aspect - style.Slant * p.Y
        let centre = 0.5 * float (side - 1)

        {
            p with
                X = centre + style.ShiftX + size * (x * cosine - p.Y * sine)
                Y = centre + style.ShiftY + size * (x * sine + p.Y * cosine)
        }

    let private renderInto style key (image: Span<byte>) =
        let strokes = Glyphs.strokes style.Class style.Variant |> write key
        Pen.draw side style.Width (Array.map (Array.map (place style)) strokes) image

    let private check (style: DigitStyle) =
        let within name low high (value: float) =
            if not (value >= low && value <= high) then
                invalidArg (nameof style) $"the %s{name} is %g{value}: it lies between %g{low} and %g{high}"

        within "class" 0.0 9.0 (float style.Class)
        within "variant" 0.0 (float (Glyphs.variants - 1)) (float style.Variant)
        within "slant" -2.0 2.0 style.Slant
        within "width" 0.5 10.0 style.Width
        within "rotation" -1.0 1.0 style.Rotation
        within "scale" 0.1 2.0 style.Scale
        within "aspect" 0.1 3.0 style.Aspect
        within "shiftX" -28.0 28.0 style.ShiftX
        within "shiftY" -28.0 28.0 style.ShiftY

    /// The 28 x 28 grey levels of a digit of a style in the hand of a key, row by row: 0 is paper, 255 is ink.
    /// With one key and changing styles, one factor can be seen at work.
    let render (style: DigitStyle) (key: Key) : byte[] =
        check style
        let image = Array.zeroCreate (side * side)
        renderInto style key (image.AsSpan())
        image

    /// `count` digits whose styles are drawn at random and then changed, called "digits": of shape [1; 28; 28], labelled
    /// by class, with their factors. Image i depends only on the change, the key and i.
    let drawWith (change: DigitStyle -> DigitStyle) (key: Key) (count: int) : Data =
        let size = side * side
        let most = Array.MaxLength / size

        if count < 1 || count > most then
            invalidArg (nameof count) $"%d{count} digits cannot be drawn at once: at least 1, at most %d{most}"

        let pixels = Array.zeroCreate (count * size)
        let keys = Array.init count (fun i -> Key.split (Key.fold i key))
        let styles = keys |> Array.map (fst >> style >> change)
        styles |> Array.iter check

        Parallel.For(0, count, fun i -> renderInto styles[i] (snd keys[i]) (pixels.AsSpan(i * size, size)))
        |> ignore

        Data.adopt "digits" [| 1L; int64 side; int64 side |] 255.0 (Array.map _.Class styles) pixels
        |> Data.withFactors factorNames (Array.map factors styles)

    /// `count` digits of random classes and styles, called "digits": of shape [1; 28; 28], labelled by class, with their
    /// factors. Image i depends only on the key and i.
    let draw (key: Key) (count: int) : Data = drawWith id key count

    /// `count` digits of one class (0 to 9), as `draw` gives them.
    let drawClass (digit: int) (key: Key) (count: int) : Data =
        drawWith (fun style -> { style with Class = digit }) key count
