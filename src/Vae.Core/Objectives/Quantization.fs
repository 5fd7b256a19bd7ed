namespace Vae.Core

open TorchSharp

/// The loss of a model whose latents are vectors of a codebook: reconstruction alone moves neither the codebook, which no gradient reaches,
/// nor keeps the encoder near it (van den Oord, Vinyals and Kavukcuoglu, 2017, equation 3).
[<RequireQualifiedAccess>]
module internal Quantization =
    /// The squared distance of two tensors, each [batch, latent...], for each example.
    let private squares (a: Tensor) (b: Tensor) = Tensor.scoped (fun () -> (a - b).squared().flatten(1L).sum -1L)

    /// exp of the entropy of how often codes are used in a batch: the number of codes that are used alike.
    let private perplexity (pass: Pass) (site: SitePass) : Tensor =
        let wired = pass.Setting.Vae.Site

        let path =
            wired.Posterior.Declared
            |> List.find (fun p -> p.Path.EndsWith(Codebook.path "", System.StringComparison.Ordinal))

        let codebook = pass.Setting.Params[path.Path]

        Tensor.scoped (fun () ->
            let codes = Codebook.nearest wired.Shape codebook site.Code.Value
            let each = torch.nn.functional.one_hot (codes.flatten (), codebook.shape[0])
            let share = each.to_type(codebook.dtype).mean [| 0L |]
            // 0 log 0 is 0.
            let entropy = (share * share.clamp_min((torch.finfo share.dtype).tiny.AsScalar()).log()).sum().neg()
            entropy.exp ())

    let terms (commitment: float) (pass: Pass) : Term list =
        let site = pass.Site
        let nearest = (site.Posterior :?> Delta).Value
        let code = site.Code.Value

        [
            Elbo.reconstruction pass
            yield! Elbo.divergences pass
            Term.each "codebook" (squares nearest (code.detach ()))
            {
                Term.each "commitment" (squares code (nearest.detach ())) with
                    Weight = Schedule.scaled commitment
            }
            Term.reported (Term.whole "codes used" (perplexity pass site))
        ]
