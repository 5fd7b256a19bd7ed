namespace Vae.Core

open System

/// Probabilities of arcs under the law of von Mises of a concentration kappa about 0, and the quantile on [-pi, pi] of one
/// about another centre. An arc is cut where the density is highest and lowest; on each piece it is integrated from where
/// it is higher, so that no digits are lost in either tail.
[<RequireQualifiedAccess>]
module internal VonMisesArc =
    let private versine (angle: float) =
        let half = sin (0.5 * angle)
        2.0 * half * half

    /// The integral of g(t) exp(-kappa (1 - cos t)) over [from, from + width], within [0, pi].
    let private piece (kappa: float) (from: float) (width: float) (g: float -> float) =
        let exponent v = 2.0 * kappa * sin (0.5 * v) * sin (from + 0.5 * v)

        // Followed to e^-45 of the value it starts with; the exponent increases.
        let rec shrink hi = if exponent (0.5 * hi) > 45.0 then shrink (0.5 * hi) else hi

        exp (-kappa * versine from)
        * Quadrature.integral (shrink width) (fun v -> g (from + v) * exp -(exponent v))

    /// The same over [start, start + width], for an even g and a width up to 2 pi.
    let private integral (kappa: float) (start: float) (width: float) (g: float -> float) =
        let rec add start width sum =
            if not (width > 0.0) then
                sum
            else
                let j = floor (start / Math.PI)
                let j = if (j + 1.0) * Math.PI <= start then j + 1.0 else j
                let step = min width ((j + 1.0) * Math.PI - start)

                let from =
                    if j % 2.0 = 0.0 then
                        start - j * Math.PI
                    else
                        (j + 1.0) * Math.PI - start - step

                add ((j + 1.0) * Math.PI) (width - step) (sum + piece kappa (max 0.0 from) step g)

        add start width 0.0

    let private total kappa = 2.0 * piece kappa 0.0 Math.PI (fun _ -> 1.0)

    /// loc without whole turns, in [-pi, pi].
    let centre (loc: float) = Math.IEEERemainder(loc, 2.0 * Math.PI)

    /// The probability of [-pi, x] under the law about loc.
    let lower (loc: float) (kappa: float) (x: float) =
        integral kappa (-Math.PI - centre loc) (x + Math.PI) (fun _ -> 1.0) / total kappa

    /// The probability of [x, pi].
    let upper (loc: float) (kappa: float) (x: float) = lower -loc kappa -x

    /// The x in [-pi, pi] below which the probability is p.
    let rec quantile (loc: float) (kappa: float) (p: float) : float =
        if p > 0.5 then
            -(quantile -loc kappa (1.0 - p))
        else
            // The law about 0 has its quantile; its argument is shifted by what is below -pi.
            let loc = centre loc

            let shifted =
                if loc >= 0.0 then
                    p - VonMisesCdf.survival kappa (Math.PI - loc)
                else
                    p + VonMisesCdf.cdf kappa (-Math.PI - loc)

            let angle =
                if shifted < 0.0 then
                    VonMisesCdf.upperQuantile kappa -shifted
                else
                    VonMisesCdf.quantile kappa shifted

            let x = max -Math.PI (min Math.PI (centre (loc + angle)))

            if p > 1e-3 then
                x
            else
                // Newton's steps in the logs of the probability and of the distance from -pi, for the digits that the shift
                // lost.
                let all = total kappa

                let improved (width: float) =
                    let value = integral kappa (-Math.PI - loc) width (fun _ -> 1.0) / all
                    let density = exp (-kappa * versine (width - Math.PI - loc)) / all

                    if value > 0.0 && density > 0.0 then
                        let step = log (value / p) * (value / density) / width
                        min (2.0 * Math.PI) (width * exp (max -3.0 (min 1.0 -step)))
                    else
                        min (2.0 * Math.PI) (1.1 * width)

                let rec polish left (width: float) =
                    let next = improved width

                    if left = 0 || not (abs (next - width) > 1e-9 * width) then
                        next
                    else
                        polish (left - 1) next

                let start = x + Math.PI
                polish 60 (if start > 0.0 && start < 6.0 then start else 1e-3) - Math.PI

    /// dx / dkappa at a fixed probability below x: -(dF/dkappa) / density.
    let slope (loc: float) (kappa: float) (x: float) =
        let all = total kappa
        let mean = 2.0 * piece kappa 0.0 Math.PI versine / all

        let gained (loc: float) (x: float) =
            integral kappa (-Math.PI - centre loc) (x + Math.PI) (fun t -> mean - versine t)

        // What the part below x gains, the part above it loses.
        let change = if x < centre loc then gained loc x else -(gained -loc -x)
        -change / exp (-kappa * versine (x - loc))
