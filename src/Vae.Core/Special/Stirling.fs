namespace Vae.Core

open System
open TorchSharp

/// What Stirling's formula leaves of the log of the gamma function and its derivatives, for tensors of positive numbers, by
/// torch's operations: differentiable to any order, where torch's trigamma has 10 digits only. What the formulas of gamma-like
/// laws share cancels by algebra, not in floating point, where they are written with these.
[<RequireQualifiedAccess>]
module internal Stirling =
    /// The series is used from here on.
    let private from = 10

    /// A function by its series where a is large, and below by f(a) = f(a + 1) + step(a): no term of the sum is negative.
    let private byRecurrence (series: Tensor -> Tensor) (step: Tensor -> Tensor) (a: Tensor) =
        let least = float from
        let isLarge = a.ge (least.AsScalar())
        let steps (a: Tensor) = List.init from (fun k -> step (float k .+ a)) |> List.reduce (.+.)
        Stable.choose isLarge least series (fun a -> series (least .+ a) .+. steps a) a

    /// log Gamma(a) - [(a - 1/2) log a - a + 1/2 log 2 pi], positive, and about 1 / (12 a) where a is large.
    let error: Tensor -> Tensor =
        let series = [
            1.0 / 12.0
            -1.0 / 360.0
            1.0 / 1260.0
            -1.0 / 1680.0
            1.0 / 1188.0
            -691.0 / 360360.0
            1.0 / 156.0
            -3617.0 / 122400.0
            43867.0 / 244188.0
        ]

        byRecurrence
            (fun a ->
                let inverse = a.reciprocal ()
                inverse * Stable.polynomial series (inverse.squared ()))
            (fun a -> -1.0 .+ (0.5 .+ a) * a.reciprocal().log1p())

    /// log a - digamma(a), positive, and about 1 / (2 a) where a is large.
    let logMinusDigamma: Tensor -> Tensor =
        let series = [
            1.0 / 12.0
            -1.0 / 120.0
            1.0 / 252.0
            -1.0 / 240.0
            1.0 / 132.0
            -691.0 / 32760.0
            1.0 / 12.0
            -3617.0 / 8160.0
        ]

        byRecurrence
            (fun a ->
                let inverse = a.reciprocal ()
                inverse * (0.5 .+ inverse * Stable.polynomial series (inverse.squared ())))
            (fun a ->
                let inverse = a.reciprocal ()
                inverse - inverse.log1p ())

    /// trigamma(a) - 1 / a, positive, and about 1 / (2 a^2) where a is large.
    let trigammaExcess: Tensor -> Tensor =
        let series = [
            1.0 / 6.0
            -1.0 / 30.0
            1.0 / 42.0
            -1.0 / 30.0
            5.0 / 66.0
            -691.0 / 2730.0
            7.0 / 6.0
            -3617.0 / 510.0
        ]

        byRecurrence
            (fun a ->
                let inverse = a.reciprocal ()
                let square = inverse.squared ()
                square * (0.5 .+ inverse * Stable.polynomial series square))
            (fun a -> (a.squared () * (1.0 .+ a)).reciprocal())

    /// d log Gamma(a) / da
    let digamma (a: Tensor) : Tensor = a.log () - logMinusDigamma a

    /// d^2 log Gamma(a) / da^2
    let trigamma (a: Tensor) : Tensor = a.reciprocal () .+. trigammaExcess a

    /// log Gamma(a + h) - log Gamma(a) for h >= 0.
    let logRise (a: Tensor) (h: Tensor) : Tensor =
        let moved = a .+. h

        (-0.5 .+ a) * (h / a).log1p() .+. h * (-1.0 .+ moved.log ()) .+. (error moved - error a)
