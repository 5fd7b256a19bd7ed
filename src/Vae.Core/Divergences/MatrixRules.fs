namespace Vae.Core

open TorchSharp

/// KL between normals of low rank, and between laws of matrices.
[<RequireQualifiedAccess>]
module internal MatrixRules =
    let private page = "kl-matrix"

    /// From the trace of inv(T) S, the difference of means, and log |S| / 2.
    let private againstLowRank (trace: Tensor) (loc: Tensor) (logDet: Tensor) (p: LowRankMultivariateNormal) =
        let k = float p.EventShape[0]
        let shift = p.SquaredLength((loc - p.Loc).unsqueeze -1L)
        0.5 .* (-k .+ (trace .+. shift)) .+. p.LogDet - logDet

    /// tr(inv(T) diag v): Woodbury's inverse has the diagonal 1/d - the squares of what the factor explains.
    let private diagonalTrace (variances: Tensor) (p: LowRankMultivariateNormal) =
        let inverse = p.Diagonal.reciprocal () - p.Explaining.squared().sum(-2L)
        (variances * inverse).sum -1L

    let private lowRank (q: LowRankMultivariateNormal) (p: LowRankMultivariateNormal) =
        againstLowRank (p.SquaredLength q.Factor .+. diagonalTrace q.Diagonal p) q.Loc q.LogDet p

    let private fullLowRank (q: MultivariateNormal) (p: LowRankMultivariateNormal) =
        againstLowRank (p.SquaredLength q.ScaleTril) q.Loc q.LogDet p

    let private lowRankFull (q: LowRankMultivariateNormal) (p: MultivariateNormal) =
        let root = torch.cat ([| q.Factor; torch.diag_embed (q.Diagonal.sqrt ()) |], -1L)
        NormalRules.againstFull q.Loc root q.LogDet p

    let private diagonalLowRank (q: Independent) (p: LowRankMultivariateNormal) =
        NormalRules.asDiagonal q
        |> Option.map (fun normal ->
            againstLowRank (diagonalTrace (normal.Scale.squared ()) p) normal.Loc (normal.LogScale.sum -1L) p)

    let private lowRankDiagonal (q: LowRankMultivariateNormal) (p: Independent) =
        NormalRules.asDiagonal p
        |> Option.map (fun normal ->
            let square = q.Variance .+. (q.Loc - normal.Loc).squared()
            let terms = -1.0 .+ square / normal.Scale.squared () .+. 2.0 .* normal.LogScale
            0.5 .* terms.sum -1L - q.LogDet)

    /// n_q / 2 (tr(inv(V_p) V_q) - p - d) + (n_q - n_p) / 2 (d + psi_p(n_q / 2)) + log Gamma_p(n_p / 2) - log Gamma_p(n_q / 2),
    /// with d = log |V_q| - log |V_p|.
    let private wishart (q: Wishart) (p: Wishart) =
        let size = float p.EventShape[0]
        let d = q.LogDet - p.LogDet
        let scales = -size .+ (p.Trace q.ScaleTril - d)
        0.5 .* (q.Df * scales .+. (q.Df - p.Df) * (d .+. q.Digamma)) - (q.LogGamma - p.LogGamma)

    let private lkj (q: LkjCholesky) (p: LkjCholesky) =
        let logs = 2.0 .* q.MeanLogDiagonal.sum -1L
        (q.Concentration - p.Concentration) * logs - (q.LogNormaliser - p.LogNormaliser)

    let private normalTex trace logS =
        $@"\tfrac12\left[%s{trace} + (\mu-\nu)^\top T^{{-1}}(\mu-\nu) - k + \log\det T - %s{logS}\right],\ T = W_pW_p^\top + \operatorname{{diag}} d_p"

    let all = [
        KlRule.create
            (normalTex
                @"\operatorname{tr}(W_q^\top T^{-1}W_q) + \textstyle\sum_i d_{q,i}(T^{-1})_{ii}"
                @"\log\det(W_qW_q^\top + \operatorname{diag} d_q)")
            page
            lowRank
        KlRule.create (normalTex @"\operatorname{tr}(T^{-1}S)" @"\log\det S") page fullLowRank
        KlRule.create
            @"\tfrac12\left[\operatorname{tr}(T^{-1}S) + (\mu-\nu)^\top T^{-1}(\mu-\nu) - k + \log\det T - \log\det S\right],\ S = W_qW_q^\top + \operatorname{diag} d_q"
            page
            lowRankFull
        |> KlRule.impliedBy "MultivariateNormal || MultivariateNormal"
        KlRule.partial
            (normalTex @"\textstyle\sum_i\sigma_i^2(T^{-1})_{ii}" @"\textstyle\sum_i\log\sigma_i^2")
            "the first law is a product of normals"
            page
            diagonalLowRank
        |> KlRule.impliedBy "LowRankMultivariateNormal || LowRankMultivariateNormal"
        KlRule.partial
            @"\tfrac12\left[\sum_i\left(\tfrac{S_{ii} + (\mu_i-\nu_i)^2}{\tau_i^2} - 1 + \log\tau_i^2\right) - \log\det S\right],\ S = W_qW_q^\top + \operatorname{diag} d_q"
            "the second law is a product of normals"
            page
            lowRankDiagonal
        |> KlRule.impliedBy "LowRankMultivariateNormal || LowRankMultivariateNormal"
        KlRule.create
            @"\tfrac{n_q}2\left[\operatorname{tr}(V_p^{-1}V_q) - m\right] + \tfrac{n_p}2\log\tfrac{\det V_p}{\det V_q} + \tfrac{n_q-n_p}2\psi_m(\tfrac{n_q}2) + \log\tfrac{\Gamma_m(n_p/2)}{\Gamma_m(n_q/2)}"
            page
            wishart
        KlRule.create
            @"\sum_{k=2}^{D}\left[(\eta_q-\eta_p)\left(\psi(b_{q,k}) - \psi(c_q)\right) + \log\tfrac{\Gamma(b_{p,k})\Gamma(c_q)}{\Gamma(b_{q,k})\Gamma(c_p)}\right],\ b_k = \eta + \tfrac{D-k}2,\ c = \eta + \tfrac{D-1}2"
            page
            lkj
    ]
