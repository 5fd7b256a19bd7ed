namespace Vae.Core

open TorchSharp

/// KL between laws on the unit interval and on the simplex, by terms that do not cancel where the laws are close.
[<RequireQualifiedAccess>]
module internal UnitRules =
    let private page = "kl-beta"

    /// The divergence of the means as probabilities, times the second total, and what is left of the log-gamma functions'.
    let private simplex (a: Tensor) (b: Tensor) =
        let total (c: Tensor) = c.sum (-1L, keepdim = true)
        let n, m = total a, total b
        // The totals' difference, by the differences: the totals are rounded.
        let apart = total (b - a)
        // log of the mean of q over that of p
        let d = Stable.logRatio a b .+. Stable.logRatioBy apart m n
        let each = b * Bregman.exponential d .+. Bregman.stirling b a
        each.sum -1L - (Bregman.stirlingBy apart m n).squeeze -1L

    let private dirichlet (q: Dirichlet) (p: Dirichlet) = simplex q.Concentration p.Concentration

    let private beta (q: Beta) (p: Beta) =
        let both (law: Beta) = torch.stack ([| law.Concentration1; law.Concentration0 |], -1L)
        simplex (both q) (both p)

    let private continuousBernoulli (q: ContinuousBernoulli) (p: ContinuousBernoulli) =
        LogMeanExp.bregman p.Logits q.Logits

    /// E log(1 - x^c) closes where c = 1 and where the law of x is that of a power of a uniform number; it is not asked for
    /// where the second law is one.
    let private kumaraswamy (q: Kumaraswamy) (p: Kumaraswamy) =
        let one = 1.0.AsScalar()
        let same = q.Concentration1.eq p.Concentration1
        let qPower, pPower = q.Concentration0.eq one, p.Concentration0.eq one

        if not (same.logical_or(qPower).logical_or(pPower).all().isTrue()) then
            None
        else
            let c = p.Concentration1 / q.Concentration1
            let bySame = Bregman.exponential (Stable.logRatio p.Concentration0 q.Concentration0)
            let less (b: Tensor) = -1.0 .+ b
            let log = Stable.logRatio q.Concentration0 p.Concentration0 - c.log ()
            let power = less c * q.Harmonic - less q.Concentration0 / q.Concentration0
            let complement = eulerGamma .+ Stirling.digamma (1.0 .+ c.reciprocal ())
            Some(torch.where (same, bySame, log .+. power .+. less p.Concentration0 * complement))

    let all = [
        KlRule.create
            @"\log\tfrac{B(\alpha_p)}{B(\alpha_q)} + \sum_i(\alpha_{q,i}-\alpha_{p,i})\left(\psi(\alpha_{q,i})-\psi\left(\textstyle\sum_j\alpha_{q,j}\right)\right)"
            page
            dirichlet
        KlRule.create
            @"\log\tfrac{B(\alpha_p,\beta_p)}{B(\alpha_q,\beta_q)} + (\alpha_q-\alpha_p)\psi(\alpha_q) + (\beta_q-\beta_p)\psi(\beta_q) - (\alpha_q+\beta_q-\alpha_p-\beta_p)\psi(\alpha_q+\beta_q)"
            page
            beta
        |> KlRule.impliedBy "Dirichlet || Dirichlet"
        KlRule.create
            @"A(\eta_p) - A(\eta_q) - A'(\eta_q)(\eta_p-\eta_q),\quad A(\eta) = \log\tfrac{e^\eta-1}{\eta}"
            page
            continuousBernoulli
        KlRule.partial
            @"\log\tfrac{b_q}{b_p} - \log c + (c-1)H_{b_q} - \tfrac{b_q-1}{b_q} + (b_p-1)\left(\psi(1+\tfrac1c)+\gamma\right),\ c = \tfrac{a_p}{a_q};\quad \log\tfrac{b_q}{b_p} + \tfrac{b_p}{b_q} - 1\ \text{where}\ c = 1"
            "a equal in both, or one b is 1"
            page
            kumaraswamy
    ]
