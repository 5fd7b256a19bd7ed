namespace Vae.Core

open System
open TorchSharp

/// What Stirling's formula leaves of the gamma function and its derivatives, for tensors of positive numbers, by torch's
/// operations: differentiable to any order. What the formulas of gamma-like laws share cancels by algebra, not in floating
/// point, where they are written with these.
[<RequireQualifiedAccess>]
module internal Stirling =
    let private halfLogTwoPi = 0.5 * log (2.0 * Math.PI)

    /// The series from here on, else the function itself.
    let private from = 10.0

    let private split (series: Tensor -> Tensor) (direct: Tensor -> Tensor) (a: Tensor) =
        Stable.choose (a.ge (from.ToScalar())) from series direct a

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

        split
            (fun a ->
                let inverse = a.reciprocal ()
                inverse * Stable.polynomial series (inverse.square ()))
            (fun a -> a.lgamma () - (-0.5 .+ a) * a.log () + (-halfLogTwoPi .+ a))

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

        split
            (fun a ->
                let inverse = a.reciprocal ()
                inverse * (0.5 .+ inverse * Stable.polynomial series (inverse.square ())))
            (fun a -> a.log () - a.digamma ())

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

        split
            (fun a ->
                let inverse = a.reciprocal ()
                let square = inverse.square ()
                square * (0.5 .+ inverse * Stable.polynomial series square))
            (fun a -> a.polygamma 1L - a.reciprocal ())
