namespace Vae.Core

open TorchSharp

/// What the posterior says of a latent that is known of some examples: without it, only the examples of which it is not known
/// train the posterior of a class (Kingma et al., 2014, equation 9).
[<RequireQualifiedAccess>]
module internal Supervision =
    /// -log q(z|x) of what is known, 0 of examples of which it is not: for each latent that can be known.
    let terms (weight: float) (pass: Pass) : Term list = [
        for name, _ in pass.Setting.Vae.Reads.Known do
            let site = pass.Sites |> List.find (fun site -> site.Name = name)

            let nats =
                match site.Known with
                | None -> torch.zeros ([| pass.X.shape[0] |], dtype = pass.X.dtype, device = pass.X.device)
                | Some known ->
                    Tensor.scoped (fun () ->
                        (site.Posterior.LogProb site.Drawn.Z).neg().masked_fill(known.logical_not (), 0.0.AsScalar())
                        |> Elbo.overDraws)

            { Term.each $"supervision %s{name}" nats with Weight = Schedule.scaled weight }
    ]
