namespace Vae.Core

open TorchSharp

/// A monotone rational-quadratic spline on [-bound, bound] and the identity outside, element by element. The n bins have
/// widths and heights that are softmaxes, and slopes at the n - 1 knots between them that are softpluses, of numbers that
/// may be anything: where all are 0 the map is the identity. Least width and height are 1/1000 of the range, least slope
/// 1/1000.
/// C. Durkan, A. Bekasov, I. Murray and G. Papamakarios, "Neural spline flows", 2019, section 3.1.
[<Sealed>]
type SplineTransform private (bound: float, widths: Tensor, heights: Tensor, slopes: Tensor) =
    inherit Transform()

    static let least = 1e-3

    /// The knots from -bound to bound, exactly at both ends, for sizes [..., n]: [..., n + 1].
    let knots (sizes: Tensor) =
        let n = Array.last sizes.shape
        let shares = least .+ ((1.0 - least * float n) .* sizes.softmax -1L)
        let inner = -bound .+ (2.0 * bound .* (shares.narrow(-1L, 0L, n - 1L).cumsum -1L))
        let low = torch.full_like (sizes.narrow (-1L, 0L, 1L), (-bound).AsScalar())
        torch.cat ([| low; inner; low.neg () |], -1L)

    /// The slopes at the knots, 1 at both ends. The shift makes the slope of 0 one.
    let knotSlopes () =
        let shift = log (exp (1.0 - least) - 1.0)
        let one = torch.ones_like (slopes.narrow (-1L, 0L, 1L))
        torch.cat ([| one; least .+ Logistic.softplus (shift .+ slopes); one |], -1L)

    /// The bins that points lie in by knots of their own side: x and y of the left knot, width, height, both slopes.
    let bins (bySide: Tensor -> Tensor -> Tensor) (t: Tensor) =
        let x, y, d = knots widths, knots heights, knotSlopes ()
        let inner = (bySide x y).narrow(-1L, 1L, Array.last x.shape - 2L)
        let index = t.unsqueeze(-1L).ge(inner).sum(-1L, keepdim = true)

        let at (index: Tensor) (table: Tensor) =
            let all = Array.append (fst (Shape.splitLast 1 index.shape)) [| Array.last table.shape |]
            (table.expand all).gather(-1L, index).squeeze -1L

        let next = index .+. torch.ones_like index
        let x0, y0 = at index x, at index y
        x0, y0, at next x - x0, at next y - y0, at index d, at next d

    let inside (t: Tensor) = t.abs().lt(bound.AsScalar())
    let clamped (t: Tensor) = t.clamp ((-bound).AsScalar(), bound.AsScalar())

    /// From the bound and widths and heights [..., n], slopes [..., n - 1], where [...] broadcasts with x. Refuses a bound
    /// that is not positive, and bins that do not fit: fewer than 2, more than 999, or numbers of heights or slopes that
    /// are not those of the widths.
    static member Create(bound: float, widths: Tensor, heights: Tensor, slopes: Tensor) =
        Check.positiveFloat (nameof bound) bound
        Check.finite (nameof widths) widths
        let n = Check.vectors (nameof widths) widths

        if n < 2L || least * float n >= 1.0 then
            Check.refuse (nameof widths) $"of %d{n} bins" "at least 2 bins and at most 999"

        for name, values, expected in [ nameof heights, heights, n; nameof slopes, slopes, n - 1L ] do
            Check.finite name values
            Check.together (nameof widths) widths name values
            let count = Check.vectors name values

            if count <> expected then
                Check.refuse name $"of %d{count} numbers" $"%d{expected}, as there are %d{n} bins"

        let batch (t: Tensor) = fst (Shape.splitLast 1 t.shape)
        let both = Shape.broadcast (nameof widths) (batch widths) (nameof heights) (batch heights)
        let all = Shape.broadcast (nameof widths) both (nameof slopes) (batch slopes)
        let fill (t: Tensor) = t.expand (Array.append all [| Array.last t.shape |])
        SplineTransform(bound, fill widths, fill heights, fill slopes)

    /// Where the identity begins.
    member _.Bound = bound
    /// The logarithms of the widths of the bins, but for a constant.
    member _.Widths = widths
    /// The logarithms of the heights of the bins, but for a constant.
    member _.Heights = heights
    /// What the slopes at inner knots are made of.
    member _.Slopes = slopes

    /// The places of the knots: x and y, [..., n + 1].
    member _.Knots: Tensor * Tensor = Tensor.scopedPair (fun () -> knots widths, knots heights)

    override _.Name = "spline"
    override _.Direction = Some Direction.Increasing

    /// With z the place in the bin and s its mean slope: y0 + h (s z^2 + d0 z (1 - z)) / (s + (d0 + d1 - 2 s) z (1 - z)).
    override _.Map x =
        let x0, y0, w, h, d0, d1 = bins (fun x _ -> x) (clamped x)
        let z, s = (clamped x - x0) / w, h / w
        let both = z * (1.0 .+ z.neg ())
        // The denominator as a sum of positive terms.
        let denominator = s * (1.0 .+ -2.0 .* both) .+. (d0 .+. d1) * both
        let y = y0 .+. h * (s * z.squared () .+. d0 * both) / denominator
        torch.where (inside x, y, x)

    /// The root in [0, 1] of the quadratic equation of z, in the form of equation 29 that does not cancel.
    override _.Back y =
        let x0, y0, w, h, d0, d1 = bins (fun _ y -> y) (clamped y)
        let s, up = h / w, clamped y - y0
        let bend = up * (d0 .+. d1 - 2.0 .* s)
        let a, b, c = h * (s - d0) .+. bend, h * d0 - bend, (s * up).neg()
        let root = (b.squared () - 4.0 .* (a * c)).clamp_min(0.0.AsScalar()).sqrt()
        let z = 2.0 .* c / (b .+. root).neg()
        torch.where (inside y, x0 .+. w * z, y)

    /// log of s^2 (d1 z^2 + 2 s z (1 - z) + d0 (1 - z)^2) / (s + (d0 + d1 - 2 s) z (1 - z))^2
    override _.LogSlope(x, _) =
        let x0, _, w, h, d0, d1 = bins (fun x _ -> x) (clamped x)
        let z, s = (clamped x - x0) / w, h / w
        let rest = 1.0 .+ z.neg ()
        let both = z * rest
        let denominator = s * (1.0 .+ -2.0 .* both) .+. (d0 .+. d1) * both
        let numerator = d1 * z.squared () .+. 2.0 .* (s * both) .+. d0 * rest.squared ()
        let slope = 2.0 .* s.log () .+. numerator.log () - 2.0 .* denominator.log ()
        torch.where (inside x, slope, torch.zeros_like slope)
