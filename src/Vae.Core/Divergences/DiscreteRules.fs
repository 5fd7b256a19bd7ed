namespace Vae.Core

open TorchSharp

/// KL between laws on finitely many values.
[<RequireQualifiedAccess>]
module internal DiscreteRules =
    let private page = "kl-discrete"

    /// p (a - b) + softplus b - softplus a, written for the likelier outcome of the first law, so that a difference of
    /// large numbers never stands for a small one.
    let private bernoulli (q: Bernoulli) (p: Bernoulli) =
        let sign = -1.0 .+ (2.0 .* q.Logits.detach().ge(0.0.ToScalar()).to_type q.Logits.dtype)
        let a, b = q.Logits * sign, p.Logits * sign
        // With a >= 0: (1 - sigma(a)) (b - a) is small where a is large.
        Logistic.softplus (b.neg ()) - Logistic.softplus (a.neg ()) + a.neg().sigmoid() * (b - a)

    /// sum q d = sum (q d + p - q) with d = log q - log p, as both laws sum to 1: no term of the second form is negative,
    /// and near d = 0, where it cancels, it is q (d + expm1 -d).
    let private categorical (q: Categorical) (p: Categorical) =
        if q.Count <> p.Count then
            None
        else
            let d = q.LogProbs - p.LogProbs
            let small = d.clamp ((-1.0).ToScalar(), (1.0).ToScalar())
            let near = q.LogProbs.exp () * (small + small.neg().expm1())
            let far = p.LogProbs.exp () - q.LogProbs.exp () + q.LogProbs.exp () * d
            Some(torch.where(d.eq small, near, far).sum(-1L))

    let all = [
        KlRule.create @"\sigma(a)(a-b) + \log(1+e^b) - \log(1+e^a)" page bernoulli
        KlRule.partial @"\sum_i q_i \log\tfrac{q_i}{p_i}" "as many categories in both" page categorical
    ]
