namespace Vae.Core

open TorchSharp

/// What an objective asks of a model.
[<RequireQualifiedAccess>]
type Need =
    /// Posteriors whose draws pass gradients.
    | Path
    /// A likelihood whose score is a log-density.
    | Density
    /// One latent.
    | OneLatent
    /// Posteriors and priors that are products of laws of numbers, with a closed KL of each.
    | PerDimension
    /// Posteriors whose mean and variance are known.
    | Moments
    /// One latent that is one of several categories; draws of the others pass gradients.
    | Categories
    /// A latent that is known of some examples.
    | KnownLatent
    /// One latent, whose posterior is the nearest of a codebook's vectors.
    | Codebook
    /// Data of named parts, any of which may be missing.
    | NamedParts
    /// Data of which values may be missing.
    | MissingValues
    /// All rows of a batch in one process: terms that are no means over examples.
    | WholeBatch

/// What the total of an objective says of the data, on average over its draws.
[<RequireQualifiedAccess>]
type Claim =
    /// It is at least -log p(x), where the likelihood's score is a log-density.
    | Bound
    /// It bounds nothing: its terms are what it is a sum of.
    | Loss

    override this.ToString() =
        match this with
        | Bound -> "a bound of -log p(x) from above"
        | Loss -> "a loss, no bound of -log p(x)"

/// A loss as a sum of named terms that training makes small.
[<NoEquality; NoComparison>]
type Objective = {
    Name: string
    Claim: Claim
    /// What its terms ask of a model for their gradient to be that of what they are called.
    Needs: Need list
    /// Draws of the posterior for each example.
    Draws: int
    /// Whether the KL of each latent is a term of its own in what is made small, so that other things can be charged in its place.
    ChargesKl: bool
    /// What it learns itself beside the model, such as a critic.
    Declared: Vae -> Parameter list
    /// What training shows the model of a step's batch: all of it, unless values are hidden on the way.
    Shows: PassSetting -> Batch -> Batch
    Terms: Pass -> Term list
    /// What parameters are set to after a step, by their paths, where no gradient moves them: running averages.
    Moves: Pass -> (string * Tensor) list
}
