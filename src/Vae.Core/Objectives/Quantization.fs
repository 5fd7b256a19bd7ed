namespace Vae.Core

open TorchSharp

/// The loss of a model whose latents are vectors of a codebook: reconstruction alone moves neither the codebook, which no gradient reaches,
/// nor keeps the encoder near it (van den Oord, Vinyals and Kavukcuoglu, 2017, equation 3).
[<RequireQualifiedAccess>]
module internal Quantization =
    /// The squared distance of two tensors, each [batch, latent...], for each example.
    let private squares (a: Tensor) (b: Tensor) = Tensor.scoped (fun () -> (a - b).squared().flatten(1L).sum -1L)

    /// The model's codebook, and where it stands.
    let private codebookOf (vae: Vae) : Parameter = (Codebook.tryFind vae.Site.Posterior.Declared).Value

    /// exp of the entropy of how often codes are used in a batch: the number of codes that are used alike.
    let private perplexity (pass: Pass) (site: SitePass) : Tensor =
        let wired = pass.Setting.Vae.Site
        let codebook = pass.Setting.Params[(codebookOf pass.Setting.Vae).Path]

        Tensor.scoped (fun () ->
            let codes = Codebook.nearest wired.Shape codebook site.Code.Value
            let each = torch.nn.functional.one_hot (codes.flatten (), codebook.shape[0])
            let share = each.to_type(codebook.dtype).mean [| 0L |]
            // 0 log 0 is 0.
            let entropy = (share * share.clamp_min((torch.finfo share.dtype).tiny.AsScalar()).log()).sum().neg()
            entropy.exp ())

    let private codebookTerm = "codebook"

    let terms (commitment: float) (pass: Pass) : Term list =
        let site = pass.Site
        let nearest = (site.Posterior :?> Delta).Value
        let code = site.Code.Value

        [
            Elbo.reconstruction pass
            yield! Elbo.divergences pass
            Term.each codebookTerm (squares nearest (code.detach ()))
            {
                Term.each "commitment" (squares code (nearest.detach ())) with
                    Weight = Schedule.scaled commitment
            }
            Term.reported (Term.whole "codes used" (perplexity pass site))
        ]

    /// A term that is reported where the codebook is moved by no gradient.
    let withoutCodebook (term: Term) : Term = if term.Name = codebookTerm then Term.reported term else term

    let private countPath, private sumPath = "codebook.count", "codebook.sum"

    /// How often each vector was the nearest, and the sum of what it was nearest to.
    let averages (vae: Vae) : Parameter list =
        let codebook = codebookOf vae
        [ Learned.numbers countPath codebook.Shape[..0]; Learned.numbers sumPath codebook.Shape ]

    /// The averages after a step, and the codebook by them.
    let moves (decay: float) (pass: Pass) : (string * Tensor) list =
        let setting = pass.Setting
        let path, latent = (codebookOf setting.Vae).Path, setting.Vae.LatentShape
        let held (path: string) = setting.Params[path].detach()
        let codebook = held path

        Tensor.scopedAll (fun () ->
            let given = pass.Site.Code.Value.detach ()
            let nearest = (Codebook.nearest latent codebook given).flatten()
            let each = (torch.nn.functional.one_hot (nearest, codebook.shape[0])).to_type codebook.dtype
            let vectors = (Codebook.vectors latent given).reshape([| -1L; codebook.shape[1] |])
            let mix (before: Tensor) (now: Tensor) = (decay .* before) .+. ((1.0 - decay) .* now)
            let count = mix (held countPath) (each.sum 0L)
            let sum = mix (held sumPath) (each.t().matmul vectors)
            let isUsed = (count.gt (1e-8.AsScalar())).unsqueeze -1L
            let mean = sum / (count.clamp_min (1e-8.AsScalar())).unsqueeze -1L
            [| count; sum; torch.where (isUsed, mean, codebook) |])
        |> Array.toList
        |> List.zip [ countPath; sumPath; path ]
