namespace Vae.Core

open System

/// The regularised incomplete beta function I_x(a, b), the Beta law's distribution function, and 1 - I_x(a, b), for a, b > 0.
/// The functions of x and y = 1 - x lose nothing at either end: the smaller of the two is read as exact.
[<RequireQualifiedAccess>]
module IncompleteBeta =
    /// a - (a + b) x, from the smaller of x and y.
    let private shortfall (a: float) (b: float) (x: float) (y: float) =
        if x <= y then Elementary.shortfall a b x else -(Elementary.shortfall b a y)

    /// log(x^a y^b / B(a, b)): Stirling's formula without its cancelling terms (C. Loader, "Fast and accurate computation of
    /// binomial probabilities", 2000).
    let private logPower (a: float) (b: float) (x: float) (y: float) =
        let n = a + b
        let missing = shortfall a b x y

        0.5 * log (a / n * b / (2.0 * Math.PI))
        - (LogGamma.stirlingError a + LogGamma.stirlingError b - LogGamma.stirlingError n)
        - a * Elementary.excess (-missing / a) (n * x / a)
        - b * Elementary.excess (missing / b) (n * y / b)

    /// What the power is divided by to give I_x(a, b): the continued fraction of A. R. Didonato and A. H. Morris, "Significant
    /// digit computation of the incomplete beta function ratios", 1992, equation 9, by Lentz's method.
    let private fraction (a: float) (b: float) (x: float) (y: float) =
        let missing = shortfall a b x y

        let below n =
            let m = a + 2.0 * n
            n + n * (b - n) * x / (m - 1.0) + (a + n) * (missing + 1.0 + n * (1.0 + y)) / (m + 1.0)

        let rec go n c d value =
            let m = a + 2.0 * n - 1.0
            let top = (a + n - 1.0) / m * (a + b + n - 1.0) / m * n * (b - n) * x * x
            let bottom = below n
            let d = 1.0 / (bottom + top * d)
            let c = bottom + top / c
            let factor = c * d
            let value = value * factor
            if abs (factor - 1.0) < 2e-16 || n > 1e5 then value else go (n + 1.0) c d value

        // below 0, without the division by a - 1.
        let first = a * (missing + 1.0) / (a + 1.0)
        go 1.0 first 0.0 first

    /// Whether I is computed, and not its complement: x is below about the mean.
    let private isLower (a: float) (b: float) (x: float) (y: float) = shortfall a b x y + 1.0 - 2.0 * x > 0.0

    /// log I_x(a, b), with y = 1 - x.
    let rec logLower (a: float) (b: float) (x: float) (y: float) : float =
        if x <= 0.0 then -infinity
        elif y <= 0.0 then 0.0
        elif isLower a b x y then logPower a b x y - log (fraction a b x y)
        elif Double.IsNaN x then nan
        else Elementary.log1mexp (logPower b a y x - log (fraction b a y x))

    /// log(1 - I_x(a, b)), with y = 1 - x.
    let logUpper (a: float) (b: float) (x: float) (y: float) = logLower b a y x

    /// I_x(a, b), the probability below x under Beta(a, b), with y = 1 - x.
    let lowerWith (a: float) (b: float) (x: float) (y: float) =
        if x > 0.0 && y > 0.0 && not (isLower a b x y) then
            1.0 - exp (logUpper a b x y)
        else
            exp (logLower a b x y)

    /// 1 - I_x(a, b), the probability above x under Beta(a, b), with y = 1 - x.
    let upperWith (a: float) (b: float) (x: float) (y: float) = lowerWith b a y x

    /// I_x(a, b), the probability below x under Beta(a, b).
    let lower (a: float) (b: float) (x: float) = lowerWith a b x (1.0 - x)

    /// 1 - I_x(a, b), the probability above x under Beta(a, b).
    let upper (a: float) (b: float) (x: float) = upperWith a b x (1.0 - x)

    /// log of the density of x under Beta(a, b), with y = 1 - x.
    let logDensity (a: float) (b: float) (x: float) (y: float) = logPower a b x y - log x - log y

    /// x and y whose ratio is given.
    let private ofOdds (odds: float) =
        if odds > 1e300 then
            struct (1.0, 1.0 / odds)
        else
            struct (odds / (1.0 + odds), 1.0 / (1.0 + odds))

    /// log x of small x with I_x(a, b) = p: that is x^a / (a B(a, b)), but for a relative error of about b x.
    let private logLeast (a: float) (b: float) (p: float) = (log p + log a + LogGamma.logBeta a b) / a

    /// The odds x / y with I_x(a, b) = p <= 1/2, by Newton's steps in their log.
    let private solve (a: float) (b: float) (p: float) =
        let logLeast = logLeast a b p
        let spread = sqrt (LogGamma.trigamma a + LogGamma.trigamma b)
        let centre = LogGamma.digamma a - LogGamma.digamma b
        let isTiny = logLeast + log (b + 1.0) < -3.0

        let logStart =
            if isTiny then
                logLeast
            else
                max logLeast (centre + spread * NormalTail.quantile p)

        if logLeast < -700.0 then
            exp logLeast
        else
            let move (odds: float) (step: float) = odds * exp (max -3.0 (min 3.0 step))

            Invert.newton move 0.0 infinity (exp (min 600.0 logStart)) (fun odds ->
                let struct (x, y) = ofOdds odds
                let value = logLower a b x y
                struct (value - log p, exp (logPower a b x y - value)))

    /// The log of the odds x / (1 - x) with I_x(a, b) = p in (0, 1): finite where x underflows or rounds to 1.
    let logOddsLower (a: float) (b: float) (p: float) : float =
        let low, high = logLeast a b p, logLeast b a (1.0 - p)

        if low < -600.0 then low
        elif high < -600.0 then -high
        elif p <= 0.5 then log (solve a b p)
        else -(log (solve b a (1.0 - p)))

    /// The x with I_x(a, b) = p in [0, 1], and 1 - x: both keep their digits. NaN for other p.
    let rec inverseLower (a: float) (b: float) (p: float) : struct (float * float) =
        if not (p >= 0.0 && p <= 1.0) then struct (nan, nan)
        elif p = 0.0 then struct (0.0, 1.0)
        elif p <= 0.5 then ofOdds (solve a b p)
        else inverseUpper a b (1.0 - p)

    /// The x with 1 - I_x(a, b) = q in [0, 1], and 1 - x.
    and inverseUpper (a: float) (b: float) (q: float) : struct (float * float) =
        let struct (y, x) = inverseLower b a q
        struct (x, y)
