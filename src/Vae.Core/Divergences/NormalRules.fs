namespace Vae.Core

open TorchSharp

/// KL between normal laws.
[<RequireQualifiedAccess>]
module internal NormalRules =
    let private page = "kl-normal"

    /// (expm1 2d - 2d) / 2 + ((m - n) / t)^2 / 2 with d = log s - log t: exact near 0, where s^2 - 1 - log s^2 cancels.
    let normal (q: Normal) (p: Normal) =
        let d2 = 2.0 .* (q.LogScale - p.LogScale)
        let shift = (q.Loc - p.Loc) / p.Scale
        0.5 .* (shift.squared () .+. (d2.expm1 () - d2))

    /// (|inv(L) S|^2 + |inv(L) (m - n)|^2 - k) / 2 + log |L| - log |S|, S a square root of the first covariance.
    let againstFull (loc: Tensor) (root: Tensor) (logDet: Tensor) (p: MultivariateNormal) =
        let k = float p.EventShape[0]
        let spread = p.Whiten(root).squared().sum([| -2L; -1L |])
        let shift = p.Whiten((loc - p.Loc).unsqueeze -1L).squared().sum([| -2L; -1L |])
        0.5 .* (-k .+ (spread .+. shift)) .+. p.LogDet - logDet

    let private full (q: MultivariateNormal) (p: MultivariateNormal) = againstFull q.Loc q.ScaleTril q.LogDet p

    let asDiagonal (law: Independent) =
        match law.Base with
        | :? Normal as normal when law.EventShape.Length = 1 -> Some normal
        | _ -> None

    let private diagonalFull (q: Independent) (p: MultivariateNormal) =
        asDiagonal q
        |> Option.map (fun normal ->
            againstFull normal.Loc (torch.diag_embed normal.Scale) (normal.LogScale.sum (-1L)) p)

    let private fullDiagonal (q: MultivariateNormal) (p: Independent) =
        asDiagonal p
        |> Option.map (fun normal -> full q (MultivariateNormal.OfParts(normal.Loc, torch.diag_embed normal.Scale)))

    let all = [
        KlRule.create
            @"\tfrac12\left[\tfrac{\sigma^2}{\tau^2} - 1 - \log\tfrac{\sigma^2}{\tau^2} + \tfrac{(\mu-\nu)^2}{\tau^2}\right]"
            page
            normal
        KlRule.create
            @"\tfrac12\left[\operatorname{tr}(T^{-1}S) + (\mu-\nu)^\top T^{-1}(\mu-\nu) - k + \log\tfrac{|T|}{|S|}\right]"
            page
            full
        KlRule.partial
            @"\tfrac12\left[\operatorname{tr}(T^{-1}\operatorname{diag}\sigma^2) + (\mu-\nu)^\top T^{-1}(\mu-\nu) - k + \log|T| - \sum\log\sigma^2\right]"
            "the first law is a product of normals"
            page
            diagonalFull
        |> KlRule.impliedBy "MultivariateNormal || MultivariateNormal"
        KlRule.partial
            @"\tfrac12\left[\sum\tfrac{S_{ii}}{\tau_i^2} + \sum\tfrac{(\mu_i-\nu_i)^2}{\tau_i^2} - k + \sum\log\tau_i^2 - \log|S|\right]"
            "the second law is a product of normals"
            page
            fullDiagonal
        |> KlRule.impliedBy "MultivariateNormal || MultivariateNormal"
    ]
