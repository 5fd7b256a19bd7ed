namespace Vae.Core

open System
open TorchSharp

/// What the laws by location and scale share.
[<AutoOpen>]
module internal LocationScale =
    let eulerConstant = 0.57721566490153286061

    /// A number for each law of a batch that does not depend on the parameters: it belongs to the law.
    let ownLike (t: Tensor) (value: float) : Tensor = (Tensor.scalar (Placement.like t) value).DetachFromDisposeScope()

    /// Uniform numbers for each law, as the samplers of laws on the line use them.
    let uniformNoise (law: Univariate) key draws : Tensor =
        Key.uniform law.Placement (Array.append draws law.BatchShape) key

    /// The path z = push noise with noise the standard law's quantile of uniform numbers.
    let pathBy (law: 'law :> Univariate) (standard: Tensor -> Tensor) (push: Tensor -> Tensor) =
        Reparameterized(law, (fun key draws -> withoutGradient (fun () -> standard (uniformNoise law key draws))), push)

    /// log(1 + z^2), also where the square overflows. Smooth at 0.
    let logOnePlusSquare (z: Tensor) : Tensor =
        let far = z.detach().abs().gt(1e9.ToScalar())
        let zero, one = torch.zeros_like z, torch.ones_like z
        let near = torch.where(far, zero, z).square().log1p()
        torch.where (far, 2.0 .* torch.where(far, z.abs (), one).log(), near)
