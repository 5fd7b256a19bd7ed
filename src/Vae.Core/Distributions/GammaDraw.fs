namespace Vae.Core

open TorchSharp

/// Gamma(shape, 1) draws from standard normal numbers, by the quantile of the normal number's probability.
[<RequireQualifiedAccess>]
module internal GammaDraw =
    let private quantile (shape: float) (z: float) =
        // By the smaller of the two tails, so that no digits of it are lost.
        if z < 0.0 then
            IncompleteGamma.inverseLower shape (NormalTail.cdf z)
        else
            IncompleteGamma.inverseUpper shape (NormalTail.survival z)

    /// The draws, of the shape that shape and noise broadcast to; never below the least that a square root can take
    /// without loss. Differentiable in shape once, by the implicit gradient.
    let ofNormal (shape: Tensor) (noise: Tensor) : Tensor =
        let least = if shape.dtype = torch.ScalarType.Float64 then 1e-300 else 1e-36
        let draws = (Elementwise.map2 quantile shape noise).clamp_min(least.ToScalar())

        if shape.requires_grad then
            Elementwise.implicitly draws [ shape, Elementwise.map2 IncompleteGamma.slope shape draws ]
        else
            draws
