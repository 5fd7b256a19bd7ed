namespace Vae.Core

open TorchSharp

/// A law of counts with zeros of another cause: 0 with a probability pi, and else a draw of the law, which may be 0 as well
/// (D. Lambert, "Zero-inflated Poisson regression", 1992). p(0) = pi + (1 - pi) f(0), and p(x) = (1 - pi) f(x) for other x.
/// Inside it is the logit of pi; one of -infinity is the law itself. Tails and quantiles have the gradients that the law's have.
[<Sealed>]
type ZeroInflated private (law: Univariate, logits: Tensor, shape: int64[]) =
    inherit Univariate()

    /// log pi and log(1 - pi)
    let logZero () = torch.nn.functional.logsigmoid logits
    let logLaw () = torch.nn.functional.logsigmoid (logits.neg ())
    let share () = logits.neg().sigmoid()

    let zeroLike (x: Tensor) = torch.zeros_like x

    /// log p(0), of what the law's log-mass at 0 is.
    let atZero (logMass: Tensor) =
        let others = logLaw () .+. logMass
        LogOdds.sum (torch.stack ([| (logZero ()).expand_as others; others |], -1L))

    let lower (x: Tensor) = logits.sigmoid () .+. share () * law.Cdf x

    let upper (x: Tensor) = share () * law.Survival x

    let orZero (isZero: Tensor) (k: Tensor) = k.masked_fill (isZero, 0.0.AsScalar())

    let belowOne (p: Tensor) = p.clamp_max ((1.0 - (torch.finfo p.dtype).eps / 2.0).AsScalar())

    /// The count of a share of the upper tail.
    let fromAbove (q: Tensor) =
        let rest = (q / share ()).clamp_max(1.0.AsScalar())
        law.UpperQuantile rest |> orZero (rest.ge (1.0.AsScalar()))

    /// The least count for which a condition holds, from one that is off by at most 1 through rounding.
    let settle (holds: Tensor -> Tensor) (k: Tensor) =
        let before = (-1.0 .+ k).clamp_min(0.0.AsScalar())
        torch.where (holds before, before, torch.where (holds k, k, 1.0 .+ k))

    static let outcomes = { Never = true; Always = false; Why = "; Delta is the law of 0 alone" }

    /// What the logits may be.
    static member internal Outcomes = outcomes

    /// Refuses, by an argument, a law that is not of counts: where there is a density, a single point has none to share.
    static member internal Check(argument: string, law: Distribution) : Univariate =
        let fromZero bound =
            match bound with
            | Bound.At low -> low >= 0.0
            | Bound.PerLaw low -> Tensor.holds (fun () -> low.ge(0.0.AsScalar()).all())

        match law, law.Support with
        | (:? Univariate as law), Support.Integers(low, _) when fromZero low -> law
        | _ ->
            Check.refuse
                argument
                $"%s{law.Name} on %O{law.Support}"
                "a law of counts, such as Poisson or NegativeBinomial"

    /// From the logits of the probability of a zero of another cause, which broadcast with the batch of the law. Refuses a law that
    /// is not of counts, and logits that are NaN or infinity.
    static member OfLogits(law: Distribution, logits: Tensor) =
        let law = ZeroInflated.Check(nameof law, law)
        LogOdds.check outcomes (nameof logits) logits
        beside "the logits are" (Placement.like logits) (nameof law) law
        let shape = Shape.broadcast (nameof law) law.BatchShape (nameof logits) (Shape.ofTensor logits)
        ZeroInflated(law, logits, shape)

    /// From the probability of a zero of another cause. Refuses numbers that are not at least 0 and below 1.
    static member OfProbs(law: Distribution, probs: Tensor) = ZeroInflated.OfLogits(law, LogOdds.ofProbs outcomes probs)

    /// The law of the counts that are not 0 for another cause.
    member _.Base = law
    /// log pi / (1 - pi), pi the probability of a zero of another cause
    member _.Logits = logits

    override _.BatchShape = shape

    override _.Support =
        match law.Support with
        | Support.Integers(_, high) -> Support.Integers(Bound.At 0.0, high)
        | other -> other

    override _.Placement = law.Placement
    override _.IsGuarded = true

    /// By log-sum-exp at 0.
    override _.LogDensity x =
        let logMass = law.LogProb x
        let isZero = x.eq (0.0.AsScalar())
        let zero = atZero (logMass.masked_fill (isZero.logical_not (), 0.0.AsScalar()))
        torch.where (isZero, zero, logLaw () .+. logMass)

    override _.LowerTail x = lower x
    override _.UpperTail x = upper x

    // By the smaller tail, which the other's rounding would spoil.
    override _.FromLower p =
        let isLow = p.le (0.5.AsScalar())
        let below = ((p - logits.sigmoid ()) / share ()).clamp_min(0.0.AsScalar())
        let low = belowOne (below.masked_fill (isLow.logical_not (), 0.5.AsScalar()))
        let high = fromAbove ((1.0 .+ p.neg ()).masked_fill(isLow, 0.5.AsScalar()))

        torch.where (isLow, orZero (low.le (0.0.AsScalar())) (law.Quantile low), high)
        |> settle (fun k -> (lower k).ge p)

    override _.FromUpper q = fromAbove q |> settle (fun k -> (upper k).le q)

    /// (1 - pi) m, m the law's mean
    override _.Mean = Tensor.scoped (fun () -> (share () * law.Mean).expand shape)

    /// (1 - pi) (v + pi m^2), v the law's variance
    override _.Variance =
        Tensor.scoped (fun () ->
            let spread = law.Variance .+. logits.sigmoid () * law.Mean.squared ()
            (share () * spread).expand shape)

    /// 0 or the law's, whichever has more.
    override this.Mode =
        whereKnown (fun () ->
            law.Mode
            |> Option.map (fun mode ->
                let mode = mode.expand shape
                let zero = zeroLike mode
                torch.where ((this.LogProb zero).ge(this.LogProb mode), zero, mode)))

    /// -p(0) log p(0) - (1 - pi) [(1 - f(0)) log(1 - pi) - H - f(0) log f(0)], H the law's entropy
    override _.Entropy =
        whereKnown (fun () ->
            law.Entropy
            |> Option.map (fun entropy ->
                let logMass = law.LogProb(zeroLike (logits.expand shape))
                let mass = logMass.exp ()
                let zero = atZero logMass
                let lost = mass * logMass.masked_fill (LogOdds.isNone logMass, 0.0.AsScalar())
                let others = entropy .+. lost - (1.0 .+ mass.neg ()) * logLaw ()
                let atZero = zero.exp () * zero.masked_fill (LogOdds.isNone zero, 0.0.AsScalar())
                share () * others - atZero))

    override _.Name = $"ZeroInflated(%s{law.Name})"

[<RequireQualifiedAccess>]
module ZeroInflated =
    /// A law of counts with zeros of another cause, by the logits of their probability.
    let ofLogits (logits: Tensor) (law: Distribution) = ZeroInflated.OfLogits(law, logits)

    /// Refuses, by an argument, a kind of law that is not of counts.
    let internal checkKind argument (info: LawInfo) : unit =
        Native.load ()
        use _ = torch.NewDisposeScope()
        ZeroInflated.Check(argument, LawInfo.example info) |> ignore

    /// A law of counts with zeros of another cause, by their probability.
    let ofProbs (probs: Tensor) (law: Distribution) = ZeroInflated.OfProbs(law, probs)
