namespace Vae.Core

open System
open TorchSharp

/// Weights of the three parts that the mean KL over the data is the sum of (Chen et al., "Isolating sources of disentanglement in
/// variational autoencoders", 2018, equation 2).
type Decomposition = {
    /// Of the mutual information of data and latent.
    MutualInformation: float
    /// Of the KL of the latents' law q(z), over all the data, from the product of its dimensions' laws.
    TotalCorrelation: float
    /// Of the KLs of its dimensions' laws from the prior's.
    DimensionWise: float
}

/// The parts by one draw an example, q(z) estimated from the batch.
[<RequireQualifiedAccess>]
module internal TotalCorrelation =
    /// Log-weights of the batch's posteriors in the mean over all the data at the draws of the batch, [draw, posterior]. A draw's
    /// own posterior is one of the data's; the others of the batch stand for all the others, so that the weighted mean is q(z)
    /// on average. It is minibatch stratified sampling (Chen et al., 2018, appendix C.2) averaged over which of the batch comes last.
    let logWeights (population: int) (batch: int) : float[,] =
        let own = log (1.0 / float population)
        let other = log (float (population - 1) / (float population * float (batch - 1)))
        Array2D.init batch batch (fun i j -> if i = j then own else other)

    let private checkBatch (population: int) (batch: int) =
        if batch < 2 && population > 1 then
            Check.refuse
                "batch"
                "one example, which says nothing of the others' posteriors"
                "at least 2 in a batch, the last of an epoch too, for the parts of the KL"

    /// log q(z) of the batch's draws, [batch], and of their numbers, [batch, dimensions], over the whole data.
    let aggregate (population: int) (site: SitePass) : Tensor * Tensor =
        let z = site.Drawn.Z.select (0L, 0L)
        let batch = z.shape[0]
        checkBatch population (int batch)

        let law =
            match site.Posterior with
            | :? Independent as law -> law.Base
            | law -> Check.refuse "posterior" $"%O{law}" "a product of laws of numbers"

        let pairs = Array.append [| batch |] z.shape
        let nats = (law.LogProb(z.unsqueeze(1L).expand pairs)).reshape([| batch; batch; -1L |])

        let weights =
            Tensor.ofArray
                (Placement.like nats)
                [| batch; batch |]
                (logWeights (max population (int batch)) (int batch) |> Seq.cast<float> |> Seq.toArray)

        (weights .+. nats.sum -1L).logsumexp 1L, (weights.unsqueeze -1L .+. nats).logsumexp 1L

    let private part name weight (nats: Tensor) : Term = { Term.each name nats with Weight = Schedule.scaled weight }

    let terms (by: Decomposition) (pass: Pass) : Term list =
        let site = pass.Site
        let joint, marginals = aggregate pass.Setting.Population site
        let product = marginals.sum -1L
        let logQ = site.Drawn.LogQ.Value.select (0L, 0L)
        let logP = (site.Prior.LogProb site.Drawn.Z).select(0L, 0L)

        [
            Elbo.reconstruction pass
            Term.reported (Elbo.divergenceOf pass site)
            part "mutual information" by.MutualInformation (logQ - joint)
            part "total correlation" by.TotalCorrelation (joint - product)
            part "dimension-wise kl" by.DimensionWise (product - logP)
        ]
