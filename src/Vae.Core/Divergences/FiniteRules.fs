namespace Vae.Core

open TorchSharp

/// KL(q || p) of laws q on the counts 0 .. n against any laws on counts: the sum of q (log q - log p) over them.
[<RequireQualifiedAccess>]
module internal FiniteRules =
    let private page = "kl-counts"

    let private batch (q: Distribution) (p: Distribution) = Shape.broadcast "q" q.BatchShape "p" p.BatchShape

    /// Counts and their log-masses, [n + 1, batch...].
    let private sum (k: Tensor) (logMass: Tensor) (p: Distribution) =
        (DiscreteRules.share logMass (p.LogProb k)).sum([| 0L |])

    let private ofBernoulli (q: Bernoulli) (p: #Distribution) : Tensor =
        let logits = q.Logits.expand (batch q p)
        let k = torch.stack ([| torch.zeros_like logits; torch.ones_like logits |], 0L)

        let logMass = torch.nn.functional.logsigmoid (torch.stack ([| logits.neg (); logits |], 0L))

        sum k logMass p

    let private ofCategorical (q: Categorical) (p: #Distribution) : Tensor =
        let batch = batch q p
        let n = int64 q.Count
        let logMass = q.LogProbs.expand(Array.append batch [| n |]).movedim([| -1L |], [| 0L |])
        let k = Tensor.range (Placement.like logMass) n
        let k = k.reshape (Array.append [| n |] (Array.create batch.Length 1L))
        sum (k.expand logMass.shape) logMass p

    let private ofBinomial (q: Binomial) (p: #Distribution) : Tensor =
        let batch = batch q p
        let q = Binomial.OfLogits(q.TotalCount.expand batch, q.Logits.expand batch)
        q.Sum(fun k logMass -> DiscreteRules.share logMass (p.LogProb k))

    let private ofBetaBinomial (q: BetaBinomial) (p: #Distribution) : Tensor =
        let batch = batch q p

        let q =
            BetaBinomial(q.TotalCount.expand batch, q.Concentration1.expand batch, q.Concentration0.expand batch)

        q.Table(fun k logMass -> DiscreteRules.share logMass (p.LogProb k)).sum [| 0L |]

    /// n KL of the single trials for equal totals, else the sum. A first law of the larger total is within the second's support
    /// only where its outcome is certain.
    let private binomials (q: Binomial) (p: Binomial) =
        if q.TotalCount.eq(p.TotalCount).all().isTrue() then
            let nats = DiscreteRules.ofLogits q.Logits p.Logits
            q.TotalCount * LogOdds.orZero (q.TotalCount.eq (0.0.AsScalar())) nats
        else
            ofBinomial q p

    let private two = @"\sum_{k=0}^{1} q(k) \log\tfrac{q(k)}{p(k)}"
    let private every = @"\sum_k q(k) \log\tfrac{q(k)}{p(k)}"
    let private whole = "a sum over the counts of the first law"

    let private bernoulli (formula: Bernoulli -> 'p -> Tensor) = KlRule.create two page formula

    let private categorical (formula: Categorical -> 'p -> Tensor) =
        KlRule.create every page formula |> KlRule.where whole

    /// These laws are categorical, by their masses.
    let private implied other (formula: 'q -> 'p -> Tensor) =
        KlRule.create every page formula
        |> KlRule.where whole
        |> KlRule.impliedBy $"Categorical || %s{other}"

    let all = [
        bernoulli (fun q (p: Categorical) -> ofBernoulli q p)
        bernoulli (fun q (p: Binomial) -> ofBernoulli q p)
        bernoulli (fun q (p: BetaBinomial) -> ofBernoulli q p)
        bernoulli (fun q (p: NegativeBinomial) -> ofBernoulli q p)
        bernoulli (fun q (p: Geometric) -> ofBernoulli q p)
        bernoulli (fun q (p: Poisson) -> ofBernoulli q p)
        categorical (fun q (p: Bernoulli) -> ofCategorical q p)
        categorical (fun q (p: Binomial) -> ofCategorical q p)
        categorical (fun q (p: BetaBinomial) -> ofCategorical q p)
        categorical (fun q (p: NegativeBinomial) -> ofCategorical q p)
        categorical (fun q (p: Geometric) -> ofCategorical q p)
        categorical (fun q (p: Poisson) -> ofCategorical q p)
        KlRule.create @"n_q\left[\sigma(a_q)(a_q-a_p) + \log(1+e^{a_p}) - \log(1+e^{a_q})\right]" page binomials
        |> KlRule.where "for equal totals; a sum over the counts where the second total is larger"
        implied "Bernoulli" (fun (q: Binomial) (p: Bernoulli) -> ofBinomial q p)
        implied "Categorical" (fun (q: Binomial) (p: Categorical) -> ofBinomial q p)
        implied "BetaBinomial" (fun (q: Binomial) (p: BetaBinomial) -> ofBinomial q p)
        implied "NegativeBinomial" (fun (q: Binomial) (p: NegativeBinomial) -> ofBinomial q p)
        implied "Geometric" (fun (q: Binomial) (p: Geometric) -> ofBinomial q p)
        implied "Poisson" (fun (q: Binomial) (p: Poisson) -> ofBinomial q p)
        implied "Bernoulli" (fun (q: BetaBinomial) (p: Bernoulli) -> ofBetaBinomial q p)
        implied "Categorical" (fun (q: BetaBinomial) (p: Categorical) -> ofBetaBinomial q p)
        implied "Binomial" (fun (q: BetaBinomial) (p: Binomial) -> ofBetaBinomial q p)
        implied "BetaBinomial" (fun (q: BetaBinomial) (p: BetaBinomial) -> ofBetaBinomial q p)
        implied "NegativeBinomial" (fun (q: BetaBinomial) (p: NegativeBinomial) -> ofBetaBinomial q p)
        implied "Geometric" (fun (q: BetaBinomial) (p: Geometric) -> ofBetaBinomial q p)
        implied "Poisson" (fun (q: BetaBinomial) (p: Poisson) -> ofBetaBinomial q p)
    ]
