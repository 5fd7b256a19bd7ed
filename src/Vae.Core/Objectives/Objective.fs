namespace Vae.Core

open TorchSharp

/// One pass of a model over a batch: what objectives are functions of.
type Pass = {
    /// The batch: [batch, data...].
    X: Tensor
    /// Draws of the posterior, [draws, batch, latent...], and its log-density at them, [draws, batch].
    Drawn: Drawn
    /// q(z|x).
    Posterior: Distribution
    Prior: Distribution
    /// p(x|z) at the draws: batch shape [draws, batch].
    Likelihood: Observation
    Kl: KlCharge
} with

    /// The draws of the posterior.
    member this.Z = this.Drawn.Z

/// A named part of a loss: nats of each example, [batch], and the weight it enters the sum with.
type Term = { Name: string; Weight: float; Nats: Tensor }

/// What an objective asks of a model.
[<RequireQualifiedAccess>]
type Need =
    /// A posterior whose draws pass gradients.
    | Path
    /// A likelihood whose score is a log-density.
    | Density

/// A loss as a sum of named terms that training makes small.
type Objective = {
    Name: string
    /// What its terms ask of a model for their gradient to be that of what they are called.
    Needs: Need list
    /// Draws of the posterior for each example.
    Draws: int
    Terms: Pass -> Term list
}

[<RequireQualifiedAccess>]
module Pass =
    /// A model over a batch, with the draws that a function makes of the encoding.
    let make (vae: Vae) (parameters: Params) (mode: Mode) (draw: Encoded -> Drawn) (x: Tensor) : Pass =
        let encoded = vae.Posterior.Apply parameters mode x
        let drawn = draw encoded

        {
            X = x
            Drawn = drawn
            Posterior = encoded.Law
            Prior = vae.Prior.Apply parameters mode ()
            Likelihood = vae.Likelihood.Apply parameters mode drawn.Z
            Kl = vae.Kl
        }

[<RequireQualifiedAccess>]
module Objective =
    let private overDraws (nats: Tensor) = if nats.shape[0] = 1L then nats.squeeze 0L else nats.mean [| 0L |]

    /// -log p(x|z), or the score that stands for it: the mean over the draws.
    let reconstruction (pass: Pass) : Term = {
        Name = "reconstruction"
        Weight = 1.0
        Nats = overDraws (pass.Likelihood.Cost pass.X)
    }

    /// KL(q(z|x) || p(z)): the closed form where the model's laws have one, else log q(z|x) - log p(z) on the draws.
    let divergence (pass: Pass) : Term =
        let nats =
            match pass.Kl with
            | KlCharge.Exact -> Kl.exact pass.Posterior pass.Prior
            | KlCharge.Sampled ->
                Tensor.scoped (fun () -> overDraws (pass.Drawn.LogQ.Value - pass.Prior.LogProb pass.Z))

        { Name = "kl"; Weight = 1.0; Nats = nats }

    /// -ELBO = -E_q[log p(x|z)] + KL(q(z|x) || p(z)), with draws of the posterior for each example: for a likelihood with a
    /// density, a bound of -log p(x) from above (Kingma and Welling, 2014).
    let elboOf (draws: int) : Objective =
        Check.atLeast 1 (nameof draws) draws

        {
            Name = "elbo"
            Needs = [ Need.Path ]
            Draws = draws
            Terms = fun pass -> [ reconstruction pass; divergence pass ]
        }

    /// `elboOf` one draw.
    let elbo: Objective = elboOf 1

    /// The same objective with the weight of one term multiplied.
    let weigh term factor (objective: Objective) : Objective =
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

    /// Refuses a model that an objective cannot be trained on, saying what would do.
    let check (vae: Vae) (objective: Objective) : unit =
        for need in objective.Needs do
            match need, vae.Gradient with
            | Need.Path, Gradient.Scored ->
                Check.refuse
                    "posterior"
                    $"'%O{vae.Parts.Posterior.Spec}', whose draws pass no gradient"
                    $"one whose draws do, for the objective '%s{objective.Name}': a law with a sample path, by Posterior.pathwise"
            | Need.Density, _ when not vae.Parts.Likelihood.IsDensity ->
                Check.refuse
                    "likelihood"
                    $"'%O{vae.Parts.Likelihood.Spec}', whose score, %s{vae.Parts.Likelihood.ScoreName}, is no log-density"
                    $"one whose score is, for the objective '%s{objective.Name}'"
            | _ -> ()

    /// The terms on these rows of a batch, [rows, data...], each as it is among the terms on the whole batch.
    let termsOf (rows: Rows) (key: Key) (vae: Vae) (parameters: Params) (x: Tensor) (objective: Objective) : Term list =
        let modeKey, drawKey = Key.split key
        let draw (encoded: Encoded) = encoded.DrawRows(rows, drawKey, [| int64 objective.Draws |])
        objective.Terms(Pass.make vae parameters (Mode.Train modeKey) draw x)

    /// The terms on a batch, [batch, data...], as training takes them: everything random in them is a function of the key.
    let terms (key: Key) (vae: Vae) (parameters: Params) (x: Tensor) (objective: Objective) : Term list =
        termsOf (Rows.all (int (x.size 0))) key vae parameters x objective

    /// The mean of each term over the batch: tensors of no dimensions.
    let internal means (terms: Term list) : (Term * Tensor) list = terms |> List.map (fun t -> t, t.Nats.mean ())

    /// The weighted sum of terms' means.
    let internal weighted (means: (Term * Tensor) list) : Tensor =
        let part (term: Term, mean: Tensor) = if term.Weight = 1.0 then mean else term.Weight .* mean
        means |> List.map part |> List.reduce (.+.)

    /// The loss of terms: their weighted sum of means over the batch, a tensor of no dimensions.
    let loss (terms: Term list) : Tensor = terms |> means |> weighted
