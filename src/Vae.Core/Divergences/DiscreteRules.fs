namespace Vae.Core

open TorchSharp

/// KL between laws on finitely many values.
[<RequireQualifiedAccess>]
module internal DiscreteRules =
    let private page = "kl-discrete"

    /// w (d + p/q - 1) with d = log q - log p, given log w: one value's part of the divergence of laws that sum to 1, with
    /// w = q. It is not negative, and near d = 0, where it cancels, it is w (d + expm1 -d).
    let term (logWeight: Tensor) (d: Tensor) : Tensor =
        let small = d.clamp ((-1.0).AsScalar(), (1.0).AsScalar())
        let near = logWeight.exp () * (small + small.neg().expm1())
        let far = logWeight.exp () * (-1.0 .+ d) + (logWeight - d).exp()
        torch.where (d.eq small, near, far)

    /// sum q log q / p over the last dimension, for laws that sum to 1 over it.
    let categories (logQ: Tensor) (logP: Tensor) : Tensor = (term logQ (logQ - logP)).sum -1L

    /// The divergence of Bernoulli laws with logits a and b.
    let ofLogits (a: Tensor) (b: Tensor) : Tensor =
        let logsigmoid: Tensor -> Tensor = torch.nn.functional.logsigmoid
        let part a b = term (logsigmoid a) (logsigmoid a - logsigmoid b)
        part a b + part (a.neg ()) (b.neg ())

    /// Where the second law has more categories, their probability is what the sum over the first's misses.
    let private categorical (q: Categorical) (p: Categorical) =
        if q.Count > p.Count then
            None
        else
            let first = p.LogProbs.narrow (-1L, 0L, q.Count)
            let beyond = p.LogProbs.narrow(-1L, q.Count, p.Count - q.Count).exp().sum(-1L)
            Some(categories q.LogProbs first + beyond)

    let all = [
        KlRule.create
            @"\sigma(a_q)(a_q-a_p) + \log(1+e^{a_p}) - \log(1+e^{a_q})"
            page
            (fun (q: Bernoulli) (p: Bernoulli) -> ofLogits q.Logits p.Logits)
        KlRule.partial
            @"\sum_i q_i \log\tfrac{q_i}{p_i}"
            "as many categories in the second law, or more"
            page
            categorical
    ]
