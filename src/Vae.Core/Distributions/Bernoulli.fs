namespace Vae.Core

open System
open TorchSharp

/// Bernoulli on {0, 1}, element by element. Inside it are logits, log p / (1 - p), whichever it is made from: probabilities
/// saturate at 12 to 16 nats, or lose their gradient. A certain outcome has an infinite logit.
[<Sealed>]
type Bernoulli private (logits: Tensor, isCertain: bool) =
    inherit Univariate()

    /// From logits. Refuses NaN.
    static member OfLogits(logits: Tensor) =
        LogOdds.check Outcomes.any (nameof logits) logits
        Bernoulli(logits, LogOdds.anyInfinite logits)

    /// From one logit, in float64.
    static member OfLogits(logits: float) = Bernoulli.OfLogits(ownNumber logits)

    /// From probabilities of 1. Refuses numbers outside [0, 1].
    static member OfProbs(probs: Tensor) = Bernoulli.OfLogits(LogOdds.ofProbs Outcomes.any probs)

    /// From one probability, in float64.
    static member OfProbs(probs: float) = Bernoulli.OfLogits(LogOdds.ofProb Outcomes.any probs)

    /// From the output of a network. Nothing is checked.
    static member internal OfNetwork(logits: Tensor) = Bernoulli(logits, false)

    /// log p / (1 - p)
    member _.Logits = logits

    /// -[x log p + (1 - x) log (1 - p)] in nats for x in [0, 1], element by element: for x in {0, 1} it is -log p(x);
    /// for grey levels between them it is a score and no density (its exponential integrates to 1/2 at logit 0).
    member this.CrossEntropy(x: Tensor) : Tensor =
        Tensor.scoped (fun () ->
            if isCertain then
                this.CertainEntropy x
            else
                let shape = Shape.broadcast "logits" logits.shape "x" x.shape

                torch.nn.functional.binary_cross_entropy_with_logits (
                    logits.expand shape,
                    x.expand shape,
                    reduction = torch.nn.Reduction.None
                ))

    /// The same with 0 log 0 = 0, of laws some of which are certain.
    member private _.CertainEntropy(x: Tensor) : Tensor =
        let part (weight: Tensor) (logits: Tensor) =
            let none, unused = LogOdds.isNone logits, weight.eq (0.0.AsScalar())

            (weight * (torch.nn.functional.logsigmoid (LogOdds.orZero none logits)).neg())
                .masked_fill(none, Double.PositiveInfinity.AsScalar())
                .masked_fill(unused, 0.0.AsScalar())

        part x logits .+. part (1.0 .+ x.neg ()) (logits.neg ())

    override _.BatchShape = Shape.ofTensor logits

    override _.Support =
        if isCertain then
            let low, high =
                Tensor.scopedPair (fun () ->
                    (LogOdds.isAll logits).to_type logits.dtype,
                    (LogOdds.isNone logits).logical_not().to_type logits.dtype)

            Support.Integers(Bound.PerLaw low, Bound.PerLaw high)
        else
            Support.zeroOne

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

    override _.Mean = Tensor.scoped (fun () -> logits.sigmoid ())
    override _.Variance = Tensor.scoped (fun () -> logits.sigmoid () * logits.neg().sigmoid())
    override _.Mode = known (fun () -> logits.gt(0.0.AsScalar()).to_type logits.dtype)

    /// The cross-entropy of the law with itself, sum p log 1/p, for the likelier outcome's logit: log(1 + e^-a) + a sigma(-a).
    override _.Entropy =
        known (fun () ->
            // Beyond 1000 both are 0 in any precision.
            let a = logits.abs().clamp_max(1000.0.AsScalar())
            torch.nn.functional.logsigmoid(a).neg() .+. a * a.neg().sigmoid())

[<RequireQualifiedAccess>]
module Bernoulli =
    /// Bernoulli by its logits.
    let ofLogits (logits: Tensor) = Bernoulli.OfLogits logits

    /// Bernoulli by the probabilities of 1.
    let ofProbs (probs: Tensor) = Bernoulli.OfProbs probs

    /// Bernoulli as a kind of law.
    let info = LawInfo.of1 "Bernoulli" (LawParameter.trials Outcomes.any) ofLogits
