/// Laws of single numbers against tables of 50-digit arithmetic.
module Vae.Core.Tests.KnownLaw

open System
open Expecto
open TorchSharp
open Vae.Core
open Vae.Testing

/// A law's moments, entropy, and rows of a point, its log-density and the probabilities below and above it.
type KnownLaw = { Law: Univariate; Moments: float list; Points: float list list }

let known (law: Univariate) mean variance entropy points = {
    Law = law
    Moments = [ mean; variance; entropy ]
    Points = points
}

let private epsilon = 2.220446049250313e-16

/// Within some units of the last digit, and of `terms` where those that a value is made of are larger than it.
let private agrees terms (expected: float) (actual: float) message =
    let allowed = 32.0 * epsilon * (abs expected + terms)

    if not (actual = expected || abs (actual - expected) <= allowed) then
        failtest
            $"%s{message}: expected %.17g{expected}, found %.17g{actual}, off by %.3g{abs (actual - expected)}, %.3g{allowed} would do"

let private isExact (law: Univariate) (row: float list) =
    let x, logDensity, below, above = row[0], row[1], row[2], row[3]
    let at = Tensor.scalar f64 x
    let name = $"%O{law} at %g{x}"
    // How far a relative change of x moves a log-probability and the log-density, and so what its rounding does to them.
    let slope (tail: float) = if tail > 0.0 then exp (logDensity + log x - log tail) else 0.0
    let logSize = if x > 0.0 then 1.0 + abs (log x) else 1.0
    let moved = x * number (Diff.diff law.LogProb at)
    agrees (logSize + abs moved) logDensity (number (law.LogProb at)) $"log-density of %s{name}"
    agrees (below * (slope below + abs (log below) + 1.0)) below (number (law.Cdf at)) $"cdf of %s{name}"
    agrees (above * (slope above + abs (log above) + 1.0)) above (number (law.Survival at)) $"survival of %s{name}"

    // The quantiles of the smaller tail, where the law gives it and it is not one of a large number of points.
    let tail, quantile = if below <= above then below, law.Quantile else above, law.UpperQuantile

    if tail > 1e-307 && slope tail > 1e-14 then
        let condition = (1.0 + abs (log tail)) / slope tail
        agrees (x * (condition + logSize)) x (number (quantile (Tensor.scalar f64 tail))) $"quantile of %s{name}"

/// A test of each law.
let tests (laws: KnownLaw list) =
    testList "50-digit arithmetic" [
        for known in laws do
            let parameters = known.Moments |> List.map (sprintf "%.4g") |> String.concat ", "

            testCase $"%s{known.Law.Name} of mean, variance and entropy %s{parameters}"
            <| fun () ->
                known.Points |> List.iter (isExact known.Law)
                let mean, variance, entropy = known.Moments[0], known.Moments[1], known.Moments[2]
                agrees 0.0 mean (number known.Law.Mean) "mean"
                agrees 0.0 variance (number known.Law.Variance) "variance"
                // An entropy is a sum with the log of the law's size.
                let logSize = if variance = infinity then 10.0 else 1.0 + abs (log variance)
                agrees logSize entropy (number known.Law.Entropy.Value) "entropy"
    ]
