namespace Vae.Core

open TorchSharp

/// Gradients by the score of draws that pass none: d E_q[f] = E_q[df + f d log q] (Williams, 1992). Latents whose draws pass
/// gradients keep them.
[<RequireQualifiedAccess>]
module internal Scoring =
    /// log q of the draws that pass no gradient, [draws, batch]; None where all do.
    let private score (pass: Pass) : Tensor option =
        List.zip pass.Setting.Vae.Sites pass.Sites
        |> List.filter (fun (wired, _) -> wired.Gradient = Gradient.Scored)
        |> List.map (fun (_, site) -> site.Drawn.LogQ.Value)
        |> function
            | [] -> None
            | scores -> Some(List.reduce (.+.) scores)

    /// For each draw the mean of the others: what a leave-one-out baseline is.
    let private ofOthers (perDraw: Tensor) : Tensor =
        let k = float perDraw.shape[0]
        1.0 / (k - 1.0) .* (perDraw.sum (0L, keepdim = true) - perDraw)

    /// The mean over draws of values [draws, batch] with its gradient by the score, each draw's baseline the mean of the others
    /// (Kool, van Hoof and Welling, "Buy 4 REINFORCE samples, get a baseline for free!", 2019).
    let private mean (score: Tensor option) (perDraw: Tensor) : Tensor =
        let value = perDraw.mean [| 0L |]

        match score with
        | None -> value
        | Some score ->
            let signal = (perDraw - ofOthers perDraw).detach()
            Term.valueOf value (value .+. (signal * score).mean [| 0L |])

    let private perDraw (pass: Pass) (nats: Tensor) : Tensor =
        if nats.ndim > 1L then
            nats
        else
            nats.expand (pass.Sites.Head.Drawn.Z.shape[0], nats.shape[0])

    /// The negative ELBO, each term with its gradient by the score.
    let elbo (pass: Pass) : Term list =
        let score = score pass

        let divergence (site: SitePass) = Term.each (Elbo.nameOf pass site) (mean score (perDraw pass (Elbo.nats site)))

        Term.each "reconstruction" (mean score (Pass.cost pass)) :: List.map divergence pass.Sites

    /// log 1/K sum_k w_k with each draw left out in turn, the geometric mean of the others' weights in its place, [draws, batch].
    let private withoutEach (logWeights: Tensor) : Tensor =
        let k = logWeights.shape[0]
        let own = torch.eye (k, dtype = torch.ScalarType.Bool, device = logWeights.device)
        let shape = [| k; k; logWeights.shape[1] |]
        let each = logWeights.unsqueeze(0L).expand shape
        let others = (ofOthers logWeights).unsqueeze(1L).expand shape
        -(log (float k)) .+ torch.where(own.unsqueeze -1L, others, each).logsumexp 1L

    /// The bound of so many draws by the score, each draw's baseline the bound without it (Mnih and Rezende, "Variational
    /// inference for Monte Carlo objectives", 2016, equation 8).
    let vimco name (pass: Pass) : Term list =
        let logWeights = Pass.logWeight pass
        let value = Importance.logMean logWeights

        let surrogate =
            match score pass with
            | None -> value
            | Some score ->
                let signal = value.detach().unsqueeze 0L - withoutEach (logWeights.detach ())
                value .+. (signal * score).sum 0L

        let bound = Term.valueOf value surrogate
        Term.each name (bound.neg ()) :: Elbo.reported pass
