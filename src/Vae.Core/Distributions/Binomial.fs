namespace Vae.Core

open TorchSharp

/// Binomial on 0 .. totalCount: the successes of so many trials with the log-odds `logits`, element by element. An infinite
/// logit is a certain outcome. Tails and quantiles carry no gradient.
[<Sealed>]
type Binomial private (totalCount: Tensor, logits: Tensor, isCertain: bool) =
    inherit Univariate()

    /// P(X <= k) and P(X > k) for 0 <= k < n: a beta law's tails.
    static let cdf (n: float) (logit: float) (k: float) =
        if k >= n then
            1.0
        else
            IncompleteBeta.lowerWith (n - k) (k + 1.0) (Counting.sigmoid -logit) (Counting.sigmoid logit)

    static let survival (n: float) (logit: float) (k: float) =
        if k >= n then
            0.0
        else
            IncompleteBeta.lowerWith (k + 1.0) (n - k) (Counting.sigmoid logit) (Counting.sigmoid -logit)

    /// The least and the largest count that a law can give.
    let low () = totalCount * (LogOdds.isAll logits).to_type totalCount.dtype
    let high () = totalCount * (LogOdds.isNone logits).logical_not().to_type totalCount.dtype

    /// From the number of trials and the logits, which broadcast. Refuses counts that are not whole and logits that are NaN.
    static member OfLogits(totalCount: Tensor, logits: Tensor) =
        Check.whole 0.0 (nameof totalCount) totalCount
        LogOdds.check Outcomes.any (nameof logits) logits
        let totalCount, logits = together (nameof totalCount) totalCount (nameof logits) logits
        Binomial(totalCount, logits, LogOdds.anyInfinite logits)

    /// From two numbers, in float64.
    static member OfLogits(totalCount: float, logits: float) = Binomial.OfLogits(ownNumber totalCount, ownNumber logits)

    /// From the number of trials and the probabilities of success, which broadcast. Refuses counts that are not whole and
    /// numbers outside [0, 1].
    static member OfProbs(totalCount: Tensor, probs: Tensor) =
        Binomial.OfLogits(totalCount, LogOdds.ofProbs Outcomes.any probs)

    /// From two numbers, in float64.
    static member OfProbs(totalCount: float, probs: float) =
        Binomial.OfLogits(totalCount, LogOdds.ofProb Outcomes.any probs)

    /// The number of trials.
    member _.TotalCount = totalCount
    /// log p / (1 - p), p the probability of success
    member _.Logits = logits
    /// Whether an outcome of a law is certain.
    member internal _.IsCertain = isCertain

    override _.BatchShape = Shape.ofTensor logits

    override _.Support =
        if isCertain then
            Support.Integers(Bound.PerLaw(low ()), Bound.PerLaw(high ()))
        else
            Support.Integers(Bound.At 0.0, Bound.PerLaw totalCount)

    override _.Placement = Placement.like logits

    /// log C(n, k) + k log p + (n - k) log(1 - p)
    override _.LogDensity k = Counting.binomial k (totalCount - k) logits

    override _.LowerTail k = Elementwise.map3 (fun k n logit -> cdf n logit k) k totalCount logits
    override _.UpperTail k = Elementwise.map3 (fun k n logit -> survival n logit k) k totalCount logits

    /// The least count with P(X <= k) >= p, of numbers.
    static member internal Quantile(n: float, logit: float, p: float) =
        if logit = infinity then n
        elif logit = -infinity then 0.0
        else float (Invert.integers (float >> cdf n logit) p)

    override _.FromLower p = Elementwise.map3 (fun p n logit -> Binomial.Quantile(n, logit, p)) p totalCount logits

    override _.FromUpper q =
        (q, totalCount, logits)
        |||> Elementwise.map3 (fun q n logit ->
            if System.Double.IsInfinity logit then
                Binomial.Quantile(n, logit, q)
            else
                float (Invert.integersUpper (float >> survival n logit) q))

    override _.Mean = Tensor.scoped (fun () -> totalCount * logits.sigmoid ())

    override _.Variance = Tensor.scoped (fun () -> totalCount * logits.sigmoid () * logits.neg().sigmoid())

    /// floor((n + 1) p)
    override _.Mode =
        known (fun () -> ((1.0 .+ totalCount) * logits.detach().sigmoid()).floor().minimum totalCount)

    /// The sum of f(k), a function of counts of shape [n, batch...] and their log-masses, over all that matter to rounding.
    member internal this.Sum(f: Tensor -> Tensor -> Tensor) =
        let low, high = if isCertain then low (), high () else torch.zeros_like totalCount, totalCount
        Counting.sum this.Mean this.Variance low high (fun k -> f k (this.LogDensity k))

    /// The sum of -p log p over all counts that matter to rounding.
    override this.Entropy = known (fun () -> this.Sum(fun _ logMass -> (logMass.exp () * logMass).neg()))

[<RequireQualifiedAccess>]
module Binomial =
    /// Binomial by its number of trials and logits, which broadcast.
    let ofLogits (totalCount: Tensor) (logits: Tensor) = Binomial.OfLogits(totalCount, logits)

    /// Binomial by its number of trials and probabilities of success, which broadcast.
    let ofProbs (totalCount: Tensor) (probs: Tensor) = Binomial.OfProbs(totalCount, probs)

    /// Binomial as a kind of law.
    let info =
        LawInfo.of2 "Binomial" (LawParameter.whole 0.0 "totalCount") (LawParameter.trials Outcomes.any) ofLogits
