namespace Vae.Core

/// The law of a site before any data.
[<RequireQualifiedAccess>]
type SitePrior =
    /// One law, whatever the other sites are.
    | Marginal of Prior
    /// A law by a network of other sites' draws, and of what the model is given.
    | Below of sites: string list * law: Posterior

/// One latent of a model: the law before any data, and the law after.
type Site = {
    Name: string
    /// The shape of one latent.
    Shape: int64[]
    Prior: SitePrior
    Posterior: Posterior
    /// Whether the posterior's network is given the data.
    SeesData: bool
    /// Sites before it in the model's list, whose draws the posterior's network is given.
    Sees: string list
    /// What it is known from, of those examples that have it.
    Known: Given option
}

[<RequireQualifiedAccess>]
module Site =
    let private named (name: string) shape prior posterior : Site =
        PartNames.checkOne (nameof name) name

        {
            Name = name
            Shape = shape
            Prior = prior
            Posterior = posterior
            SeesData = true
            Sees = []
            Known = None
        }

    /// A latent whose prior is one law, and whose posterior is of the data.
    let create (name: string) (prior: Prior) (posterior: Posterior) : Site =
        named name prior.LatentShape (SitePrior.Marginal prior) posterior

    /// A latent of a shape whose prior is a law by a network of other latents' draws, p(z1 | z2): the same kind of value as a
    /// posterior.
    let below (sites: string list) (name: string) (shape: int list) (prior: Posterior) (posterior: Posterior) : Site =
        if sites.IsEmpty then
            Check.refuse (nameof sites) "none" "the latents that it is below"

        named name (Shape.ofSizes (nameof shape) shape) (SitePrior.Below(sites, prior)) posterior

    /// The same whose posterior is also given the draws of sites before it: top-down inference.
    let seeing (sites: string list) (site: Site) : Site = { site with Sees = sites }

    /// The same whose posterior is given the draws of sites before it, and not the data: bottom-up inference.
    let seeingOnly (sites: string list) (site: Site) : Site = { site with Sees = sites; SeesData = false }

    /// The same latent, which is observed in those examples that have what it is known from, as the class in semi-supervised learning
    /// (Kingma et al., "Semi-supervised learning with deep generative models", 2014): there its draw is what is known, and its KL is
    /// -log p of that. In the others it is latent as ever. What is measured of labelled data then bounds -log p(x, y), and of
    /// `Data.withoutLabels` -log p(x).
    let known (from: Given) (site: Site) : Site =
        let found, expected = site.Shape, Given.shape from

        if found <> expected then
            Check.refuse
                (nameof from)
                $"%O{from}, of shape %s{Check.shape expected}"
                $"what has the latent's shape, %s{Check.shape found}: a label of n classes is a vector of n numbers, one of them 1"

        { site with Known = Some from }
