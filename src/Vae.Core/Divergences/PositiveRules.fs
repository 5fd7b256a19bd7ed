namespace Vae.Core

open TorchSharp

/// KL between laws on the positive numbers: sums of terms that are not negative, none of which cancels where the laws are
/// close.
[<RequireQualifiedAccess>]
module internal PositiveRules =
    let private page = "kl-gamma"

    /// With t = log of the ratio of the means, first to second: a_p (e^t - 1 - t) and the divergence of the concentrations that
    /// is left where the means agree.
    let private gammas (a: Tensor) (rate: Tensor) (b: Tensor) (other: Tensor) =
        let t = Stable.logRatio a b .+. Stable.logRatio other rate
        b * Bregman.exponential t .+. Bregman.stirling b a

    let private gamma (q: Gamma) (p: Gamma) = gammas q.Concentration q.Rate p.Concentration p.Rate

    let private inverseGamma (q: InverseGamma) (p: InverseGamma) = gammas q.Concentration q.Rate p.Concentration p.Rate

    let private exponential (q: Exponential) (p: Exponential) = Bregman.exponential (Stable.logRatio p.Rate q.Rate)

    /// Of the halves of the degrees of freedom.
    let private degrees (q: Tensor) (p: Tensor) = Bregman.logGamma (0.5 .* p) (0.5 .* q)

    /// With c = k_p / k_q and v the log of E[(x / scale_p)^k_p]: e^v - 1 - v, and the divergence of c from 1.
    let private weibull (q: Weibull) (p: Weibull) =
        let less = (p.Concentration - q.Concentration) / q.Concentration
        let apart = Bregman.logGammaFromOne less
        // log Gamma(1 + c), from log Gamma(c) and its tangent at 1.
        let logMoment = Stable.logRatio p.Concentration q.Concentration .+. (apart - eulerGamma .* less)
        Bregman.exponential (p.Concentration * Stable.logRatio q.Scale p.Scale .+. logMoment) .+. apart

    /// Where the first scale is the larger: elsewhere the support decides.
    let private pareto (q: Pareto) (p: Pareto) =
        Bregman.exponential (Stable.logRatio p.Alpha q.Alpha) .+. p.Alpha * Stable.logRatio q.Scale p.Scale

    let all = [
        KlRule.create
            @"(\alpha_q-\alpha_p)\psi(\alpha_q) - \log\tfrac{\Gamma(\alpha_q)}{\Gamma(\alpha_p)} + \alpha_p\log\tfrac{\beta_q}{\beta_p} + \alpha_q\left(\tfrac{\beta_p}{\beta_q}-1\right)"
            page
            gamma
        KlRule.create
            @"(\alpha_q-\alpha_p)\psi(\alpha_q) - \log\tfrac{\Gamma(\alpha_q)}{\Gamma(\alpha_p)} + \alpha_p\log\tfrac{\beta_q}{\beta_p} + \alpha_q\left(\tfrac{\beta_p}{\beta_q}-1\right)"
            page
            inverseGamma
        |> KlRule.impliedBy "Gamma || Gamma"
        KlRule.create @"\log\tfrac{\lambda_q}{\lambda_p} + \tfrac{\lambda_p}{\lambda_q} - 1" page exponential
        |> KlRule.impliedBy "Gamma || Gamma"
        KlRule.create
            @"\tfrac{\nu_q-\nu_p}{2}\psi\left(\tfrac{\nu_q}{2}\right) - \log\tfrac{\Gamma(\nu_q/2)}{\Gamma(\nu_p/2)}"
            page
            (fun (q: Chi2) (p: Chi2) -> degrees q.Df p.Df)
        |> KlRule.impliedBy "Gamma || Gamma"
        KlRule.create
            @"\tfrac{\nu_q-\nu_p}{2}\psi\left(\tfrac{\nu_q}{2}\right) - \log\tfrac{\Gamma(\nu_q/2)}{\Gamma(\nu_p/2)}"
            page
            (fun (q: Chi) (p: Chi) -> degrees q.Df p.Df)
        |> KlRule.impliedBy "Chi2 || Chi2"
        KlRule.create
            @"\log\tfrac{k_q}{k_p} + \gamma\left(\tfrac{k_p}{k_q}-1\right) - k_p\log\tfrac{\lambda_q}{\lambda_p} + \left(\tfrac{\lambda_q}{\lambda_p}\right)^{k_p}\Gamma\left(\tfrac{k_p}{k_q}+1\right) - 1"
            page
            weibull
        KlRule.create
            @"\log\tfrac{\alpha_q}{\alpha_p} + \tfrac{\alpha_p}{\alpha_q} - 1 + \alpha_p\log\tfrac{s_q}{s_p}"
            page
            pareto
        |> KlRule.where @"infinite where s_q < s_p"
    ]
