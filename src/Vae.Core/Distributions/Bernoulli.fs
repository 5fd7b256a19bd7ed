namespace Vae.Core

open TorchSharp

/// Bernoulli on {0, 1} by its logits, log p / (1 - p), element by element. There is no form by probabilities:
/// those saturate at 12 to 16 nats, or lose their gradient.
[<Sealed>]
type Bernoulli private (logits: Tensor, _isChecked: bool) =
    inherit Distribution()

    /// From logits. Refuses those that are not finite.
    new(logits: Tensor) =
        Check.finite (nameof logits) logits
        Bernoulli(logits, true)

    /// From one logit, in float64.
    new(logits: float) = Bernoulli(ownNumber logits)

    /// From the output of a network. Nothing is checked.
    static member internal OfNetwork(logits: Tensor) = Bernoulli(logits, true)

    /// log p / (1 - p)
    member _.Logits = logits

    /// -[x log p + (1 - x) log (1 - p)] in nats for x in [0, 1], element by element: for x in {0, 1} it is -log p(x);
    /// for grey levels between them it is a score and no density (its exponential integrates to 1/2 at logit 0).
    member _.CrossEntropy(x: Tensor) : Tensor =
        torch.nn.functional.binary_cross_entropy_with_logits (
            logits.expand (Shape.broadcast "logits" logits.shape "x" x.shape),
            x.expand (Shape.broadcast "logits" logits.shape "x" x.shape),
            reduction = torch.nn.Reduction.None
        )

    override _.BatchShape = logits.shape
    override _.EventShape = [||]
    override _.Support = Support.ZeroOne
    override _.Placement = Placement.like logits

    override this.LogDensity x =
        let outside = (Support.contains this.Support x).logical_not()
        this.CrossEntropy(x).neg().masked_fill(outside, System.Double.NegativeInfinity.ToScalar())

    override _.Sample(key, draws) =
        withoutGradient (fun () ->
            let place = Placement.like logits
            let uniform = Key.uniform place (Array.append draws logits.shape) key
            uniform.lt(logits.sigmoid ()).to_type place.DType)

    override _.Mean = logits.sigmoid ()
    override _.Variance = Tensor.scoped (fun () -> logits.sigmoid () * logits.neg().sigmoid())

[<RequireQualifiedAccess>]
module Bernoulli =
    /// Bernoulli by its logits.
    let create (logits: Tensor) = Bernoulli logits
