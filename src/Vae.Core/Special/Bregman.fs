namespace Vae.Core

open TorchSharp

/// f(p) - f(q) - f'(q) (p - q) for convex functions f: what divergences within exponential families are made of. Where p is
/// near q it is the integral over [0, 1] of (1 - s) f''(q + s d) d^2 with d = p - q, which has no terms to cancel.
[<RequireQualifiedAccess>]
module internal Bregman =
    let private eulerGamma = 0.57721566490153286061

    /// By the second derivative, where it is smooth about as far from the path as the path is long.
    let near (second: Tensor -> Tensor) (q: Tensor) (d: Tensor) : Tensor =
        d.squared () * Quadrature.ofTensors (fun s -> (1.0 - s) .* second (q .+. s .* d))

    /// e^w - 1 - w, of the exponential function at 0.
    let exponential (w: Tensor) : Tensor =
        let isNear = w.abs().le(1.0.AsScalar())
        Stable.choose isNear 0.0 (near _.exp() (Tensor.scalar (Placement.like w) 0.0)) (fun w -> w.expm1 () - w) w

    /// Of log Gamma(a) - a log a + a, for p = q + d.
    let stirlingBy (d: Tensor) (p: Tensor) (q: Tensor) : Tensor =
        let isFar = d.abs().gt(0.5 .* q)
        let nearby = near Stirling.trigammaExcess q (d.masked_fill (isFar, 0.0.AsScalar()))

        let far =
            -0.5 .* Stable.logRatio p q
            .+. (Stirling.error p - Stirling.error q)
            .+. d * Stirling.logMinusDigamma q

        torch.where (isFar, far, nearby)

    /// Of log Gamma(a) - a log a + a.
    let stirling (p: Tensor) (q: Tensor) : Tensor = stirlingBy (p - q) p q

    /// Of log Gamma at 1, for p = 1 + d.
    let logGammaFromOne (d: Tensor) : Tensor =
        let isNear = d.abs().le(0.5.AsScalar())
        let one = Tensor.scalar (Placement.like d) 1.0
        let far (d: Tensor) = (1.0 .+ d).lgamma() .+. eulerGamma .* d
        Stable.choose isNear 0.0 (near Stirling.trigamma one) far d

    /// Of log Gamma.
    let logGamma (p: Tensor) (q: Tensor) : Tensor = p * exponential (Stable.logRatio q p) .+. stirling p q

    /// g(2) - 2 g(1) + g(0) by the second derivative of g.
    let secondDifference (second: float -> Tensor) : Tensor =
        Quadrature.ofTensors (fun s -> s .* (second s .+. second (2.0 - s)))
