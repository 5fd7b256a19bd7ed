namespace Vae.Core

open System
open TorchSharp

/// Draws that stay inside of an open support: what would round to one of its ends is the nearest number inside.
[<RequireQualifiedAccess>]
module internal Draws =
    /// The uniform numbers that draws of a law of single numbers are made of.
    let uniform (law: Distribution) key (draws: int64[]) =
        Key.uniform law.Placement (Array.append draws law.BatchShape) key

    /// The path of a law whose draws are a function of them.
    let uniformPath<'law when 'law :> Distribution> order (law: 'law) (push: Tensor -> Tensor) =
        let uniform = { NoiseShape = law.BatchShape; Numbers = Key.uniform law.Placement }
        Reparameterized.ofStandard order uniform law push

    /// From the least normal number of the precision to the largest finite one.
    let positive (x: Tensor) : Tensor =
        let limits = torch.finfo x.dtype
        x.clamp (limits.tiny.AsScalar(), limits.max.AsScalar())

    /// From the least normal number to the largest below 1.
    let unit (x: Tensor) : Tensor =
        let limits = torch.finfo x.dtype
        x.clamp (limits.tiny.AsScalar(), (1.0 - limits.eps / 2.0).AsScalar())

    /// e^y, positive and finite: limited before the exponential, whose gradient would be lost beyond.
    let exp (y: Tensor) : Tensor =
        let limits = torch.finfo y.dtype
        let within limit = (Math.Log limit * 0.99999).AsScalar()
        y.clamp(within limits.tiny, within limits.max).exp()
