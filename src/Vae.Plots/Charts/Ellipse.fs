/// Contours of a two-dimensional Gaussian.
module internal Vae.Plots.Ellipse

open System

/// The Cholesky factor (l11, l21, l22) of a covariance.
/// Errors: a covariance that is not 2 x 2, finite, symmetric and positive definite.
let private cholesky (covariance: float[,]) =
    Check.notNull (nameof covariance) covariance
    let rows, columns = covariance.GetLength 0, covariance.GetLength 1

    if rows <> 2 || columns <> 2 then
        invalidArg (nameof covariance) $"a matrix of %d{rows} x %d{columns}, but the cloud takes one of 2 x 2"

    let a, b, b', c = covariance[0, 0], covariance[0, 1], covariance[1, 0], covariance[1, 1]
    Check.finite (nameof covariance) [| a; b; b'; c |]
    // Not a bound on rounding only: a covariance computed in float32 is symmetric to about 1e-7.
    let symmetric = abs (b - b') <= 1e-5 * sqrt (abs (a * c))

    if not symmetric || a <= 0.0 || a * c - b * b' <= 0.0 then
        invalidArg
            (nameof covariance)
            $"[[%g{a}, %g{b}], [%g{b'}, %g{c}]] is not symmetric and positive definite, as a covariance is"

    let l11 = sqrt a
    let l21 = b / l11
    l11, l21, sqrt (c - l21 * l21)

/// The points (x, y) with (v - loc)' inv(covariance) (v - loc) = k^2: the image of a circle of radius k under the
/// Cholesky factor. The last point is the first one.
let contour (loc: float[]) (covariance: float[,]) (k: float) : float[] * float[] =
    Check.notNull (nameof loc) loc

    if loc.Length <> 2 then
        invalidArg (nameof loc) $"%d{loc.Length} numbers, but the cloud takes 2"

    Check.finite (nameof loc) loc
    let l11, l21, l22 = cholesky covariance
    let segments = 120

    Array.init (segments + 1) (fun i ->
        let struct (sin, cos) = Math.SinCos(2.0 * Math.PI * float (i % segments) / float segments)
        loc[0] + k * l11 * cos, loc[1] + k * (l21 * cos + l22 * sin))
    |> Array.unzip
