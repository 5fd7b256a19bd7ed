namespace Vae.Core

open System
open TorchSharp

/// y = x, whose gradient is multiplied by a factor.
[<Sealed>]
type internal ScaledGradient() =
    inherit torch.autograd.SingleTensorFunction<ScaledGradient>()

    override _.Name = "scaled gradient"

    override _.forward(context, arguments) =
        context.save_for_backward (Collections.Generic.List [ arguments[1] :?> Tensor ])
        (arguments[0] :?> Tensor).alias()

    override _.backward(context, by) =
        let factor = context.get_saved_variables () |> Seq.head
        let results = Collections.Generic.List<Tensor | null>()
        results.Add(by * factor)
        results.Add null
        results

    /// x, whose gradient is multiplied by a factor that broadcasts to its shape.
    static member Of(x: Tensor, factor: Tensor) : Tensor = ScaledGradient.apply [| box x; box factor |]

/// Objectives by importance weights w_k = p(x, z_k) / q(z_k|x), of which the ELBO is the one that takes the mean of the logs.
[<RequireQualifiedAccess>]
module internal Importance =
    let private logDraws (logWeights: Tensor) = log (float logWeights.shape[0])

    /// log 1/K sum_k w_k, [batch] (Burda, Grosse and Salakhutdinov, 2016, equation 8).
    let logMean (logWeights: Tensor) : Tensor = -(logDraws logWeights) .+ logWeights.logsumexp 0L

    /// w_k / sum w, [draws, batch], as numbers.
    let normalized (logWeights: Tensor) : Tensor = (logWeights.detach ()).softmax 0L

    let private bound name (logEvidence: Tensor) : Term = Term.each name (logEvidence.neg ())

    let private withFigures (pass: Pass) (term: Term) = term :: Elbo.reported pass

    /// -log 1/K sum_k w_k
    let iwae name (pass: Pass) : Term list = Pass.logWeight pass |> logMean |> bound name |> withFigures pass

    /// The Renyi bound of order alpha, 1/(1 - alpha) log 1/K sum_k w_k^(1 - alpha) (Li and Turner, 2016, equation 11).
    let renyi name (alpha: float) (pass: Pass) : Term list =
        let logWeights = Pass.logWeight pass

        let value =
            if alpha = 1.0 then
                logWeights.mean [| 0L |]
            else
                1.0 / (1.0 - alpha) .* logMean ((1.0 - alpha) .* logWeights)

        value |> bound name |> withFigures pass

    /// max_k log w_k, the Renyi bound as alpha falls to minus infinity (Li and Turner, 2016, section 4.2).
    let largest name (pass: Pass) : Term list =
        let struct (value, _) = (Pass.logWeight pass).max 0L
        value |> bound name |> withFigures pass

    /// beta mean_k log w_k + (1 - beta) log 1/K sum_k w_k (Rainforth et al., "Tighter variational bounds are not necessarily
    /// better", 2018, equation 13).
    let combined name (beta: float) (pass: Pass) : Term list =
        let logWeights = Pass.logWeight pass

        (beta .* logWeights.mean [| 0L |]) .+. ((1.0 - beta) .* logMean logWeights)
        |> bound name
        |> withFigures pass

    /// The ELBO by draws, where the posterior's parameters pass gradients through the draws only (Roeder, Wu and Duvenaud,
    /// "Sticking the landing", 2017): the score's part, zero on average, is left out.
    let stickTheLanding (pass: Pass) : Term list =
        let divergence (site: SitePass) (held: SitePass) =
            Term.each (Elbo.nameOf pass site) (Elbo.overDraws (held.Drawn.LogQ.Value - site.Prior.LogProb site.Drawn.Z))

        Elbo.reconstruction pass :: List.map2 divergence pass.Sites (Pass.held pass).Sites

    /// log 1/K sum_k w_k with the gradient of Tucker et al., "Doubly reparameterized gradient estimators for Monte Carlo
    /// objectives", 2019, equation 8: the decoder and the prior have the bound's own, sum_k v_k d log w_k, and the posterior
    /// has sum_k v_k^2 (d log w_k / d z_k) (d z_k), v_k the normalized weights.
    let doublyReparameterized name (pass: Pass) : Term list =
        // The draws as constants and the weights' own gradient: the posterior's parameters are held out of log q.
        let atDraws = Pass.atConstants pass

        let posterior = (Pass.logPosterior atDraws).detach()
        let ofModel = Pass.logPrior atDraws - posterior - Pass.cost atDraws
        let weights = normalized ofModel

        let factor (z: Tensor) =
            let places = Array.create (z.shape.Length - 2) 1L
            weights.reshape (Array.append weights.shape places)

        let held = Pass.heldAt (fun z -> ScaledGradient.Of(z, factor z)) pass
        let ofPosterior = Pass.logWeight held
        let surrogate = (weights * (ofModel .+. ofPosterior)).sum 0L
        Term.valueOf (logMean ofModel) surrogate |> bound name |> withFigures pass
