namespace Vae.Core

/// The tails of Student's law with any positive degrees of freedom, of numbers.
[<RequireQualifiedAccess>]
module internal StudentTail =
    /// log of the tail's leading term: x^a / (a B(a, 1/2)) with x = df / (df + t^2) and a = df / 2.
    let private logLeading (a: float) = log a + LogGamma.logBeta a 0.5

    /// The probability above t.
    let rec survival (df: float) (t: float) : float =
        if t < 0.0 then
            1.0 - survival df -t
        else
            let a, ratio = 0.5 * df, t / sqrt df
            let square = ratio * ratio

            if ratio > 1e100 then
                0.5 * exp (-df * log ratio - logLeading a)
            elif square > 1.0 then
                // Neither number is rounded to 1 or 0.
                let inverse = 1.0 / square
                0.5 * IncompleteBeta.lowerWith a 0.5 (inverse / (1.0 + inverse)) (1.0 / (1.0 + inverse))
            else
                0.5 * IncompleteBeta.lowerWith a 0.5 (1.0 / (1.0 + square)) (square / (1.0 + square))

    /// The t above which the probability is q in (0, 1).
    let rec upperQuantile (df: float) (q: float) : float =
        if q > 0.5 then
            -(upperQuantile df (1.0 - q))
        else
            let a = 0.5 * df
            let logX = (log (2.0 * q) + logLeading a) / a

            if logX < -200.0 then
                exp (0.5 * (log df - logX))
            else
                let struct (x, y) = IncompleteBeta.inverseLower a 0.5 (2.0 * q)
                sqrt (df * (y / x))
