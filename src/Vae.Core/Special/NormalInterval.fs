namespace Vae.Core

open System

/// Shares of an interval [a, b] of the standard normal law, of numbers, however far out it lies and however short it is:
/// masses are in units of the density at the interval's point nearest to 0, so that nothing underflows.
[<RequireQualifiedAccess>]
module internal NormalInterval =
    /// The integral over [0, width] of e^(-a u - u^2/2), for a >= 0. Short intervals need quadrature: there the
    /// difference of two tails cancels.
    let private beyond (a: float) (width: float) =
        let fall = width * (a + 0.5 * width)

        if width <= 0.0 then
            0.0
        elif fall < 1.0 then
            Quadrature.integral width (fun u -> exp (-u * (a + 0.5 * u)))
        else
            NormalTail.mills a - exp -fall * NormalTail.mills (a + width)

    let private mass (a: float) (b: float) (width: float) =
        if a >= 0.0 then beyond a width
        elif b <= 0.0 then beyond -b width
        else beyond 0.0 -a + beyond 0.0 b

    /// log of the share of [a, b] that lies below the point `above` over a and `under` below b.
    let logShare (above: float) (under: float) (a: float) (b: float) =
        let v = a + above

        // Half the difference of the squares of the points nearest to 0: of the part, and of the whole.
        let fall =
            if a >= 0.0 then 0.0
            elif b <= 0.0 then 0.5 * under * (-v - b)
            elif v < 0.0 then 0.5 * v * v
            else 0.0

        log (mass a v above / mass a b (above + under)) - fall

    /// d log mass(a, v) / dv
    let private slope (a: float) (v: float) (above: float) =
        if a >= 0.0 then exp (-0.5 * above * (a + v)) / beyond a above
        elif v <= 0.0 then 1.0 / beyond -v above
        else exp (-0.5 * v * v) / (beyond 0.0 -a + beyond 0.0 v)

    /// Where to begin: below the root for a >= 0, where the density is at most that at a; else from the tail's inverse.
    let private start (a: float) (b: float) (width: float) (p: float) =
        if a >= 0.0 then
            p * mass a b width
        else
            let logBelow = NormalTail.logCdf a
            let nearest = min b 0.0
            let logPart = log p + log (mass a b width) - 0.5 * nearest * nearest - 0.5 * log (2.0 * Math.PI)
            let top = max logBelow logPart
            let logCdf = top + Elementary.log1p (exp (min logBelow logPart - top))
            let above = NormalTail.quantileOfLog (min logCdf -1e-17) - a
            if above > 0.0 && above < width then above else p * width

    /// The distance over a of the point with a share p <= 1/2 of [a, b] below it.
    let private lower (a: float) (b: float) (width: float) (p: float) =
        let move (x: float) (step: float) = x * exp (max -3.0 (min 3.0 (step / x)))

        Invert.newton move 0.0 width (start a b width p) (fun above ->
            struct (logShare above (width - above) a b - log p, slope a (a + above) above))

    /// The same point by its distance from b, if that is the nearer end: Newton's steps to the same share.
    let private fromOther (a: float) (b: float) (width: float) (p: float) (above: float) =
        let step (under: float) =
            let above = width - under
            let next = under + (logShare above under a b - log p) / slope a (a + above) above
            if next > 0.0 && next < width then next else under

        step (step (width - above))

    /// Where the share p in (0, 1) of [a, b], of a given width, lies below: the distance from a if it is positive, and else
    /// the distance from b with its sign changed, whichever end is the nearer.
    let quantile (p: float) (a: float) (b: float) (width: float) =
        let signed isLower a b p =
            let above = lower a b width p
            let sign = if isLower then 1.0 else -1.0

            if above <= 0.5 * width then
                sign * above
            else
                -sign * fromOther a b width p above

        if p <= 0.5 then signed true a b p else signed false -b -a (1.0 - p)
