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
            match vae.Parts.Posterior.Spec with
            | PosteriorSpec.DiagonalNormal(_, net)
            | PosteriorSpec.OfLaw(_, net) -> net
            | PosteriorSpec.Custom _ -> ()
            match vae.Parts.Likelihood.Spec with
            | LikelihoodSpec.Bernoulli net
            | LikelihoodSpec.BernoulliCrossEntropy net
            | LikelihoodSpec.Gaussian(_, net)
            | LikelihoodSpec.OfLaw(_, net) -> net
            | LikelihoodSpec.Custom _ -> ()
        ]
        |> List.collect (fun net -> List.collect drawing net.Layers)

    /// Refuses a model that draws in training beside the latent: of such noise a process cannot know which part its rows
    /// have in the whole batch. Whether it does is seen on a few rows under different keys, for parts of one's own as well.
    let private quiet (vae: Vae) (parameters: Params) (x: Tensor) (objective: Objective) =
        use _ = torch.NewDisposeScope()
        use _ = torch.no_grad ()

        let terms seed =
            let draw (encoded: Encoded) = encoded.Draw(Key.ofSeed 0, [| int64 objective.Draws |])
            let mode = Mode.Train(Key.ofSeed seed)
            objective.Terms(Pass.make vae parameters mode draw x) |> List.map _.Nats

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
        (x: Tensor)
        (objective: Objective)
        =
        Exchange.agree ranks numbers
        List.iter (Exchange.broadcast ranks) state
        quiet vae parameters x objective
