namespace Vae.Core

open TorchSharp

/// Laws on finitely many values by their log-probabilities, [batch..., n].
[<RequireQualifiedAccess>]
module internal FiniteLaw =
    let private tryLogProbs (law: Distribution) : Tensor option =
        match law with
        | :? Bernoulli as law ->
            let logP x = torch.nn.functional.logsigmoid (x: Tensor)
            Some(torch.stack ([| logP (law.Logits.neg ()); logP law.Logits |], -1L))
        | :? Categorical as law -> Some law.LogProbs
        | _ -> None

    /// A formula in the log-probabilities of two laws of one family on as many values.
    let compare (formula: Tensor -> Tensor -> Tensor) (q: Distribution) (p: Distribution) : Tensor option =
        let batch = KlLookup.batch q p

        Tensor.scopedOption (fun () ->
            match tryLogProbs q, tryLogProbs p with
            | Some logQ, Some logP when
                q.GetType() = p.GetType() && logQ.shape[logQ.shape.Length - 1] = logP.shape[logP.shape.Length - 1]
                ->
                Some((formula logQ logP).expand batch)
            | _ -> None)
