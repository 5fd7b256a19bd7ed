namespace Vae.Core

open System
open TorchSharp

/// KL between laws of counts of one family, between relaxed laws, and from laws without spread.
[<RequireQualifiedAccess>]
module internal CountRules =
    let private page = "kl-counts"

    let private poisson (q: Poisson) (p: Poisson) = Counting.deviance q.Rate p.Rate (p.Rate.log ())

    /// The trials before the end are 1/p on average, each with the divergence of Bernoulli laws.
    let private geometricLogits (a: Tensor) (b: Tensor) =
        let logsigmoid: Tensor -> Tensor = torch.nn.functional.logsigmoid
        let always, alwaysSecond = LogOdds.isAll a, LogOdds.isAll b
        let uncertain, second = LogOdds.orZero always a, LogOdds.orZero alwaysSecond b
        let success = logsigmoid uncertain - logsigmoid second
        let failure = logsigmoid (uncertain.neg ()) - logsigmoid (second.neg ())

        let nats =
            DiscreteRules.weighted (torch.zeros_like uncertain) success
            .+. DiscreteRules.weighted (uncertain.neg ()) failure

        // Of a first law that is always 0 it is what the second's 0 costs.
        torch
            .where(always, Logistic.softplus (b.neg ()), nats)
            .masked_fill(alwaysSecond.logical_and (always.logical_not ()), Double.PositiveInfinity.AsScalar())

    let private geometric (q: Geometric) (p: Geometric) =
        let nats = geometricLogits q.Logits p.Logits
        // Of equal laws whose mean is beyond the largest number it would be infinity times 0.
        nats.masked_fill (q.Logits.eq p.Logits, 0.0.AsScalar())

    /// So many geometric counts of successes, each before a failure. Where the first law is always 0, the second's count of
    /// failures is what 0 costs.
    let private negativeBinomial (q: NegativeBinomial) (p: NegativeBinomial) =
        let never = LogOdds.isNone q.Logits

        if q.TotalCount.eq(p.TotalCount).logical_or(never).all().isTrue() then
            let count = torch.where (never, p.TotalCount, q.TotalCount)
            Some(count * geometricLogits (q.Logits.neg ()) (p.Logits.neg ()))
        else
            None

    /// Of no draws it is 0, whatever the categories.
    let private multinomial (q: Multinomial) (p: Multinomial) =
        let nats = DiscreteRules.categories q.LogProbs p.LogProbs
        q.TotalCount * LogOdds.orZero (q.TotalCount.eq (0.0.AsScalar())) nats

    /// k / (2 k + 1)! times 2, of x cosh x - sinh x, and 1 / (2 k + 1)!, of sinh x, in powers of x^2.
    let private factorials = Array.scan (fun f k -> f * float (2 * k) * float (2 * k + 1)) 1.0 [| 1..12 |]

    let private numerator = [| for k in 1..12 -> 2.0 * float k / factorials[k] |]
    let private sinhOverX = [| for f in factorials -> 1.0 / f |]

    /// x coth x - 1: near 0 by the series of (x cosh x - sinh x) / sinh x.
    let private xCothXLess1 (x: Tensor) =
        let isNear = x.abs().lt(1.0.AsScalar())
        let near = torch.where(isNear, x, torch.zeros_like x).squared()
        let far = torch.where (isNear, torch.ones_like x, x)
        let series = near * Counting.polynomial numerator near / Counting.polynomial sinhOverX near
        torch.where (isNear, series, -1.0 .+ far / far.tanh ())

    /// Logits of the draws are logistic, of one scale for one temperature.
    let private relaxedBernoulli (q: RelaxedBernoulli) (p: RelaxedBernoulli) =
        if q.Temperature.eq(p.Temperature).all().isTrue() then
            Some(2.0 .* xCothXLess1 (0.5 .* (q.Logits - p.Logits)))
        else
            None

    let private delta _ (q: Delta) (p: Distribution) = Some(0.0 .+ (p.LogProb q.Value).neg())

    let private sum = @"\sum_i q_i \log\tfrac{q_i}{p_i}"

    let all =
        FiniteRules.all
        @ [
            KlRule.create @"\lambda_q \log\tfrac{\lambda_q}{\lambda_p} + \lambda_p - \lambda_q" page poisson
            KlRule.create
                @"\log\tfrac{\sigma(a_q)}{\sigma(a_p)} + e^{-a_q} \log\tfrac{\sigma(-a_q)}{\sigma(-a_p)}"
                page
                geometric
            KlRule.partial
                @"r_q\left[\log\tfrac{\sigma(-a_q)}{\sigma(-a_p)} + e^{a_q} \log\tfrac{\sigma(a_q)}{\sigma(a_p)}\right]"
                "equal totalCount, or a first law that is always 0"
                page
                negativeBinomial
            KlRule.create sum page (fun (q: OneHotCategorical) (p: OneHotCategorical) ->
                DiscreteRules.categories q.LogProbs p.LogProbs)
            KlRule.create (@"n_q " + sum) page multinomial |> KlRule.where "+infinity for different totals"
            KlRule.create sum page (fun (q: OneHotCategorical) (p: Multinomial) ->
                DiscreteRules.categories q.LogProbs p.LogProbs)
            |> KlRule.where "+infinity for a total other than 1"
            |> KlRule.impliedBy "Multinomial || Multinomial"
            KlRule.create sum page (fun (q: Multinomial) (p: OneHotCategorical) ->
                DiscreteRules.categories q.LogProbs p.LogProbs)
            |> KlRule.where "+infinity for a total other than 1"
            |> KlRule.impliedBy "Multinomial || Multinomial"
            KlRule.partial
                @"\delta \coth\tfrac{\delta}{2} - 2, \quad \delta = a_q - a_p"
                "equal temperatures"
                page
                relaxedBernoulli
            KlRule.structural @"-\log p(x_q)" "" page delta
        ]
