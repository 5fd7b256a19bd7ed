namespace Vae.Core

open TorchSharp

/// The negative ELBO with the expectation over one latent of finitely many values as what it is, the sum over them: neither noise nor
/// a baseline is needed for that latent, at the cost of a pass for each value. For a class that is known of some examples it is the
/// bound of Kingma et al., "Semi-supervised learning with deep generative models", 2014, equations 6 and 7.
[<RequireQualifiedAccess>]
module internal Summing =
    /// The latent that is summed over, and how many values it has. Refuses a model without one, or with several, for an objective in
    /// words.
    let latent (forObjective: string) (vae: Vae) : WiredSite * int =
        match vae.Sites |> List.choose (fun site -> site.Categories |> Option.map (fun count -> site, count)) with
        | [ one ] -> one
        | sites ->
            Check.refuse
                "vae"
                $"a model with %d{sites.Length} latents that are one of several categories each"
                $"a model with one, such as a OneHotCategorical of a vector of one place for each, %s{forObjective}"

    /// Passes in which the latent has each of its values, [values, batch], the other latents a draw for each.
    let private overValues (summed: WiredSite) (count: int) (pass: Pass) : Pass =
        let setting = pass.Setting

        let draw (site: WiredSite) (encoded: Encoded) : Drawn =
            if site.Name = summed.Name then
                let place = encoded.Law.Placement
                let batch = pass.X.shape[0]
                let values = torch.eye (int64 count, dtype = place.DType, device = place.Device)
                let z = values.unsqueeze(1L).expand(int64 count, batch, int64 count)
                { Z = z; LogQ = Tensor.later (fun () -> encoded.Law.LogProb z) }
            else
                Pass.drawSite "summed" count setting site encoded

        Pass.makeBy draw setting pass.Batch

    let terms (pass: Pass) : Term list =
        let latent, count = latent "for an objective that sums over its values" pass.Setting.Vae
        let pass = overValues latent count pass
        let site = pass.Sites |> List.find (fun site -> site.Name = latent.Name)

        /// q of each value, [values, batch]; of an example of which it is known all passes have that, and count alike.
        let weights =
            Tensor.scoped (fun () ->
                let q = site.Drawn.LogQ.Value.exp ()

                match site.Known with
                | Some known -> torch.where (known, (1.0 / float count .* torch.ones_like q), q)
                | None -> q)

        let mean (nats: Tensor) =
            if nats.ndim > 1L then
                Tensor.scoped (fun () -> (weights * nats).sum 0L)
            else
                nats

        Term.each "reconstruction" (mean (Pass.cost pass))
        :: [ for site in pass.Sites -> Term.each (Elbo.nameOf pass site) (mean (Elbo.nats site)) ]
