namespace Vae.Core

open TorchSharp

/// The update of Adam (Kingma and Ba, 2015).
[<RequireQualifiedAccess>]
module internal Adam =
    /// The decay rates of the two means, what is added to the root of the second, and how fast parameters decay by themselves:
    /// each step multiplies them by 1 - rate x decay (Loshchilov and Hutter, 2019).
    type Coefficients = { Beta1: float; Beta2: float; Epsilon: float; Decay: float }

    // libtorch updates in a single parallel pass, on every device and in every precision. TorchSharp has no method for
    // that operation; a script reaches it. The lists are arguments, as the script's compiler takes an update of lists
    // that it makes itself for one without effect. Without decay the operation is that of Adam, bit for bit.
    let private source =
        """
def update(parameters: List[Tensor], gradient: List[Tensor], mean: List[Tensor], square: List[Tensor], none: List[Tensor],
           step: List[Tensor], rate: float, beta1: float, beta2: float, epsilon: float, decay: float):
    torch._fused_adamw_(parameters, gradient, mean, square, none, step, lr=rate, beta1=beta1, beta2=beta2,
                        weight_decay=decay, eps=epsilon, amsgrad=False, maximize=False)
    return parameters[0]
"""

    let private script = lazy (torch.jit.compile source)

    let private one (t: Tensor) = box [| t |]

    /// Changes parameters and moments in place, by the gradient of step t, from 1. All are vectors of one placement.
    let update by (t: int64) (rate: float) (parameters: Tensor) (gradient: Tensor) (mean: Tensor) (square: Tensor) =
        use gradient = gradient.contiguous ()
        use step = torch.tensor (float32 t, device = parameters.device)

        // Scalars that are held: those that TorchSharp makes of numbers can be finalized before the script has read them.
        let updated =
            script.Value.invoke (
                "update",
                [|
                    one parameters
                    one gradient
                    one mean
                    one square
                    box Array.empty<Tensor>
                    one step
                    box (rate.AsScalar())
                    box (by.Beta1.AsScalar())
                    box (by.Beta2.AsScalar())
                    box (by.Epsilon.AsScalar())
                    box (by.Decay.AsScalar())
                |]
            )

        (updated :?> Tensor).Dispose()
