namespace Vae.Core

open System

/// A point a pen passes through; at a corner it may turn sharply. X is to the right, Y down.
[<Struct>]
type internal PenPoint = { X: float; Y: float; Corner: bool }

/// A round pen on a grey image. Only + - * / sqrt and floor are used, whose results IEEE 754 fixes to the last bit, so
/// that the same strokes give the same bytes on every machine.
[<RequireQualifiedAccess>]
module internal Pen =
    /// Straight pieces of a curve between two of its points.
    let private pieces = 5

    /// Pixels over which the ink fades at the edge of a stroke.
    let private edge = 1.25

    /// The smooth curve through the points as a chain of short straight pieces: cubic Hermite pieces with the tangents of
    /// Catmull and Rom ("A class of local interpolating splines", 1974), one-sided at ends and corners.
    let curve (points: PenPoint[]) : struct (float * float)[] =
        let last = points.Length - 1
        let chain = Array.zeroCreate (pieces * last + 1)

        /// The tangent at point i of the piece from point a = i or i - 1 to the next.
        let tangent i a =
            let smooth = i > 0 && i < last && not points[i].Corner
            let before, after = if smooth then points[i - 1], points[i + 1] else points[a], points[a + 1]
            let half = if smooth then 0.5 else 1.0
            struct (half * (after.X - before.X), half * (after.Y - before.Y))

        for i in 0 .. last - 1 do
            let p, q = points[i], points[i + 1]
            let struct (px, py) = tangent i i
            let struct (qx, qy) = tangent (i + 1) i

            for k in 0 .. pieces - 1 do
                let t = float k / float pieces
                let s = 1.0 - t
                let fromP, fromQ = (1.0 + 2.0 * t) * s * s, t * t * (3.0 - 2.0 * t)
                let alongP, alongQ = t * s * s, t * t * s

                chain[pieces * i + k] <-
                    struct (fromP * p.X + alongP * px + fromQ * q.X - alongQ * qx,
                            fromP * p.Y + alongP * py + fromQ * q.Y - alongQ * qy)

        chain[pieces * last] <- struct (points[last].X, points[last].Y)
        chain

    /// Lowers the squared distances of the pixels near a straight piece to their squared distances from it.
    let private approach side reach (nearest: float[]) (struct (ax, ay): struct (float * float)) (struct (bx, by)) =
        let dx, dy = bx - ax, by - ay
        let lengthSquared = dx * dx + dy * dy
        let inverse = if lengthSquared > 0.0 then 1.0 / lengthSquared else 0.0
        let first a b = max 0 (int (floor (min a b - reach)))
        let final a b = min (side - 1) (int (floor (max a b + reach)) + 1)

        for row in first ay by .. final ay by do
            for column in first ax bx .. final ax bx do
                let x, y = float column - ax, float row - ay
                let along = min 1.0 (max 0.0 ((x * dx + y * dy) * inverse))
                let ex, ey = x - along * dx, y - along * dy
                let squared = ex * ex + ey * ey
                let pixel = row * side + column

                if squared < nearest[pixel] then
                    nearest[pixel] <- squared

    /// Draws strokes of a width (in pixels) into a square image: 0 is paper, 255 is ink. Pixel (0, 0) is the centre of the
    /// upper left one.
    let draw (side: int) (width: float) (strokes: PenPoint[][]) (image: Span<byte>) =
        let radius = 0.5 * width
        let reach = radius + 0.5 * edge
        let nearest = Array.create (side * side) infinity

        for stroke in strokes do
            let chain = curve stroke

            for i in 1 .. chain.Length - 1 do
                approach side reach nearest chain[i - 1] chain[i]

        for pixel in 0 .. nearest.Length - 1 do
            let squared = nearest[pixel]

            image[pixel] <-
                if squared >= reach * reach then
                    0uy
                else
                    byte (floor (255.0 * min 1.0 ((reach - sqrt squared) / edge) + 0.5))
