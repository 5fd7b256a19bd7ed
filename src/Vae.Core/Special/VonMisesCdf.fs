namespace Vae.Core

open System

/// The von Mises law's distribution function on [-pi, pi] about 0, for a concentration kappa >= 0, by quadrature of its
/// density from -pi: all terms are positive, so that no digits are lost in the tails. Here pi is Math.PI.
[<RequireQualifiedAccess>]
module VonMisesCdf =
    let private square (x: float) = x * x

    /// How far the integrand is followed: to e^-45 of its largest value.
    let private reach (kappa: float) (from: float) (width: float) =
        let exponent v = 2.0 * kappa * sin (v / 2.0) * abs (sin (from - v / 2.0))

        if exponent width <= 45.0 then
            width
        else
            // The exponent increases with v up to the width.
            let rec halve lo hi left =
                let v = 0.5 * (lo + hi)

                if left = 0 then hi
                elif exponent v > 45.0 then halve lo v (left - 1)
                else halve v hi (left - 1)

            // The scale of the integrand may be far below the width: halving begins at a bound.
            let rec shrink hi = if exponent (hi / 4.0) > 45.0 then shrink (hi / 4.0) else hi
            halve 0.0 (shrink width) 12

    /// The integral over [-pi, x] of g(t) exp(kappa (cos t - cos x)), for x in [-pi, 0]; t = x - v.
    let private below (kappa: float) (x: float) (g: float -> float) =
        let width = reach kappa x (x + Math.PI)

        Quadrature.integral width (fun v -> g (x - v) * exp (2.0 * kappa * sin (v / 2.0) * sin (x - v / 2.0)))

    /// The integral of exp(kappa (cos t - 1)) over the circle.
    let private total (kappa: float) = 2.0 * below kappa 0.0 (fun _ -> 1.0)

    /// log of the density at x.
    let logDensity (kappa: float) (x: float) = -2.0 * kappa * square (sin (x / 2.0)) - log (total kappa)

    /// log of the probability below x in [-pi, 0].
    let private logTail kappa logTotal (x: float) =
        -2.0 * kappa * square (sin (x / 2.0)) + log (below kappa x (fun _ -> 1.0)) - logTotal

    /// The probability below x.
    let rec cdf (kappa: float) (x: float) : float =
        if x > 0.0 then 1.0 - cdf kappa -x
        elif x <= -Math.PI then 0.0
        else exp (logTail kappa (log (total kappa)) x)

    /// The probability above x.
    let survival (kappa: float) (x: float) = cdf kappa -x

    /// The x with a given cdf p in [0, 1]; NaN for other p.
    let rec quantile (kappa: float) (p: float) : float =
        if p > 0.5 then
            -(quantile kappa (1.0 - p))
        elif p = 0.0 then
            -Math.PI
        elif p = 0.5 then
            0.0
        else
            let logTotal, target = log (total kappa), log p
            let density x = exp (-2.0 * kappa * square (sin (x / 2.0)) - logTotal)
            let normal = NormalTail.quantile p / sqrt kappa
            let start = if normal > -2.0 then normal else Math.PI * (p - 1.0)
            let move (x: float) (step: float) = x + step

            Invert.newton move -Math.PI 0.0 start (fun x ->
                let value = logTail kappa logTotal x
                struct (value - target, density x / exp value))

    /// The x with a given survival q in [0, 1].
    let upperQuantile (kappa: float) (q: float) = -(quantile kappa q)

    /// d cdf / d kappa at fixed x: the integral of (cos t - its mean) times the density, from the end it is small at.
    let rec byConcentration (kappa: float) (x: float) : float =
        if x > 0.0 then
            -(byConcentration kappa -x)
        elif x <= -Math.PI then
            0.0
        else
            let loss (t: float) = 2.0 * square (sin (t / 2.0))
            let all = total kappa
            let meanLoss = 2.0 * below kappa 0.0 loss / all

            if loss x < 2.0 * meanLoss then
                Quadrature.integral -x (fun v -> (loss v - meanLoss) * exp (-kappa * loss v)) / all
            else
                let inside = below kappa x (fun t -> meanLoss - loss t)
                exp (-kappa * loss x) * inside / all

    /// dx / dkappa at a fixed cdf: how a draw moves with its concentration.
    let slope (kappa: float) (x: float) = -(byConcentration kappa x) / exp (logDensity kappa x)
