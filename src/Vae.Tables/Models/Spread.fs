namespace Vae.Tables

open System

/// How numbers are spread, of those that are there: told one number at a time, so that they need not be held (B. P. Welford, "Note on a
/// method for calculating corrected sums of squares and products", 1962).
[<Struct>]
type internal Spread = {
    Count: int64
    Mean: float
    /// The sum of squared distances from the mean.
    Squares: float
}

[<RequireQualifiedAccess>]
module internal Spread =
    let none: Spread = { Count = 0L; Mean = 0.0; Squares = 0.0 }

    /// With one number more; as it is for NaN, which is missing.
    let add (spread: Spread) (x: float) : Spread =
        if Double.IsNaN x then
            spread
        else
            let count = spread.Count + 1L
            let distance = x - spread.Mean
            let mean = spread.Mean + distance / float count

            { Count = count; Mean = mean; Squares = spread.Squares + distance * (x - mean) }

    /// The mean and the standard deviation; of equal numbers the latter is 1.
    let moments (spread: Spread) : float * float =
        if spread.Count = 0L then
            0.0, 1.0
        else
            let deviation = sqrt (spread.Squares / float spread.Count)
            let least = 1e-12 * max 1.0 (abs spread.Mean)
            spread.Mean, (if deviation > least then deviation else 1.0)
