namespace Vae.Core

open TorchSharp

/// Whose covariance over the data DIP-VAE brings to the identity.
[<RequireQualifiedAccess>]
type Dip =
    /// That of the posterior means: DIP-VAE-I.
    | Means
    /// That of the draws, Cov[mean] + E[Var]: DIP-VAE-II.
    | Draws

/// DIP-VAE: the covariance of the latents over a batch is held to the identity (Kumar, Sattigeri and Balakrishnan, "Variational
/// inference of disentangled latent concepts from unlabeled observations", 2018, equations 6 and 7).
[<RequireQualifiedAccess>]
module internal Moments =
    let private covariance (kind: Dip) (law: Distribution) : Tensor =
        let rows (t: Tensor) = t.reshape ([| t.shape[0]; -1L |])
        let means = rows law.Mean
        let away = means - means.mean ([| 0L |], keepdim = true)
        let ofMeans = 1.0 / float means.shape[0] .* away.t().matmul away

        match kind with
        | Dip.Means -> ofMeans
        | Dip.Draws -> ofMeans .+. (rows law.Variance).mean([| 0L |]).diag()

    let terms (kind: Dip) (offDiagonal: float) (diagonal: float) (pass: Pass) : Term list =
        let c = covariance kind pass.Posterior
        let onDiagonal = c.diagonal ()
        let off = c.squared().sum() - onDiagonal.squared().sum()
        let away = (-1.0 .+ onDiagonal).squared().sum()
        let weighed name weight nats = { Term.whole name nats with Weight = Schedule.scaled weight }

        [
            Elbo.reconstruction pass
            yield! Elbo.divergences pass
            weighed "covariances" offDiagonal off
            weighed "variances" diagonal away
        ]
