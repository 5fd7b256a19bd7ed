namespace Vae.Core

open TorchSharp

/// Binomial(totalCount, logits) on 0 .. totalCount: the successes of so many trials with the log-odds `logits`, element by
/// element. Tails and quantiles carry no gradient.
[<Sealed>]
type Binomial private (totalCount: Tensor, logits: Tensor, _isChecked: bool) =
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

    /// From the number of trials and the logits, which broadcast. Refuses counts that are not whole and logits that are not finite.
    new(totalCount: Tensor, logits: Tensor) =
        Check.whole 0.0 (nameof totalCount) totalCount
        Check.finite (nameof logits) logits
        let totalCount, logits = together (nameof totalCount) totalCount (nameof logits) logits
        Binomial(totalCount, logits, true)

    /// From two numbers, in float64.
    new(totalCount: float, logits: float) = Binomial(ownNumber totalCount, ownNumber logits)

    /// The number of trials.
    member _.TotalCount = totalCount
    /// log p / (1 - p), p the probability of success
    member _.Logits = logits

    override _.BatchShape = logits.shape
    override _.Support = Support.Integers(Bound.At 0.0, Bound.PerLaw totalCount)
    override _.Placement = Placement.like logits

    /// log C(n, k) + k log p + (n - k) log(1 - p)
    override _.LogDensity k = Counting.binomial k (totalCount - k) logits

    override _.LowerTail k = Elementwise.map3 (fun k n logit -> cdf n logit k) k totalCount logits
    override _.UpperTail k = Elementwise.map3 (fun k n logit -> survival n logit k) k totalCount logits

    /// The least count with P(X <= k) >= p, of numbers.
    static member internal Quantile(n: float, logit: float, p: float) = float (Invert.integers (float >> cdf n logit) p)

    override _.FromLower p = Elementwise.map3 (fun p n logit -> Binomial.Quantile(n, logit, p)) p totalCount logits

    override _.FromUpper q =
        (q, totalCount, logits)
        |||> Elementwise.map3 (fun q n logit -> float (Invert.integersUpper (float >> survival n logit) q))

    override _.Mean = Tensor.scoped (fun () -> totalCount * logits.sigmoid ())

    override _.Variance = Tensor.scoped (fun () -> totalCount * logits.sigmoid () * logits.neg().sigmoid())

    /// floor((n + 1) p)
    override _.Mode =
        known (fun () -> ((1.0 .+ totalCount) * logits.detach().sigmoid()).floor().minimum totalCount)

    /// The sum of p(k) f(k), f a function of counts of shape [n, batch...] and their log-masses, over all that matter to rounding.
    member internal this.Sum(f: Tensor -> Tensor -> Tensor) =
        Counting.sum this.Mean this.Variance totalCount (fun k ->
            let logMass = this.LogDensity k
            logMass.exp () * f k logMass)

    /// The sum of -p log p over all counts that matter to rounding.
    override this.Entropy = known (fun () -> this.Sum(fun _ logMass -> logMass.neg ()))

[<RequireQualifiedAccess>]
module Binomial =
    /// Binomial(totalCount, logits), from two tensors that broadcast.
    let create (totalCount: Tensor) (logits: Tensor) = Binomial(totalCount, logits)

    /// Binomial as a kind of law.
    let info =
        LawInfo.of2 "Binomial" (LawParameter.whole 0.0 "totalCount") (LawParameter.logit "logits") create
