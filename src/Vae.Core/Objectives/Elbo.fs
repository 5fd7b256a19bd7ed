namespace Vae.Core

open TorchSharp

/// The two terms of the negative ELBO (Kingma and Welling, 2014).
[<RequireQualifiedAccess>]
module internal Elbo =
    /// The mean over the draws, of [draws, batch] or of what no draw enters, [batch].
    let overDraws (nats: Tensor) : Tensor =
        if nats.ndim < 2L then nats
        elif nats.shape[0] = 1L then nats.squeeze 0L
        else nats.mean [| 0L |]

    /// What is said of a latent's KL.
    let nameOf (pass: Pass) (site: SitePass) = if pass.Sites.Length = 1 then "kl" else $"kl %s{site.Name}"

    /// What is charged in place of a term is called by both.
    let charged (name: string) = $"charged %s{name}"

    /// Whether a term is one that a name is of: "kl" is of every latent's, and of what is charged in its place.
    let isCalled (name: string) (term: string) =
        let isOf (name: string) = term = name || term.StartsWith(name + " ", System.StringComparison.Ordinal)
        isOf name || isOf (charged name)

    /// -log p(x|z), or the score that stands for it: the mean over the draws.
    let reconstruction (pass: Pass) : Term = Term.each "reconstruction" (overDraws (Pass.cost pass))

    /// KL(q(z|x) || p(z)) of a latent, [batch] or [draws, batch]: the closed form where its laws have one, else log q(z|x) - log p(z)
    /// on the draws. Of an example of which the latent is known it is -log p of what is known.
    let nats (site: SitePass) : Tensor =
        match site.Kl, site.Known with
        | KlCharge.Exact, None -> Kl.exact site.Posterior site.Prior
        | KlCharge.Exact, Some known ->
            Tensor.scoped (fun () ->
                torch.where (known, (site.Prior.LogProb site.Drawn.Z).neg(), Kl.exact site.Posterior site.Prior))
        | KlCharge.Sampled, _ -> Tensor.scoped (fun () -> site.Drawn.LogQ.Value - site.Prior.LogProb site.Drawn.Z)

    /// The mean over the draws of a latent's KL.
    let divergenceOf (pass: Pass) (site: SitePass) : Term =
        Term.each (nameOf pass site) (Tensor.scoped (fun () -> overDraws (nats site)))

    /// The KL of every latent.
    let divergences (pass: Pass) : Term list = pass.Sites |> List.map (divergenceOf pass)

    /// Reconstruction and KL as figures that nothing is trained by.
    let reported (pass: Pass) : Term list = reconstruction pass :: divergences pass |> List.map Term.reported
