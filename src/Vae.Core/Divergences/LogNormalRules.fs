namespace Vae.Core

/// KL between the laws of bijections of normal numbers: a divergence is that of the numbers themselves.
[<RequireQualifiedAccess>]
module internal LogNormalRules =
    let private page = "kl-lognormal"

    let private tex =
        @"\tfrac12\left[\tfrac{\sigma_q^2}{\sigma_p^2} - 1 - \log\tfrac{\sigma_q^2}{\sigma_p^2} + \tfrac{(\mu_q-\mu_p)^2}{\sigma_p^2}\right]"

    let all = [
        KlRule.create tex page (fun (q: LogNormal) (p: LogNormal) -> NormalRules.normal q.OfLog p.OfLog)
        |> KlRule.impliedBy "Normal || Normal"
        KlRule.create tex page (fun (q: LogitNormal) (p: LogitNormal) -> NormalRules.normal q.OfLogOdds p.OfLogOdds)
        |> KlRule.impliedBy "Normal || Normal"
    ]
