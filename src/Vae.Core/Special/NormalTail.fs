namespace Vae.Core

open System

/// The standard normal law's two tails and their inverses, of numbers: relative errors of a few units of the last digit.
[<RequireQualifiedAccess>]
module NormalTail =
    /// (1 + z) survival(z) / density(z) in Chebyshev polynomials of (z - 4) / (z + 4), from 40-digit arithmetic; the first
    /// term left out is 5e-20. The variable is J. L. Schonfelder's, "Chebyshev expansions for the error function", 1978.
    let private coefficients = [|
        1.1670525350882472
        -0.1610195767134654
        -0.028002821825452974
        0.031674521892392657
        -0.012103231162345369
        0.0027056129762167095
        -0.00029931636202703166
        -1.7166865268793611e-05
        1.0178489264109868e-05
        -4.8948295700041922e-07
        -2.8440065001510478e-07
        3.0766283713811506e-08
        9.180378674469537e-09
        -1.2756102213808737e-09
        -3.660279376104134e-10
        4.5926359348595205e-11
        1.7189314687646526e-11
        -1.2726833698700693e-12
        -8.6680819133161882e-13
        1.1061557204136741e-15
        4.2750210770103334e-14
        3.7909376922639042e-15
        -1.8474103010592332e-15
        -4.0419094130708177e-16
        5.3408543850173581e-17
        2.9414799375900551e-17
        9.0766918236201422e-19
        -1.5916377861588117e-18
        -2.9355176837542782e-19
    |]

    let private logRootTwoPi = 0.5 * log (2.0 * Math.PI)

    /// survival(z) / density(z) for z >= 0: Mills' ratio.
    let internal mills (z: float) =
        if Double.IsPositiveInfinity z then
            0.0
        else
            Elementary.chebyshev coefficients ((z - 4.0) / (z + 4.0)) / (1.0 + z)

    /// exp(-z^2 / 2) / sqrt(2 pi); the rounding of the square is put back.
    let density (z: float) =
        if abs z > 40.0 then
            0.0
        else
            let square = z * z
            let lost = Math.FusedMultiplyAdd(z, z, -square)
            exp (-0.5 * square) * (1.0 - 0.5 * lost) / sqrt (2.0 * Math.PI)

    /// The probability above z.
    let rec survival (z: float) : float =
        if z < 0.0 then 1.0 - survival -z
        elif z > 40.0 then 0.0
        else density z * mills z

    /// The probability below z.
    let cdf (z: float) = survival -z

    /// The log of the probability above z.
    let logSurvival (z: float) =
        if z < 0.0 then
            Elementary.log1p (-(survival -z))
        else
            -0.5 * z * z - logRootTwoPi + log (mills z)

    /// The log of the probability below z.
    let logCdf (z: float) = logSurvival -z

    /// The z > 0 whose logSurvival is given, by Halley's steps from C. Hastings's approximation.
    let private above (logTail: float) =
        let t = sqrt (-2.0 * logTail)

        let start =
            t
            - Elementary.polynomial [| 2.515517; 0.802853; 0.010328 |] t
              / Elementary.polynomial [| 1.0; 1.432788; 0.189269; 0.001308 |] t

        let rec improve (z: float) left =
            let ratio = mills z
            let off = logSurvival z - logTail
            let next = z + off * ratio / (1.0 - 0.5 * off * (z * ratio - 1.0))

            if left = 0 || abs (next - z) <= 1e-16 * z then
                next
            else
                improve next (left - 1)

        if Double.IsNegativeInfinity logTail then infinity else improve start 6

    /// The z whose cdf is 1/2 + c, for |c| <= 1/4: Newton's steps on the series of the cdf's odd part.
    let private nearCentre (c: float) =
        let oddPart (z: float) =
            let mutable k, term, sum = 1.0, z, z

            while abs term > 1e-17 * abs sum do
                k <- k + 2.0
                term <- term * z * z / k
                sum <- sum + term

            sum

        let rec improve (z: float) left =
            let next = z + (c / density z - oddPart z)
            if left = 0 || next = z then next else improve next (left - 1)

        improve (c * sqrt (2.0 * Math.PI)) 8

    /// The z below which the probability is p in [0, 1]; NaN for other p.
    let quantile (p: float) =
        if p < 0.25 then above (log p) |> (~-)
        elif p > 0.75 then above (log (1.0 - p))
        else nearCentre (p - 0.5)

    /// The z above which the probability is q in [0, 1].
    let upperQuantile (q: float) = -(quantile q)

    /// The z below which the log of the probability is given: also for probabilities that underflow.
    let quantileOfLog (logP: float) =
        if logP < -1.4 then -(above logP)
        elif logP > -0.28 then above (log (-(Elementary.expm1 logP)))
        else nearCentre (exp logP - 0.5)
