namespace Vae.Core

open System

/// The regularised incomplete gamma functions P(a, x), the Gamma law's distribution function, and Q(a, x) = 1 - P(a, x), for
/// a > 0 and x >= 0; each is computed where it is the smaller, and both by their logs.
[<RequireQualifiedAccess>]
module IncompleteGamma =
    /// log(x^a e^-x / Gamma(a + 1)): Stirling's formula without its cancelling terms (C. Loader, "Fast and accurate
    /// computation of binomial probabilities", 2000).
    let private logPower (a: float) (x: float) =
        -0.5 * log (2.0 * Math.PI * a)
        - LogGamma.stirlingError a
        - a * Elementary.excess ((x - a) / a) (x / a)

    /// x^n / ((a + 1) ... (a + n)) summed over n, which is P(a, x) over the power, and its derivative by a.
    let private series (a: float) (x: float) =
        let rec go n term slope sum sumSlope =
            let factor = x / (a + n)
            let slope = factor * (slope - term / (a + n))
            let term = factor * term

            if term < 1e-17 * sum && abs slope < 1e-17 * abs sumSlope || n > 1e6 then
                struct (sum, sumSlope)
            else
                go (n + 1.0) term slope (sum + term) (sumSlope + slope)

        go 1.0 1.0 0.0 1.0 0.0

    /// Legendre's continued fraction, which is Q(a, x) over a times the power, and its derivative by a; for x >= max(a, 1).
    /// Lentz's method on dual numbers.
    let private fraction (a: float) (x: float) =
        let rec go n b c cSlope d dSlope h hSlope =
            let top, topSlope = n * (a - n), n
            let b = b + 2.0
            let denominator = top * d + b
            let denominatorSlope = topSlope * d + top * dSlope - 1.0
            let d = 1.0 / denominator
            let dSlope = -denominatorSlope * d * d
            let cNext = b + top / c
            let cSlope = -1.0 + topSlope / c - top * cSlope / (c * c)
            let factor, factorSlope = cNext * d, cSlope * d + cNext * dSlope
            let hSlope = hSlope * factor + h * factorSlope
            let h = h * factor

            if abs (factor - 1.0) < 2e-16 && abs (h * factorSlope) <= 1e-16 * abs hSlope || n > 1e5 then
                struct (h, hSlope)
            else
                go (n + 1.0) b cNext cSlope d dSlope h hSlope

        let first = x + 1.0 - a
        go 1.0 first infinity 0.0 (1.0 / first) (1.0 / (first * first)) (1.0 / first) (1.0 / (first * first))

    /// eta / (lambda - 1) in powers of eta, eta^2 / 2 = lambda - 1 - log lambda (40-digit arithmetic).
    let private temme = [|
        1.0
        -0.3333333333333333
        0.08333333333333333
        -0.014814814814814815
        0.0011574074074074073
        0.0003527336860670194
        -0.0001787551440329218
        3.919263178522438e-05
        -2.185448510679992e-06
        -1.85406221071516e-06
        8.296711340953087e-07
        -1.7665952736826078e-07
        6.707853543401498e-09
        1.0261809784240309e-08
        -4.382036018453353e-09
        9.14769958223679e-10
        -2.5514193994946248e-11
        -5.830772132550426e-11
        2.4361948020667415e-11
        -5.0276692801141755e-12
        1.1004392031956135e-13
        3.371763262400985e-13
        -1.392388722418162e-13
        2.8534893807047445e-14
        -5.139111834242572e-16
        -1.9752288294349442e-15
        8.099521156704561e-16
        -1.6522531216398162e-16
    |]

    /// Where N. M. Temme's expansion is used: within this of a.
    let private isNear (a: float) (x: float) = a >= 20.0 && abs (x - a) < 0.4 * a

    /// Temme's eta, and the remainder S: Q(a, x) = survival(eta sqrt a) + density(eta sqrt a) S / sqrt a. With it the
    /// derivatives of S by eta and by a, and Gamma(a) over Stirling's approximation. The coefficients of S in powers of eta
    /// follow from its differential equation by backward recursion.
    let private remainder (a: float) (x: float) =
        let u = (x - a) / a
        let size = sqrt (2.0 * Elementary.excess u (x / a))
        let eta = if u < 0.0 then -size else size
        let last = temme.Length - 1
        let b, bSlope = Array.zeroCreate<float>(last + 2), Array.zeroCreate<float>(last + 2)

        for n in last .. -1 .. 1 do
            let k = float (n + 1) / a
            b[n - 1] <- temme[n] + k * b[n + 1]
            bSlope[n - 1] <- k * (bSlope[n + 1] - b[n + 1] / a)

        let scale, scaleSlope = 1.0 + b[1] / a, (bSlope[1] - b[1] / a) / a
        let derivatives = Array.init (last - 1) (fun n -> float (n + 1) * b[n + 1])
        let s = Elementary.polynomial b eta / scale
        let byEta = Elementary.polynomial derivatives eta / scale
        let byA = (Elementary.polynomial bSlope eta - s * scaleSlope) / scale
        struct (eta, s, byEta, byA, scale)

    let private logRootTwoPi = 0.5 * log (2.0 * Math.PI)

    /// Temme's expansion of the log of the smaller tail.
    let private logNear (a: float) (x: float) =
        let struct (eta, s, _, _, _) = remainder a x
        let s = if eta < 0.0 then -s else s
        let u = (x - a) / a

        log (NormalTail.mills (abs eta * sqrt a) + s / sqrt a)
        - a * Elementary.excess u (x / a)
        - logRootTwoPi

    let private logSeries (a: float) (x: float) =
        let struct (sum, _) = series a x
        logPower a x + log sum

    let private logFraction (a: float) (x: float) =
        let struct (h, _) = fraction a x
        logPower a x + log a + log h

    /// Q(a, x) for a < 1 and x < 1: 1 - x^a / Gamma(a + 1), and an alternating series.
    let private upperNearZero (a: float) (x: float) =
        let rec sum k power total =
            let power = -power * x / k
            let term = power / (a + k)

            if abs term < 1e-18 then total else sum (k + 1.0) power (total + term)

        let logPower = a * log x - LogGamma.ofOnePlus a
        -(Elementary.expm1 logPower) - a * exp logPower * sum 1.0 1.0 0.0

    /// Whether P is computed, and not Q.
    let private isLower (a: float) (x: float) = x < (if isNear a x then a else max a 1.0)

    /// log P(a, x).
    let rec logLower (a: float) (x: float) : float =
        if x <= 0.0 then -infinity
        elif not (isLower a x) then Elementary.log1mexp (logUpper a x)
        elif isNear a x then logNear a x
        else logSeries a x

    /// log Q(a, x).
    and logUpper (a: float) (x: float) : float =
        if x <= 0.0 then 0.0
        elif Double.IsPositiveInfinity x then -infinity
        elif isLower a x && a < 1.0 then log (upperNearZero a x)
        elif isLower a x then Elementary.log1mexp (logLower a x)
        elif isNear a x then logNear a x
        else logFraction a x

    /// P(a, x), the probability below x under Gamma(a, 1).
    let lower (a: float) (x: float) =
        if x > 0.0 && not (isLower a x) then
            1.0 - exp (logUpper a x)
        else
            exp (logLower a x)

    /// Q(a, x), the probability above x under Gamma(a, 1).
    let upper (a: float) (x: float) = exp (logUpper a x)

    /// log of the density of x under Gamma(a, 1).
    let logDensity (a: float) (x: float) = logPower a x + log a - log x

    /// x times a step's exponential, at most a factor of 20 at once.
    let private move (x: float) (step: float) = x * exp (max -3.0 (min 3.0 step))

    /// Wilson and Hilferty's cube of a normal number.
    let private cube (a: float) (z: float) =
        let root = 1.0 - 1.0 / (9.0 * a) + z / (3.0 * sqrt a)
        if root > 0.0 then a * root * root * root else 0.0

    let private solveLower (a: float) (p: float) =
        // P(a, x) <= x^a / Gamma(a + 1) bounds x from below.
        let least = exp ((log p + LogGamma.ofOnePlus a) / a)

        if least = 0.0 then
            0.0
        else
            let start = max least (cube a (NormalTail.quantile p))

            Invert.newton move 0.0 infinity start (fun x ->
                let value = logLower a x
                struct (value - log p, exp (logPower a x + log a - value)))

    let private solveUpper (a: float) (q: float) =
        let far = cube a (NormalTail.upperQuantile q)
        // Q(a, x) is about x^(a-1) e^-x / Gamma(a) where x is large.
        let tail = -(log q) - LogGamma.at a

        let start =
            if a < 1.0 && tail > 2.0 then
                tail - (1.0 - a) * log tail
            elif a < 1.0 && tail <= 2.0 then
                exp ((Elementary.log1p -q + LogGamma.ofOnePlus a) / a)
            else
                max far (0.1 * a)

        if start = 0.0 then
            0.0
        else
            Invert.newton move 0.0 infinity start (fun x ->
                let value = logUpper a x
                struct (log q - value, exp (logPower a x + log a - value)))

    /// The x with P(a, x) = p in [0, 1]: 0 where it is less than the least positive number, NaN for other p.
    let inverseLower (a: float) (p: float) =
        if not (p >= 0.0 && p <= 1.0) then nan
        elif p = 0.0 then 0.0
        elif p = 1.0 then infinity
        elif p <= 0.5 then solveLower a p
        else solveUpper a (1.0 - p)

    /// The x with Q(a, x) = q in [0, 1].
    let inverseUpper (a: float) (q: float) =
        if not (q >= 0.0 && q <= 1.0) then nan
        elif q = 0.0 then infinity
        elif q = 1.0 then 0.0
        elif q <= 0.5 then solveUpper a q
        else solveLower a (1.0 - q)

    /// dx / da at fixed P(a, x): how a Gamma draw moves with its shape (M. Figurnov, S. Mohamed, A. Mnih, "Implicit
    /// reparameterization gradients", 2018), by derivatives of the series, the fraction and Temme's expansion.
    let slope (a: float) (x: float) =
        if x <= 0.0 then
            0.0
        elif isNear a x then
            let struct (eta, s, byEta, byA, scale) = remainder a x
            let u = (x - a) / a
            // eta / (lambda - 1) = -1 / (a d eta / da).
            let f = if abs u < 1e-4 then Elementary.polynomial temme[..7] eta else eta / u
            let root = sqrt a
            let zSlope = eta / (2.0 * root) - 1.0 / (root * f)
            let inner = (byA - byEta / (a * f) - s / (2.0 * a)) / root - eta * s * zSlope
            x * scale / root * (inner - zSlope)
        elif isLower a x then
            let struct (sum, sumSlope) = series a x
            -(sum * (log x - LogGamma.digamma (a + 1.0)) + sumSlope) * x / a
        else
            let struct (h, hSlope) = fraction a x
            x * (h * (log x - LogGamma.digamma a) + hSlope)
