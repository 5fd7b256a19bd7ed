namespace Vae.Core

open TorchSharp

/// What a run asks of its model and of its processes before several of them share its batches.
[<RequireQualifiedAccess>]
module internal Sharing =
    let rec private drawing layer =
        match layer with
        | Layer.Dropout _ -> [ Layer.describe layer ]
        | Layer.Residual layers -> List.collect drawing layers
        | _ -> []

    /// The layers of the model's nets that are known to draw.
    let private layers (vae: Vae) =
        [
            for site in vae.Parts.Sites do
                yield! Option.toList site.Posterior.Spec.Encoder

                match site.Prior with
                | SitePrior.Below(_, law) -> yield! Option.toList law.Spec.Encoder
                | SitePrior.Marginal _ -> ()
            yield! Option.toList vae.Parts.Likelihood.Spec.Decoder
        ]
        |> List.collect (fun net -> List.collect drawing net.Layers)

    /// Refuses a model that draws in training beside the latent: of such noise a process cannot know which part its rows
    /// have in the whole batch. Whether it does is seen on a few rows under different keys, for parts of one's own as well.
    let private quiet (vae: Vae) (parameters: Params) (batch: Batch) (objective: Objective) =
        use _ = torch.NewDisposeScope()
        use _ = torch.no_grad ()

        let terms seed =
            let mode = Mode.Train(Key.ofSeed seed)
            let setting = Pass.setting vae parameters mode (Key.ofSeed 0) (Batch.count batch)

            objective.Terms(Pass.draw objective.Draws (Key.ofSeed 0) setting batch) |> List.map _.Nats.Values

        let differ (a: Tensor) (b: Tensor) =
            Tensor.toFloat ((a - b).abs().max()) > 1e-5 * Tensor.toFloat (a.abs().max())

        if List.exists2 differ (terms 1) (terms 2) then
            let named = layers vae |> List.distinct |> String.concat ", "
            let which = if named = "" then "a part of one's own" else named

            Check.refuse
                "vae"
                $"a model that draws in training beside its latent (%s{which})"
                "one that does not, where several processes share a batch"

    /// Begins a run: its processes go on from the same step of the same run, and from the first one's numbers. What is
    /// equal at first stays equal, as every process makes the same update of them.
    let start
        (ranks: Ranks)
        (numbers: (string * int64) list)
        (state: Tensor list)
        (vae: Vae)
        (parameters: Params)
        (plan: Steps)
        (objective: Objective)
        =
        Objective.checkShared "several processes share a batch" objective
        Exchange.agree ranks numbers
        List.iter (Exchange.broadcast ranks) state
        quiet vae parameters (plan.Batch 0L) objective
