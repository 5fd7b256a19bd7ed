namespace Vae.Core

open TorchSharp

/// NegativeBinomial on 0, 1, 2, ...: the successes, of log-odds `logits`, before `totalCount` failures; PyTorch's meaning of
/// both. totalCount is positive and need not be whole. Of a logit of -infinity, where there is no success, it is on 0 alone.
/// Tails and quantiles carry no gradient.
[<Sealed>]
type NegativeBinomial private (totalCount: Tensor, logits: Tensor, isCertain: bool) =
    inherit Univariate()

    /// P(X <= k) and P(X > k): a beta law's tails.
    static let cdf (r: float) (logit: float) (k: float) =
        IncompleteBeta.lowerWith r (k + 1.0) (Counting.sigmoid -logit) (Counting.sigmoid logit)

    static let survival (r: float) (logit: float) (k: float) =
        IncompleteBeta.lowerWith (k + 1.0) r (Counting.sigmoid logit) (Counting.sigmoid -logit)

    /// From the number of failures and the logits of success, which broadcast. Refuses numbers of failures that are not
    /// positive, and logits that are NaN or infinity, for which there is no failure to wait for.
    static member OfLogits(totalCount: Tensor, logits: Tensor) =
        Check.positive (nameof totalCount) totalCount
        LogOdds.check Outcomes.uncertain (nameof logits) logits
        let totalCount, logits = together (nameof totalCount) totalCount (nameof logits) logits
        NegativeBinomial(totalCount, logits, LogOdds.anyInfinite logits)

    /// From two numbers, in float64.
    static member OfLogits(totalCount: float, logits: float) =
        NegativeBinomial.OfLogits(ownNumber totalCount, ownNumber logits)

    /// From the number of failures and the probabilities of success, which broadcast. Refuses numbers of failures that are not
    /// positive, and probabilities that are not at least 0 and below 1.
    static member OfProbs(totalCount: Tensor, probs: Tensor) =
        NegativeBinomial.OfLogits(totalCount, LogOdds.ofProbs Outcomes.uncertain probs)

    /// From two numbers, in float64.
    static member OfProbs(totalCount: float, probs: float) =
        NegativeBinomial.OfLogits(totalCount, LogOdds.ofProb Outcomes.uncertain probs)

    /// The number of failures, r.
    member _.TotalCount = totalCount
    /// log p / (1 - p), p the probability of success
    member _.Logits = logits

    override _.BatchShape = Shape.ofTensor logits

    override _.Support =
        if isCertain then
            let unbounded =
                Tensor.scoped (fun () ->
                    (torch.zeros_like logits).masked_fill((LogOdds.isNone logits).logical_not(), infinity.AsScalar()))

            Support.Integers(Bound.At 0.0, Bound.PerLaw unbounded)
        else
            Support.naturals

    override _.Placement = Placement.like logits

    /// log [Gamma(k + r) / (Gamma(r) k!)] + k log p + r log(1 - p): r / (r + k) of a binomial mass.
    override _.LogDensity k = Counting.binomial k totalCount logits - (k / totalCount).log1p()

    override _.LowerTail k = Elementwise.map3 (fun k r logit -> cdf r logit k) k totalCount logits
    override _.UpperTail k = Elementwise.map3 (fun k r logit -> survival r logit k) k totalCount logits

    override _.FromLower p =
        (p, totalCount, logits)
        |||> Elementwise.map3 (fun p r logit -> Counting.quantile (cdf r logit) (survival r logit) p)

    override _.FromUpper q =
        (q, totalCount, logits)
        |||> Elementwise.map3 (fun q r logit -> Counting.upperQuantile (cdf r logit) (survival r logit) q)

    /// r p / (1 - p)
    override _.Mean = Tensor.scoped (fun () -> totalCount * logits.exp ())

    /// r p / (1 - p)^2
    override _.Variance = Tensor.scoped (fun () -> totalCount * logits.exp () * (1.0 .+ logits.exp ()))

    /// floor((r - 1) p / (1 - p)), and 0 for r <= 1
    override _.Mode =
        known (fun () -> ((-1.0 .+ totalCount.detach ()) * logits.detach().exp()).floor().clamp_min(0.0.AsScalar()))

    /// r log(1 + e^l) + mean log(1 + e^-l) - E[log Gamma(k + r) / (Gamma(r) k!)], whose last part is an integral by Malmsten's
    /// formula: that of (E[e^(-k t)] - 1) (e^(-r t) - e^-t) / (1 - e^-t) / t over t > 0. The trapezoidal rule in log t
    /// leaves no more than rounding of the three parts, of which the largest is about r |l| or r log r.
    override this.Entropy =
        known (fun () ->
            // Of successes that have no probability, or so little, nothing is left.
            let logits =
                if isCertain then
                    logits.masked_fill (LogOdds.isNone logits, (-1000.0).AsScalar())
                else
                    logits

            let r, l = totalCount.to_type (torch.ScalarType.Float64), logits.to_type (torch.ScalarType.Float64)

            // E[1 - e^(-k t)] is small where t is far below 1 / mean, and the rest where t is far above 1 / r.
            let largest = Tensor.toFloat ((l.detach () .+. r.detach().log()).amax [||])
            let least = Tensor.toFloat ((r.detach().log()).amin [||])
            let low, high = -40.0 - max 0.0 largest, 5.0 - min 0.0 least
            let step = 0.2
            let count = int64 ((high - low) / step) + 1L
            let nodes = Tensor.range { Placement.like l with DType = torch.ScalarType.Float64 } count
            let onNodes = Array.append [| count |] (Array.create l.shape.Length 1L)
            let t = (low .+ step .* nodes).exp().reshape onNodes
            let gap = t.neg().expm1().neg()
            // (1 - p) / (1 - p e^-t) is 1 / (1 + e^l (1 - e^-t)).
            let transform = (r * Logistic.softplus (l .+. gap.log ())).neg().expm1()
            // e^(-r t) - e^-t, of which little is left for small t.
            let near = t.neg().exp() * ((1.0 .+ r.neg ()) * t.clamp_max (1.0.AsScalar())).expm1()
            let far = (r * t).neg().exp() - t.neg().exp()
            let weights = torch.where (t.lt (1.0.AsScalar()), near, far) / gap
            let logChoices = step .* (transform * weights).sum [| 0L |]
            let mean = r * l.exp ()

            (r * Logistic.softplus l .+. mean * Logistic.softplus (l.neg ()) - logChoices).to_type logits.dtype)

[<RequireQualifiedAccess>]
module NegativeBinomial =
    /// NegativeBinomial by its number of failures and logits of success, which broadcast.
    let ofLogits (totalCount: Tensor) (logits: Tensor) = NegativeBinomial.OfLogits(totalCount, logits)

    /// NegativeBinomial by its number of failures and probabilities of success, which broadcast.
    let ofProbs (totalCount: Tensor) (probs: Tensor) = NegativeBinomial.OfProbs(totalCount, probs)

    /// NegativeBinomial as a kind of law.
    let info =
        LawInfo.of2
            "NegativeBinomial"
            (LawParameter.shape "totalCount")
            (LawParameter.trials Outcomes.uncertain)
            ofLogits
