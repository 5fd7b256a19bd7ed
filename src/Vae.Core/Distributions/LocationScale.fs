namespace Vae.Core

open TorchSharp

/// What the laws by location and scale share.
[<AutoOpen>]
module internal LocationScale =
    /// A parameter that has the value it is left out for: it belongs to the law.
    let ownLike (t: Tensor) (value: float) : Tensor = (Tensor.scalar (Placement.like t) value).DetachFromDisposeScope()

    /// The path z = push noise with noise the standard law's quantile of uniform numbers.
    let pathBy<'law when 'law :> Univariate> (law: 'law) (standard: Tensor -> Tensor) (push: Tensor -> Tensor) =
        let noise = {
            NoiseShape = law.BatchShape
            Numbers = fun shape key -> withoutGradient (fun () -> standard (Key.uniform law.Placement shape key))
        }

        Reparameterized.ofStandard PathOrder.Smooth noise law (push >> finite)

    /// log(1 + z^2), also where the square overflows. Smooth at 0.
    let logOnePlusSquare (z: Tensor) : Tensor =
        let isFar = z.detach().abs().gt(1e9.AsScalar())
        Stable.choose isFar 1.0 (fun z -> 2.0 .* z.abs().log()) (fun z -> z.squared().log1p()) z
