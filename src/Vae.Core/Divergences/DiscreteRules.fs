namespace Vae.Core

open System
open TorchSharp

/// KL between laws on finitely many values.
[<RequireQualifiedAccess>]
module internal DiscreteRules =
    let private page = "kl-discrete"

    /// w (d + e^-d - 1) given log w and log (w e^-d). It is not negative, and near d = 0, where it cancels, it is
    /// w (d + expm1 -d).
    let private excess (logWeight: Tensor) (d: Tensor) (logOther: Tensor) : Tensor =
        let small = d.clamp ((-1.0).AsScalar(), (1.0).AsScalar())
        let near = logWeight.exp () * (small .+. small.neg().expm1())
        let far = logWeight.exp () * (-1.0 .+ d) .+. logOther.exp ()
        torch.where (d.eq small, near, far)

    /// w (d + e^-d - 1), given log w.
    let weighted (logWeight: Tensor) (d: Tensor) : Tensor = excess logWeight d (logWeight - d)

    /// What a formula makes of two log-masses where both are finite. Where one is -infinity the formula sees 0, so that neither
    /// its value nor its gradient can spoil the others'; there it is what q's absence leaves, and +infinity where p excludes
    /// what q has.
    let private guarded (formula: Tensor -> Tensor -> Tensor) (absent: Tensor -> Tensor) (logQ: Tensor) (logP: Tensor) =
        let noQ, noP = LogOdds.isNone logQ, LogOdds.isNone logP
        let either = noQ.logical_or noP
        let value = formula (LogOdds.orZero either logQ) (LogOdds.orZero either logP)
        let excluded = noP.logical_and (noQ.logical_not ())
        torch.where(either, absent logP, value).masked_fill(excluded, Double.PositiveInfinity.AsScalar())

    /// q (d + p/q - 1) with d = log q - log p: one value's part of the divergence of laws that sum to 1.
    let term (logQ: Tensor) (logP: Tensor) : Tensor =
        guarded (fun logQ logP -> excess logQ (logQ - logP) logP) _.exp() logQ logP

    /// q (log q - log p): one value's part of a divergence whose every value is summed over.
    let share (logQ: Tensor) (logP: Tensor) : Tensor =
        guarded (fun logQ logP -> logQ.exp () * (logQ - logP)) (fun logP -> torch.zeros_like logP) logQ logP

    /// sum q log q / p over the last dimension, for laws that sum to 1 over it.
    let categories (logQ: Tensor) (logP: Tensor) : Tensor = (term logQ logP).sum -1L

    /// The divergence of Bernoulli laws with logits a and b.
    let ofLogits (a: Tensor) (b: Tensor) : Tensor =
        let logsigmoid: Tensor -> Tensor = torch.nn.functional.logsigmoid
        let part a b = term (logsigmoid a) (logsigmoid b)
        part a b .+. part (a.neg ()) (b.neg ())

    /// Where the second law has more categories, their probability is what the sum over the first's misses. Where the first has
    /// more, they are impossible: the supports have been compared.
    let private categorical (q: Categorical) (p: Categorical) =
        let count = min q.Count p.Count
        let first (law: Categorical) = law.LogProbs.narrow (-1L, 0L, count)
        let beyond = p.LogProbs.narrow(-1L, count, p.Count - count).exp().sum(-1L)
        categories (first q) (first p) .+. beyond

    let all = [
        KlRule.create
            @"\sigma(a_q)(a_q-a_p) + \log(1+e^{a_p}) - \log(1+e^{a_q})"
            page
            (fun (q: Bernoulli) (p: Bernoulli) -> ofLogits q.Logits p.Logits)
        KlRule.create @"\sum_i q_i \log\tfrac{q_i}{p_i}" page categorical
        |> KlRule.where "+infinity where the first law has a category that is not in the second"
    ]
