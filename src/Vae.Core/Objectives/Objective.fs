namespace Vae.Core

open TorchSharp

/// One pass of a model over a batch: what objectives are functions of.
type Pass<'q> = {
    /// The batch: [batch, data...].
    X: Tensor
    /// Draws of the encoding: [draws, batch, latent...].
    Z: Tensor
    Encoding: 'q
    /// The law of the encoding.
    Posterior: Distribution
    Prior: Distribution
    /// p(x|z) at the draws: batch shape [draws, batch].
    Likelihood: Observation
    Kl: KlCharge
}

/// A named part of a loss: nats of each example, [batch], and the weight it enters the sum with.
type Term = { Name: string; Weight: float; Nats: Tensor }

/// A loss as a sum of named terms that training makes small.
type Objective<'q> = {
    Name: string
    /// Draws of the posterior for each example.
    Draws: int
    Terms: Pass<'q> -> Term list
}

[<RequireQualifiedAccess>]
module Pass =
    /// A model over a batch, with the draws that a function makes of the encoding.
    let make (vae: Vae<'q>) (parameters: Params) (mode: Mode) (draw: 'q -> Tensor) (x: Tensor) : Pass<'q> =
        let encoding = vae.Posterior.Apply parameters mode x
        let z = draw encoding

        {
            X = x
            Z = z
            Encoding = encoding
            Posterior = vae.Parts.Posterior.Law encoding
            Prior = vae.Prior.Apply parameters mode ()
            Likelihood = vae.Likelihood.Apply parameters mode z
            Kl = vae.Kl
        }

[<RequireQualifiedAccess>]
module Objective =
    let private overDraws (nats: Tensor) = if nats.shape[0] = 1L then nats.squeeze 0L else nats.mean [| 0L |]

    /// -log p(x|z), or the score that stands for it: the mean over the draws.
    let reconstruction (pass: Pass<'q>) : Term = {
        Name = "reconstruction"
        Weight = 1.0
        Nats = overDraws (pass.Likelihood.Cost pass.X)
    }

    /// KL(q(z|x) || p(z)): the closed form where the model's laws have one, else log q(z|x) - log p(z) on the draws.
    let divergence (pass: Pass<'q>) : Term =
        let nats =
            match pass.Kl with
            | KlCharge.Exact -> Kl.exact pass.Posterior pass.Prior
            | KlCharge.Sampled ->
                Tensor.scoped (fun () -> overDraws (pass.Posterior.LogProb pass.Z - pass.Prior.LogProb pass.Z))

        { Name = "kl"; Weight = 1.0; Nats = nats }

    /// -ELBO = -E_q[log p(x|z)] + KL(q(z|x) || p(z)), with draws of the posterior for each example: for a likelihood with a
    /// density, a bound of -log p(x) from above (Kingma and Welling, 2014).
    let elboOf (draws: int) : Objective<Reparameterized<'law>> =
        Check.atLeast 1 (nameof draws) draws

        {
            Name = "elbo"
            Draws = draws
            Terms = fun pass -> [ reconstruction pass; divergence pass ]
        }

    /// `elboOf` one draw.
    let elbo<'law when 'law :> Distribution> : Objective<Reparameterized<'law>> = elboOf 1

    /// The same objective with the weight of one term multiplied.
    let weigh term factor (objective: Objective<'q>) : Objective<'q> =
        Check.finiteFloat (nameof factor) factor

        {
            objective with
                Name = $"%s{objective.Name}, %s{term} x %s{Check.number factor}"
                Terms =
                    objective.Terms
                    >> List.map (fun t -> if t.Name = term then { t with Weight = factor * t.Weight } else t)
        }

    /// The beta-VAE (Higgins et al., 2017): the KL weighed by a factor.
    let beta factor objective = weigh "kl" factor objective

    /// The terms on these rows of a batch, [rows, data...], each as it is among the terms on the whole batch.
    let termsOf
        (rows: Rows)
        (key: Key)
        (vae: Vae<'q>)
        (parameters: Params)
        (x: Tensor)
        (objective: Objective<'q>)
        : Term list =
        let modeKey, drawKey = Key.split key
        let draw = vae.Parts.Posterior.DrawRows rows drawKey [| int64 objective.Draws |]
        objective.Terms(Pass.make vae parameters (Mode.Train modeKey) draw x)

    /// The terms on a batch, [batch, data...], as training takes them: everything random in them is a function of the key.
    let terms (key: Key) (vae: Vae<'q>) (parameters: Params) (x: Tensor) (objective: Objective<'q>) : Term list =
        termsOf (Rows.all (int (x.size 0))) key vae parameters x objective

    /// The mean of each term over the batch: tensors of no dimensions.
    let internal means (terms: Term list) : (Term * Tensor) list = terms |> List.map (fun t -> t, t.Nats.mean ())

    /// The weighted sum of terms' means.
    let internal weighted (means: (Term * Tensor) list) : Tensor =
        let part (term: Term, mean: Tensor) = if term.Weight = 1.0 then mean else term.Weight .* mean
        means |> List.map part |> List.reduce (.+.)

    /// The loss of terms: their weighted sum of means over the batch, a tensor of no dimensions.
    let loss (terms: Term list) : Tensor = terms |> means |> weighted
