namespace Vae.Core

open TorchSharp

/// What nats are free of charge in.
[<RequireQualifiedAccess>]
type FreeGroup =
    /// Each number of each latent.
    | Dimension
    /// Each latent as a whole.
    | Latent

/// What is compared with the free nats.
[<RequireQualifiedAccess>]
type FreeOver =
    /// The KL of each example.
    | Example
    /// The mean of the KL over the batch.
    | Batch

/// Free bits: a KL below so many nats costs no more than these, so that nothing is gained by its being less (Kingma et al.,
/// "Improved variational inference with inverse autoregressive flow", 2016, equation 15, where the group is a dimension and the
/// mean is over the batch).
[<RequireQualifiedAccess>]
module internal FreeBits =
    /// The KL of a latent's groups, [batch, groups]: of the latent as a whole what its term has, gradient and all.
    let private groups group (pass: Pass) (site: SitePass) (kl: Term) : Tensor =
        match group with
        | FreeGroup.Latent -> kl.Nats.Values.unsqueeze -1L
        | FreeGroup.Dimension ->
            match Kl.tryPerDimension site.Posterior site.Prior with
            | Some nats ->
                // Of a latent that is given draws of others, for each of these.
                let byExample = if site.Posterior.BatchShape.Length > 1 then nats.mean [| 0L |] else nats
                byExample.reshape ([| pass.X.shape[0]; -1L |])
            | None ->
                Check.refuse
                    "posterior"
                    $"%O{site.Posterior} beside the prior %O{site.Prior}"
                    "products of laws of numbers, for nats that are free in each dimension"

    let private charged over (nats: float) (groups: Tensor) : Nats =
        let above (t: Tensor) = t.clamp_min (nats.AsScalar())

        match over with
        | FreeOver.Example -> Nats.Each((above groups).sum -1L)
        | FreeOver.Batch -> Nats.Whole((above (groups.mean [| 0L |])).sum())

    /// The terms with what is charged of each latent's KL, by the KL's weight, and the KL itself as a figure.
    let replace group over nats (pass: Pass) (terms: Term list) : Term list = [
        for term in terms do
            match pass.Sites |> List.tryFind (fun site -> Elbo.nameOf pass site = term.Name) with
            | None -> term
            | Some site ->
                Term.reported term

                {
                    Name = Elbo.charged term.Name
                    Weight = term.Weight
                    Nats = charged over nats (groups group pass site term)
                }
    ]
