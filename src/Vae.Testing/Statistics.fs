/// Statistical comparisons with a stated rate of false failure and a stated power.
[<AutoOpen>]
module Vae.Testing.Statistics

open System
open Expecto
open TorchSharp
open Vae.Core

/// The rate at which a whole suite fails though nothing is wrong.
let falseFailureRate = 1e-6

/// More statistical comparisons than a suite makes: each may fail falsely at the suite's rate divided by this. The
/// threshold of a mean grows from 6.1 standard errors at 400 comparisons to 6.5 at this many.
let comparisons = 10_000

let private rate = falseFailureRate / float comparisons
let private quantile (upperTail: float) = -number(torch.special.ndtri (Tensor.scalar f64 upperTail))

/// How many standard errors a mean may be off by.
let threshold = quantile (rate / 2.0)

/// The draws that detect a shift of the mean by a multiple of the standard deviation with 99% power.
let drawsToDetect (shift: float) = int (ceil (((threshold + quantile 0.01) / shift) ** 2.0))

/// The mean of draws of a statistic is what it should be, to within the suite's error rate.
let meanIs (expected: float) (draws: float[]) message =
    let statistic = Statistic.ofValues draws
    let deviation = abs (statistic.Mean - expected) / statistic.StandardError
    // Of draws that are one number but for rounding, what their sum may be off by.
    let rounding = epsilon * float draws.Length * max 1.0 (abs expected)

    if not (deviation <= threshold || abs (statistic.Mean - expected) <= rounding) then
        failtest
            $"%s{message}: expected %.8g{expected}, found %.8g{statistic.Mean} +- %.2g{statistic.StandardError}, %.1f{deviation} standard errors off"

/// The largest distance between the empirical and the true distribution function that draws of the right law stay within, by the
/// inequality of Dvoretzky, Kiefer, Wolfowitz and Massart.
let private dkw (rate: float) (n: int) = sqrt (log (2.0 / rate) / (2.0 * float n))

/// Draws by which a distribution function that is off by `distance` somewhere is detected with 99% power.
let drawsToDetectDistance (distance: float) =
    int (ceil (((sqrt (log (2.0 / rate)) + sqrt (log (2.0 / 0.01))) / (sqrt 2.0 * distance)) ** 2.0))

/// Draws follow a distribution function, continuous or not.
let follows (cdf: float -> float) (draws: float[]) message =
    let sorted = Array.sort draws
    let n = float sorted.Length

    let distance =
        sorted
        |> Seq.mapi (fun i x ->
            // At a jump only the last of equal draws is compared, and only from above.
            let isLast = i = sorted.Length - 1 || sorted[i + 1] > x
            if isLast then abs (float (i + 1) / n - cdf x) else 0.0)
        |> Seq.max

    let allowed = dkw rate sorted.Length + 1.0 / n

    if not (distance <= allowed) then
        failtest $"%s{message}: the distribution functions are %.4f{distance} apart, %.4f{allowed} would do"

/// The distribution function of a normal law.
let normalCdf (loc: float) (scale: float) (x: float) =
    number (torch.special.ndtr (Tensor.scalar f64 ((x - loc) / scale)))
