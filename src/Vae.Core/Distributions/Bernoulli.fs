namespace Vae.Core

open TorchSharp

/// Bernoulli on {0, 1} by its logits, log p / (1 - p), element by element. There is no form by probabilities:
/// those saturate at 12 to 16 nats, or lose their gradient.
[<Sealed>]
type Bernoulli private (logits: Tensor, _isChecked: bool) =
    inherit Univariate()

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
    override _.Support = Support.zeroOne
    override _.Placement = Placement.like logits

    override this.LogDensity x = this.CrossEntropy(x).neg()

    // Below 1 only 0 is left, and above 0 only 1.
    override _.LowerTail x = logits.neg().sigmoid().expand_as x
    override _.UpperTail x = logits.sigmoid().expand_as x
    override _.FromLower p = p.gt(logits.neg().sigmoid()).to_type p.dtype
    override _.FromUpper q = q.lt(logits.sigmoid ()).to_type q.dtype

    override _.Sample(key, draws) =
        withoutGradient (fun () ->
            let place = Placement.like logits
            let uniform = Key.uniform place (Array.append draws logits.shape) key
            uniform.lt(logits.sigmoid ()).to_type place.DType)

    override _.Mean = logits.sigmoid ()
    override _.Variance = Tensor.scoped (fun () -> logits.sigmoid () * logits.neg().sigmoid())
    override _.Mode = known (fun () -> logits.gt(0.0.AsScalar()).to_type logits.dtype)

    /// The cross-entropy of the law with itself, sum p log 1/p, for the likelier outcome's logit: log(1 + e^-a) + a sigma(-a).
    override _.Entropy =
        known (fun () ->
            let a = logits.abs ()
            torch.nn.functional.logsigmoid(a).neg() + a * a.neg().sigmoid())

[<RequireQualifiedAccess>]
module Bernoulli =
    /// Bernoulli by its logits.
    let create (logits: Tensor) = Bernoulli logits

    /// Bernoulli as a kind of law.
    let info = LawInfo.of1 "Bernoulli" (LawParameter.logit "logits") create
