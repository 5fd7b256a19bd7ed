namespace Vae.Core

open TorchSharp

/// Gamma(a, 1), which the gamma-like laws are made of.
[<RequireQualifiedAccess>]
module internal StandardGamma =
    /// log of the density of log z, and a multiple of w = log (z / a), by Stirling's formula without its cancelling terms:
    /// a log z - z - log Gamma(a) + power w.
    let logDensity (power: float) (a: Tensor) (w: Tensor) : Tensor =
        (power .+ a) * w - a * w.expm1 () .+. (0.5 .* a.log () - (halfLogTwoPi .+ Stirling.error a))

    /// The differential entropy of log z.
    let logEntropy (a: Tensor) : Tensor =
        (halfLogTwoPi .+ Stirling.error a) - 0.5 .* a.log () .+. a * Stirling.logMinusDigamma a

    /// Two uniform numbers for each number of a shape, as a last dimension.
    let noise place (shape: int64[]) key = Key.uniform place (Array.append shape [| 2L |]) key

    /// d log z / da at a fixed distribution function, where log z = y.
    let private logSlope (a: float) (y: float) =
        if y < -700.0 then
            // The distribution function is z^a / Gamma(a + 1) there, of a z that underflows.
            (LogGamma.digamma (a + 1.0) - y) / a
        else
            let z = exp y
            IncompleteGamma.slope a z / z

    /// log z from two uniform numbers: with z' of concentration a + 1, the quantile of the first, z = z' u^(1/a) (G. Marsaglia
    /// and W. W. Tsang, 2000). The logarithm is finite for every a, where z may underflow. The gradient by a is implicit
    /// (M. Figurnov et al., 2018): first derivatives only.
    let logDraw (a: Tensor) (noise: Tensor) : Tensor =
        let first, second = noise.select (-1L, 0L), noise.select (-1L, 1L)
        let fixedA = a.detach ()
        let raised = Elementwise.map2 IncompleteGamma.inverseLower (1.0 .+ fixedA) first
        let logs = raised.log () .+. second.log () / fixedA
        Elementwise.implicitly logs [ a, Elementwise.map2 logSlope fixedA logs ]

    /// The log of z where the distribution function is the power of z that it is about for small z.
    let private logLeast (a: float) (logP: float) = (logP + LogGamma.ofOnePlus a) / a

    /// Where that is the quantile to the last digit.
    let private isLeast (logZ: float) = logZ < -600.0

    /// The log of the z below which the probability is p: finite where z underflows.
    let logLower (a: float) (p: float) =
        let least = logLeast a (log p)
        if isLeast least then least else log (IncompleteGamma.inverseLower a p)

    /// The log of the z above which the probability is q.
    let logUpper (a: float) (q: float) =
        let least = logLeast a (Elementary.log1p -q)
        if isLeast least then least else log (IncompleteGamma.inverseUpper a q)

    /// The logs of positive numbers against another's, log (x rate / a), with the digits of their difference where they are close.
    let logRatio (x: Position) (rate: Tensor) (a: Tensor) : Tensor =
        let logs = Position.log x .+. rate.log () - a.log ()
        torch.where (logs.abs().gt(1.0.AsScalar()), logs, Stable.logRatio (rate * x.X) a)

    let private quantile (shape: float) (z: float) =
        // By the smaller of the two tails, so that no digits of it are lost.
        if z < 0.0 then
            IncompleteGamma.inverseLower shape (NormalTail.cdf z)
        else
            IncompleteGamma.inverseUpper shape (NormalTail.survival z)

    let private logQuantile (shape: float) (z: float) =
        if z < 0.0 then
            logLower shape (NormalTail.cdf z)
        else
            logUpper shape (NormalTail.survival z)

    /// sqrt(2 z) for draws z by one standard normal number each, as `drawOfNormal` has them: for concentrations so small that z
    /// itself underflows; never below the least normal number. Differentiable in shape once, by the implicit gradient.
    let rootOfNormal (shape: Tensor) (noise: Tensor) : Tensor =
        let logs = Elementwise.map2 logQuantile (shape.to_type torch.ScalarType.Float64) noise
        let least = (torch.finfo shape.dtype).tiny
        let roots = ((0.5 .* (log 2.0 .+ logs)).exp().clamp_min(least.AsScalar())).to_type shape.dtype

        if shape.requires_grad then
            let slopes =
                (Elementwise.map2 logSlope (shape.detach().to_type torch.ScalarType.Float64) logs).to_type shape.dtype

            Elementwise.implicitly roots [ shape, 0.5 .* (roots * slopes) ]
        else
            roots

    /// Draws of concentrations of at least 1/2 by one standard normal number each, through the quantile of that number's
    /// probability: the draws, of the shape that shape and noise broadcast to; never below the least that a square root can take
    /// without loss. Differentiable in shape once, by the implicit gradient.
    let drawOfNormal (shape: Tensor) (noise: Tensor) : Tensor =
        let least = if shape.dtype = torch.ScalarType.Float64 then 1e-300 else 1e-36
        let draws = (Elementwise.map2 quantile shape noise).clamp_min(least.AsScalar())

        if shape.requires_grad then
            Elementwise.implicitly draws [ shape, Elementwise.map2 IncompleteGamma.slope shape draws ]
        else
            draws
