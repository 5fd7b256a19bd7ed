namespace Vae.Core

open TorchSharp

/// ContinuousBernoulli on the numbers from 0 to 1, by its logits or probabilities, element by element: density e^(logit x) over its integral, right for
/// every logit, 0 among them, where it is uniform.
/// G. Loaiza-Ganem and J. P. Cunningham, "The continuous Bernoulli: fixing a pervasive error in variational autoencoders", 2019.
[<Sealed>]
type ContinuousBernoulli private (logits: Tensor, _isChecked: bool) =
    inherit Univariate()

    let one (x: Tensor) = 1.0 .+ x.neg ()

    /// x e^(A(t x) - A(t)): the integral of e^(t x) over [0, x] by that over [0, 1]; the rest is 1 - x.
    let below (t: Tensor) (x: Tensor) (rest: Tensor) =
        let logs = LogMeanExp.belowHighest (t * x) - LogMeanExp.belowHighest t
        x * (logs - t.relu () * rest).exp()

    /// The x of which F(x) = p and 1 - F(x) = q, for logits within 1 of 0: the mean over s in [0, 1] of the probability p is moved
    /// to by the logit s.
    let near (p: Tensor) (q: Tensor) (t: Tensor) = Quadrature.ofTensors (fun s -> p / (p .+. q * (-s .* t).exp()))

    /// The same for logits of at least 1 in size: -log(q + p e^-c) / c for a falling density, and its mirror image.
    let far (p: Tensor) (q: Tensor) (t: Tensor) =
        let size = t.abs ()
        let tail = size.neg().expm1()
        let y = p * tail
        let isSmall = y.gt (-0.5.AsScalar())
        let small = y.masked_fill(isSmall.logical_not (), -0.5.AsScalar()).log1p()
        let falling = torch.where (isSmall, small, (q .+. p * size.neg().exp()).log())
        // log(1 + p (e^c - 1)), whose exponential may overflow.
        let odds = p.log () .+. size .+. tail.neg().log()
        let rising = torch.nn.functional.logsigmoid (odds.neg ())
        torch.where(t.lt (0.0.AsScalar()), falling, rising).neg() / size

    let inverse (p: Tensor) (q: Tensor) =
        let isNear = logits.abs().lt(1.0.AsScalar())
        let small = logits.masked_fill (isNear.logical_not (), 0.0.AsScalar())
        let large = logits.masked_fill (isNear, 1.0.AsScalar())
        torch.where(isNear, near p q small, far p q large).clamp(0.0.AsScalar(), 1.0.AsScalar())

    static let outcomes = Outcomes.both "Bernoulli"

    static member internal Outcomes = outcomes

    /// From logits. Refuses those that are not finite.
    static member OfLogits(logits: Tensor) =
        LogOdds.check outcomes (nameof logits) logits
        ContinuousBernoulli(logits, true)

    /// From one logit, in float64.
    static member OfLogits(logits: float) = ContinuousBernoulli.OfLogits(ownNumber logits)

    /// From the probabilities of the Bernoulli law, often called lambda. Refuses those that are not between 0 and 1.
    static member OfProbs(probs: Tensor) = ContinuousBernoulli.OfLogits(LogOdds.ofProbs outcomes probs)

    /// From one probability, in float64.
    static member OfProbs(probs: float) = ContinuousBernoulli.OfLogits(LogOdds.ofProb outcomes probs)

    /// log lambda / (1 - lambda), lambda the probability of the Bernoulli law whose likelihood is made a density.
    member _.Logits = logits

    override _.BatchShape = Shape.ofTensor logits
    override _.Support = Support.Closed(Bound.At 0.0, Bound.At 1.0)
    override _.Placement = Placement.like logits

    /// logit x - A(logit), from the higher end: logit (x - 1) where the logit is positive.
    override _.LogDensity x =
        let high = logits.detach().gt(0.0.AsScalar()).to_type logits.dtype
        logits * (x - high) - LogMeanExp.belowHighest logits

    override _.LowerTail x = below logits x (one x)
    override _.UpperTail x = below (logits.neg ()) (one x) x

    override _.FromLower p = inverse p (one p)
    override _.FromUpper q = inverse (one q) q

    override this.Sample(key, draws) = withoutGradient (fun () -> this.FromLower(Draws.uniform this key draws))

    override _.Mean = Tensor.scoped (fun () -> LogMeanExp.slope logits)
    override _.Variance = Tensor.scoped (fun () -> LogMeanExp.bend logits)
    override _.Mode = known (fun () -> 0.5 .+ 0.5 .* logits.sign ())
    override _.Entropy = known (fun () -> LogMeanExp.excess logits)

[<RequireQualifiedAccess>]
module ContinuousBernoulli =
    /// ContinuousBernoulli by its logits.
    let ofLogits (logits: Tensor) = ContinuousBernoulli.OfLogits logits

    /// ContinuousBernoulli by the probabilities of the Bernoulli law.
    let ofProbs (probs: Tensor) = ContinuousBernoulli.OfProbs probs

    /// The law with its sample path, the quantile of uniform noise.
    let pathwise (law: ContinuousBernoulli) = Draws.uniformPath PathOrder.Smooth law law.FromLower

    /// ContinuousBernoulli as a kind of law.
    let info =
        LawInfo.of1 "ContinuousBernoulli" (LawParameter.trials ContinuousBernoulli.Outcomes) ofLogits
        |> LawInfo.withPath pathwise
