namespace Vae.Core

open System
open TorchSharp

/// How heavy the tail of numbers is: the shape k of the generalised Pareto law of what the largest of them exceed the others by.
/// There are moments of the order r only where k is below 1 / r, so that from 1/2 on there is no variance.
[<RequireQualifiedAccess>]
module internal TailShape =
    /// How many of n numbers are the tail: A. Vehtari et al., "Pareto smoothed importance sampling", 2024, section 3.
    let private count (n: int) = min (n / 5) (int (ceil (3.0 * sqrt (float n))))

    /// Fewer say nothing.
    let private fewest = 20

    /// The shape for ascending positive exceedances: the posterior mean of J. Zhang and M. A. Stephens, "A new and efficient
    /// estimation method for the generalized Pareto distribution", 2009.
    let fit (y: float[]) =
        let n = y.Length
        let largest, quartile = y[n - 1], y[int (floor (float n / 4.0 + 0.5)) - 1]

        if quartile <= 0.0 then
            // So many numbers are the threshold itself that they are no tail but a few values.
            0.0
        else
            let grid = 30 + int (sqrt (float n))
            let shape (theta: float) = y |> Array.averageBy (fun y -> Elementary.log1p (-theta * y))

            let thetas =
                Array.init grid (fun i ->
                    1.0 / largest + (1.0 - sqrt (float grid / (float i + 0.5))) / (3.0 * quartile))

            let logs =
                thetas
                |> Array.map (fun theta ->
                    let k = shape theta
                    float n * (log (-theta / k) - k - 1.0))

            let top = Array.max logs
            let weights = logs |> Array.map (fun l -> exp (l - top))
            let total = Array.sum weights
            shape (Array.fold2 (fun sum theta w -> sum + theta * w / total) 0.0 thetas weights)

    /// The shape that the m largest of ascending values have, and its standard error.
    let private ofLargest (m: int) (sorted: float[]) : struct (float * float) =
        let threshold = sorted[sorted.Length - m - 1]
        let k = fit (sorted[sorted.Length - m ..] |> Array.map (fun x -> x - threshold))
        struct (k, (1.0 + abs k) / sqrt (float m))

    /// The least share of the variance that is the tail's where it has none: values that crowd at a bound have a shape too.
    let private leastShare = 0.2

    let private isHeavy (sorted: float[]) =
        let m = count sorted.Length
        let few = m / 4

        if few < fewest then
            false
        else
            let mean = Array.average sorted
            let squares (values: float[]) = values |> Array.sumBy (fun x -> (x - mean) * (x - mean))
            let share = squares sorted[sorted.Length - few ..] / squares sorted

            let exceeds errors (struct (k, error): struct (float * float)) = k - errors * error > 0.5
            share > leastShare && exceeds 2.0 (ofLargest m sorted) && exceeds 1.0 (ofLargest few sorted)

    /// Whether either tail of values is as heavy as one without variance: its shape is above 1/2 by two standard errors, and
    /// that of its farthest quarter by one. A tail of the shape 1/2 itself is called so less than once in 40.
    let hasNoVariance (values: float[]) =
        let sorted = Array.sort values
        isHeavy sorted || isHeavy (sorted |> Array.rev |> Array.map (~-))
