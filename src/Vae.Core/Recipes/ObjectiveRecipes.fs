namespace Vae.Core

/// Objectives by name, for a model.
[<RequireQualifiedAccess>]
module ObjectiveRecipes =
    let private made name arguments example says (make: RecipeWords -> Objective) : Recipe<Vae -> Objective> =
        Recipe.create name arguments example says (fun words ->
            let objective = make words
            fun _ -> objective)

    let private matching (words: RecipeWords) (vae: Vae) =
        match words.OneOf [ "mmd", true; "sliced", false ] with
        // The inverse multiquadric of the paper, its length by the prior's spread over all dimensions.
        | true ->
            let size = vae.Sites |> List.sumBy (fun site -> float (Shape.size site.Shape))
            Matching.Mmd(Kernel.inverseMultiquadric (sqrt (2.0 * size)))
        | false -> Matching.SlicedWasserstein 50

    /// What a model is trained to make small.
    let all: Recipe<Vae -> Objective> list = [
        made "elbo" "[DRAWS]" "" "the negative ELBO" (fun words -> Objective.elboOf (words.WholeOr 1))
        made "iwae" "DRAWS" "5" "the importance-weighted bound" (fun words -> Objective.iwae (words.Whole()))
        made "dreg" "DRAWS" "5" "the same with its doubly reparameterized gradient" (fun words ->
            Objective.dreg (words.Whole()))
        made "stl" "[DRAWS]" "" "the ELBO with the gradient through the draws alone" (fun words ->
            Objective.stickTheLanding (words.WholeOr 1))
        made "renyi" "ALPHA DRAWS" "0.5 5" "the Renyi bound" (fun words ->
            let alpha = words.Number()
            Objective.renyi alpha (words.Whole()))
        made "vr-max" "DRAWS" "5" "the largest importance weight alone" (fun words -> Objective.vrMax (words.Whole()))
        made "ciwae" "BETA DRAWS" "0.5 5" "between the ELBO and the importance-weighted bound" (fun words ->
            let beta = words.Number()
            Objective.ciwae beta (words.Whole()))
        made "scored" "DRAWS" "4" "the ELBO by the score, for latents without a sample path" (fun words ->
            Objective.scored (words.Whole()))
        made "vimco" "DRAWS" "5" "the importance-weighted bound by the score" (fun words ->
            Objective.vimco (words.Whole()))
        made "summed" "" "" "the ELBO as the sum over a latent's categories" (fun _ -> Objective.summed)
        Recipe.create
            "quantized"
            "[COMMITMENT [DECAY]]"
            ""
            "the ELBO of a codebook's vectors, and what moves the codebook (VQ-VAE): a gradient, or averages that decay"
            (fun words ->
                let commitment = words.NumberOr 0.25
                let decay = if words.HasMore then Some(words.Number()) else None

                fun _ ->
                    match decay with
                    | Some decay -> Objective.quantizedByAverage decay commitment
                    | None -> Objective.quantized commitment)
        made "tcvae" "BETA" "6" "the KL in parts, its total correlation weighed (beta-TCVAE)" (fun words ->
            Objective.decompose {
                MutualInformation = 1.0
                TotalCorrelation = words.Number()
                DimensionWise = 1.0
            })
        made
            "dip"
            "i|ii OFF-DIAGONAL DIAGONAL"
            "ii 10 5"
            "the latents' covariance held to the identity (DIP-VAE)"
            (fun words ->
                let kind = words.OneOf [ "i", Dip.Means; "ii", Dip.Draws ]
                let offDiagonal = words.Number()
                Objective.dip kind offDiagonal (words.Number()))
        Recipe.create
            "wae"
            "WEIGHT mmd|sliced"
            "10 mmd"
            "a distance of the latents' law from the prior, in the KL's place"
            (fun words ->
                let weight = words.Number()
                let kind = words.Word()

                fun vae -> Objective.wae weight (matching (RecipeWords("objective", kind, "mmd|sliced", [ kind ])) vae))
        Recipe.create "infovae" "ALPHA LAMBDA mmd|sliced" "0 10 mmd" "the same beside a part of the KL" (fun words ->
            let alpha, lambda, kind = words.Number(), words.Number(), words.Word()

            fun vae ->
                Objective.infoVae alpha lambda (matching (RecipeWords("objective", kind, "mmd|sliced", [ kind ])) vae))
        made
            "adversary"
            "tc|prior|data WEIGHT [WIDTH]"
            "tc 6.4"
            "a network that tells apart: FactorVAE, an adversarial autoencoder, or one on the data"
            (fun words ->
                let kind =
                    words.OneOf [ "tc", Adversary.TotalCorrelation; "prior", Adversary.Prior; "data", Adversary.Data ]

                let weight = words.Number()
                let width = words.WholeOr 256
                let hidden = Net.dense width --> Net.activation Activation.LeakyRelu
                Objective.adversary (Net.flatten --> hidden --> hidden) weight kind)
        Recipe.create "per-dimension" "" "" "means over pixels and over latents, a stated beta" (fun _ ->
            Objective.perDimension)
    ]

    let private over (words: RecipeWords) =
        let amount = words.Number()

        if words.HasMore then
            words.OneOf [ "epochs", Span.Epochs amount; "steps", Span.Steps(int64 amount); "share", Span.Share amount ]
        else
            Span.Epochs amount

    /// What changes an objective, after a comma.
    let changes: Recipe<Objective -> Objective> list = [
        Recipe.create "beta" "FACTOR" "4" "the KL weighed" (fun words -> Objective.beta (words.Number()))
        Recipe.create
            "warm-up"
            "AMOUNT [epochs|steps|share]"
            "5"
            "the KL's weight risen from 0 in a straight line"
            (fun words -> Objective.anneal "kl" (Schedule.linear 0.0 1.0 (over words)))
        Recipe.create "sigmoid" "AMOUNT [epochs|steps|share]" "5" "the same along a logistic curve" (fun words ->
            Objective.anneal "kl" (Schedule.sigmoid 0.0 1.0 (over words)))
        Recipe.create "cyclical" "CYCLES [SHARE]" "4" "the KL's weight risen again and again" (fun words ->
            let cycles = words.Whole()
            Objective.anneal "kl" (Schedule.cyclical cycles (words.NumberOr 0.5)))
        Recipe.create
            "free-bits"
            "NATS [dimension|latent] [batch|example]"
            "0.25"
            "nats of the KL that cost nothing to keep"
            (fun words ->
                let nats = words.Number()

                let group =
                    if words.HasMore then
                        words.OneOf [ "dimension", FreeGroup.Dimension; "latent", FreeGroup.Latent ]
                    else
                        FreeGroup.Dimension

                let over =
                    if words.HasMore then
                        words.OneOf [ "batch", FreeOver.Batch; "example", FreeOver.Example ]
                    else
                        FreeOver.Batch

                Objective.freeBitsBy group over nats)
        Recipe.create
            "supervised"
            "WEIGHT"
            "1"
            "the posterior of what is known trained as a classifier too"
            (fun words -> Objective.supervised (words.Number()))
        Recipe.create "each-part" "" "" "the same of each part of the data alone beside it" (fun _ ->
            Objective.eachPart)
        Recipe.create "holes" "MOST" "0.5" "values hidden on the way, for data with missing values" (fun words ->
            Objective.withHoles (words.Number()))
        Recipe.create
            "capacity"
            "WEIGHT NATS [AMOUNT [epochs|steps|share]]"
            "30 10"
            "the KL held to a capacity that rises to so many nats"
            (fun words ->
                let weight, nats = words.Number(), words.Number()
                let span = if words.HasMore then over words else Span.Share 0.5
                Objective.capacity weight (Schedule.linear 0.0 nats span))
    ]

    /// The objective that a text names, with what changes it after commas: `elbo, warm-up 5, free-bits 0.25`, `iwae 50`.
    let read (text: string) : Vae -> Objective =
        match Recipe.parts text with
        | first :: rest ->
            let make = Recipe.read "objective" all first
            let changes = rest |> List.map (Recipe.read "objective" changes)
            fun vae -> changes |> List.fold (fun objective change -> change objective) (make vae)
        | [] -> Recipe.read "objective" all text
