namespace Vae.Core

/// Objectives as values: each is made of the terms of another file of this folder, and combinators change what is made.
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Objective =
    let private make name claim needs draws terms : Objective = {
        Name = name
        Claim = claim
        Needs = needs
        Draws = draws
        ChargesKl = false
        Declared = fun _ -> []
        Shows = fun _ batch -> batch
        Terms = terms
        Moves = fun _ -> []
    }

    /// -log p(x|z), or the score that stands for it: the mean over the draws.
    let reconstruction (pass: Pass) : Term = Elbo.reconstruction pass

    /// KL(q(z|x) || p(z)) of the only latent: the closed form where the model's laws have one, else log q(z|x) - log p(z) on the draws.
    let divergence (pass: Pass) : Term = Elbo.divergenceOf pass pass.Site

    /// KL(q(z|x) || p(z)) of each latent. The terms are "kl" of the only latent, and "kl NAME" of several.
    let divergences (pass: Pass) : Term list = Elbo.divergences pass

    /// -ELBO = -E_q[log p(x|z)] + KL(q(z|x) || p(z)), with draws of the posterior for each example: for a likelihood with a
    /// density, a bound of -log p(x) from above (Kingma and Welling, 2014).
    let elboOf (draws: int) : Objective =
        Check.atLeast 1 (nameof draws) draws

        {
            make "elbo" Claim.Bound [ Need.Path ] draws (fun pass -> Elbo.reconstruction pass :: Elbo.divergences pass) with
                ChargesKl = true
        }

    /// `elboOf` one draw.
    let elbo: Objective = elboOf 1

    // Bounds by importance weights.

    let private important kind (draws: int) needs terms =
        Check.atLeast 1 (nameof draws) draws
        let name = $"%s{kind} %d{draws}"
        make name Claim.Bound (Need.Density :: needs) draws (terms kind)

    /// -log 1/k sum_k p(x, z_k) / q(z_k|x): a bound of -log p(x) that draws make tighter (Burda, Grosse and Salakhutdinov, 2016).
    let iwae (draws: int) : Objective = important "iwae" draws [ Need.Path ] Importance.iwae

    /// The importance-weighted bound with the gradient of Tucker et al., 2019, whose noise does not grow with the draws.
    let dreg (draws: int) : Objective = important "dreg" draws [ Need.Path ] Importance.doublyReparameterized

    /// The Renyi bound of order alpha of at least 0, and not infinite (Li and Turner, 2016): at 1 the ELBO by draws, at 0 the
    /// importance-weighted bound.
    let renyi (alpha: float) (draws: int) : Objective =
        Check.notNegativeFloat (nameof alpha) alpha
        let name = $"renyi %s{Check.number alpha}"
        important name draws [ Need.Path ] (fun _ -> Importance.renyi "renyi" alpha)

    /// The largest weight alone, the Renyi bound as its order falls to minus infinity (Li and Turner, 2016). It is no bound.
    let vrMax (draws: int) : Objective = {
        important "vr-max" draws [ Need.Path ] Importance.largest with
            Claim = Claim.Loss
    }

    /// beta times the ELBO by draws and 1 - beta times the importance-weighted bound (Rainforth et al., 2018).
    let ciwae (beta: float) (draws: int) : Objective =
        if not (beta >= 0.0 && beta <= 1.0) then
            Check.refuse (nameof beta) (Check.number beta) "a number from 0 to 1"

        important $"ciwae %s{Check.number beta}" draws [ Need.Path ] (fun _ -> Importance.combined "ciwae" beta)

    /// The negative ELBO by draws, whose posterior has its gradient through the draws alone: at the exact posterior it is
    /// without noise (Roeder, Wu and Duvenaud, 2017).
    let stickTheLanding (draws: int) : Objective =
        Check.atLeast 1 (nameof draws) draws

        {
            make "sticking the landing" Claim.Bound [ Need.Path ] draws Importance.stickTheLanding with
                ChargesKl = true
        }

    // Posteriors whose draws pass no gradient.

    /// The negative ELBO for latents of any kind, those without a sample path too: their gradient is by the score, each draw's
    /// baseline the mean of the others (Kool, van Hoof and Welling, 2019). It takes at least 2 draws.
    let scored (draws: int) : Objective =
        Check.atLeast 2 (nameof draws) draws

        make "elbo by the score" Claim.Bound [] draws Scoring.elbo

    /// The importance-weighted bound for latents of any kind, by the score with the bound without each draw as its baseline
    /// (Mnih and Rezende, 2016). It takes at least 2 draws.
    let vimco (draws: int) : Objective =
        Check.atLeast 2 (nameof draws) draws
        important "vimco" draws [] Scoring.vimco

    // Latents of finitely many values.

    /// The negative ELBO with the expectation over the model's latent of categories as the sum over them, exact and without noise, at
    /// a pass for each category; draws of the other latents pass gradients. With a latent that is known of some examples (`Site.known`)
    /// it is the bound of semi-supervised learning, -log p(x, y) of those and -log p(x) of the others (Kingma et al., 2014,
    /// equations 6 and 7); see `supervised`.
    let summed: Objective = {
        make "elbo summed over categories" Claim.Bound [ Need.Categories ] 1 Summing.terms with
            ChargesKl = true
    }

    /// The negative ELBO of a model whose latents are a codebook's vectors, log p of the codes among it, with the squared distance of the
    /// codebook from what the encoder gave and a weight times that of the encoder from the codebook (van den Oord, Vinyals and
    /// Kavukcuoglu, 2017, equation 3, where the weight is 0.25). As the codes are known, log p(x, codes) bounds log p(x).
    let quantized (commitment: float) : Objective =
        Check.notNegativeFloat (nameof commitment) commitment
        let name = $"quantized, commitment x %s{Check.number commitment}"

        {
            make name Claim.Bound [ Need.OneLatent; Need.Codebook; Need.WholeBatch ] 1 (Quantization.terms commitment) with
                ChargesKl = true
        }

    /// `quantized` whose codebook follows what the encoder gives by running averages in place of a gradient: each vector is the mean of what
    /// was nearest to it, those of each step before weighing decay times as much (van den Oord, Vinyals and Kavukcuoglu, 2017, appendix A.1,
    /// where decay is 0.99). A vector that nothing is near to stays where it is. The averages are learned beside the model, and are in
    /// checkpoints.
    let quantizedByAverage (decay: float) (commitment: float) : Objective =
        Check.fractionFloat (nameof decay) decay
        let objective = quantized commitment

        {
            objective with
                Name = $"%s{objective.Name}, codebook by averages of %s{Check.number decay}"
                Declared = Quantization.averages
                Terms = Quantization.terms commitment >> List.map Quantization.withoutCodebook
                Moves = Quantization.moves decay
        }

    // Losses that look at a batch as a whole.

    /// beta-TCVAE: the KL in three parts, each by a weight, the law of the latents over all the data estimated from the batch
    /// (Chen et al., 2018, equation 2 and appendix C.2). The estimate is biased: the log of a mean over a batch.
    let decompose (by: Decomposition) : Objective =
        for name, weight in
            [
                nameof by.MutualInformation, by.MutualInformation
                nameof by.TotalCorrelation, by.TotalCorrelation
                nameof by.DimensionWise, by.DimensionWise
            ] do
            Check.finiteFloat name weight

        let weights = [ by.MutualInformation; by.TotalCorrelation; by.DimensionWise ]
        let name = $"""decomposed kl x %s{weights |> List.map Check.number |> String.concat ", "}"""
        let needs = [ Need.Path; Need.OneLatent; Need.PerDimension; Need.WholeBatch ]
        make name Claim.Loss needs 1 (TotalCorrelation.terms by)

    /// DIP-VAE: the ELBO and the squares by which the latents' covariance over the batch is not the identity, off its diagonal and on
    /// it, each by a weight (Kumar, Sattigeri and Balakrishnan, 2018).
    let dip (kind: Dip) (offDiagonal: float) (diagonal: float) : Objective =
        Check.notNegativeFloat (nameof offDiagonal) offDiagonal
        Check.notNegativeFloat (nameof diagonal) diagonal
        let number = if kind = Dip.Means then "i" else "ii"
        let name = $"dip %s{number} x %s{Check.number offDiagonal}, %s{Check.number diagonal}"
        let needs = [ Need.Path; Need.OneLatent; Need.Moments; Need.WholeBatch ]

        {
            make name Claim.Loss needs 1 (Moments.terms kind offDiagonal diagonal) with
                ChargesKl = true
        }

    let private matched name ofKl weight (matching: Matching) =
        Matching.check matching
        make name Claim.Loss [ Need.Path; Need.OneLatent; Need.WholeBatch ] 1 (Matching.terms ofKl weight matching)

    /// InfoVAE: 1 - alpha times the KL and alpha + lambda - 1 times the distance of the latents' law over the batch from the prior
    /// (Zhao, Song and Ermon, 2019, equation 6).
    let infoVae (alpha: float) (lambda: float) (matching: Matching) : Objective =
        Check.finiteFloat (nameof alpha) alpha
        Check.finiteFloat (nameof lambda) lambda
        let name = $"infovae %s{Check.number alpha}, %s{Check.number lambda} by %O{matching}"
        matched name (1.0 - alpha) (alpha + lambda - 1.0) matching

    /// The Wasserstein autoencoder: the reconstruction, and a weight times the distance of the latents' law over the batch from the
    /// prior; the KL is reported only (Tolstikhin et al., 2018).
    let wae (weight: float) (matching: Matching) : Objective =
        Check.positiveFloat (nameof weight) weight
        matched $"wae %s{Check.number weight} by %O{matching}" 0.0 weight matching

    /// The ELBO and a weight times what a network of one's own, trained beside the model in the same steps, tells apart. Its last
    /// layer, to one logit, is added. Neither player's loss has a gradient in the other's parameters. FactorVAE is
    /// `adversary net 6.4 Adversary.TotalCorrelation`; an adversarial autoencoder, whose KL is reported only, `Adversary.Prior`.
    let adversary (net: Net) (weight: float) (kind: Adversary) : Objective =
        Check.positiveFloat (nameof weight) weight

        {
            make
                $"%O{kind} x %s{Check.number weight}: %O{net}"
                Claim.Loss
                [ Need.Path; Need.OneLatent; Need.WholeBatch ]
                1
                (Adversarial.terms kind net weight) with
                ChargesKl = kind <> Adversary.Prior
                Declared = Adversarial.declared kind net
        }

    // What is made of other objectives.

    /// Refuses a name that no term is of that has a weight.
    let private named (terms: Term list) name =
        let weighed = terms |> List.filter (fun t -> t.Weight.Name <> Schedule.never.Name)

        if not (weighed |> List.exists (fun t -> Elbo.isCalled name t.Name)) then
            let known = weighed |> List.map _.Name |> String.concat ", "

            let found =
                if terms |> List.exists (fun t -> Elbo.isCalled name t.Name) then
                    "which is a figure only, not a part of the loss"
                else
                    "which the objective does not have"

            Check.refuse "term" $"'%s{name}', %s{found}" $"one of %s{known}"

    /// The claim of a sum whose KL has another weight: what is charged more than a bound is one too.
    let private claimOf name isAtLeastOne (objective: Objective) =
        if objective.Claim = Claim.Bound && Elbo.isCalled "kl" name && isAtLeastOne then
            Claim.Bound
        else
            Claim.Loss

    let private reweigh term name claim (change: Schedule -> Schedule) (objective: Objective) : Objective =
        let terms pass =
            let terms = objective.Terms pass
            named terms term

            terms
            |> List.map (fun t -> if Elbo.isCalled term t.Name then { t with Weight = change t.Weight } else t)

        { objective with Name = name; Claim = claim; Terms = terms }

    /// The same objective with the weight of one term multiplied: "kl" is that of every latent. Refuses, once there are terms, a
    /// name that none of them has.
    let weigh term factor (objective: Objective) : Objective =
        Check.finiteFloat (nameof factor) factor

        reweigh
            term
            $"%s{objective.Name}, %s{term} x %s{Check.number factor}"
            (claimOf term (factor >= 1.0) objective)
            (Schedule.times factor)
            objective

    /// The same objective with the weight of one term multiplied by a schedule. What is measured beside training has the weight
    /// of the schedule's end.
    let anneal term (schedule: Schedule) (objective: Objective) : Objective =
        reweigh
            term
            $"%s{objective.Name}, %s{term} x (%s{schedule.Name})"
            (claimOf term (schedule.Factor Progress.ended >= 1.0) objective)
            (Schedule.product schedule)
            objective

    /// The beta-VAE (Higgins et al., 2017): the KL weighed by a factor.
    let beta factor objective = weigh "kl" factor objective

    /// The means that some code bases report as losses: of the reconstruction over the data's numbers and of the KL over the
    /// latent's. It is the beta-VAE of the stated beta, numbers of the data / numbers of the latent, divided by the former.
    let perDimension (vae: Vae) : Objective =
        let ofData = float (Shape.size vae.DataShape)
        let ofLatent = vae.Sites |> List.sumBy (fun site -> float (Shape.size site.Shape))

        {
            (elbo |> weigh "reconstruction" (1.0 / ofData) |> weigh "kl" (1.0 / ofLatent)) with
                Name = $"means per dimension, beta %s{Check.number (ofData / ofLatent)}"
        }

    /// The objective and a weight times -log q(z|x) of what is known of a latent (`Site.known`), so that the posterior of a class is
    /// trained as a classifier too (Kingma et al., 2014, equation 9, with alpha the weight). Examples of which it is not known have 0.
    let supervised (weight: float) (objective: Objective) : Objective =
        Check.notNegativeFloat (nameof weight) weight

        {
            objective with
                Name = $"%s{objective.Name}, supervised x %s{Check.number weight}"
                Claim = if weight = 0.0 then objective.Claim else Claim.Loss
                Needs = objective.Needs @ [ Need.KnownLatent ]
                Terms = fun pass -> objective.Terms pass @ Supervision.terms weight pass
        }

    /// The objective of the data and the same of each of its named parts alone, summed: for models of several kinds of data, whose posterior
    /// is also to be of one of them (Wu and Goodman, 2018, section 2.2, without random subsets). The terms are also "NAME of PART".
    /// It takes a model with `Likelihood.product`, made for missing values by `Vae.forMissing`.
    let eachPart (objective: Objective) : Objective = {
        objective with
            Name = $"%s{objective.Name}, of the whole and of each part"
            Claim = Claim.Loss
            Needs = objective.Needs @ [ Need.NamedParts ]
            ChargesKl = false
            Terms = EachPart.terms objective.Terms objective.Draws
    }

    /// The objective of examples with holes: in training half of the examples of a step are seen whole, and of each other one every value is
    /// hidden with a chance of its own, uniform from 0 to the most. So the networks of a model that is trained on whole examples know
    /// those with holes, which it is asked to fill or to score. Terms of training are of what is left; what is measured beside
    /// it is of whole examples. It takes a model made for missing values by `Vae.forMissing`.
    let withHoles (most: float) (objective: Objective) : Objective =
        Check.fractionFloat (nameof most) most

        {
            objective with
                Name = $"%s{objective.Name}, holes of up to %s{Check.number most}"
                Needs = objective.Needs @ [ Need.MissingValues ]
                Shows = fun setting -> objective.Shows setting >> Holes.hide most setting
        }

    let private replaceKl name needs (charged: Pass -> Term list -> Term list) (objective: Objective) : Objective =
        if not objective.ChargesKl then
            Check.refuse "objective" $"'%s{objective.Name}'" "one whose KL is a term of its own, such as Objective.elbo"

        {
            objective with
                Name = $"%s{objective.Name}, %s{name}"
                Claim = Claim.Loss
                Needs = objective.Needs @ needs
                ChargesKl = false
                Terms = fun pass -> charged pass (objective.Terms pass)
        }

    /// Free bits of a stated kind: a KL below so many nats costs these (Kingma et al., 2016). The KL itself is reported.
    let freeBitsBy (group: FreeGroup) (over: FreeOver) (nats: float) (objective: Objective) : Objective =
        Check.notNegativeFloat (nameof nats) nats

        let needs = [
            if group = FreeGroup.Dimension then
                Need.PerDimension
            if over = FreeOver.Batch then
                Need.WholeBatch
        ]

        let words = $"%A{group}, %A{over}".ToLowerInvariant()

        let name = $"%s{Check.number nats} nats free (%s{words})"

        // What is charged is at least the KL.
        {
            replaceKl name needs (FreeBits.replace group over nats) objective with
                Claim = objective.Claim
        }

    /// Nats free in each dimension, of the mean over the batch (Kingma et al., 2016, equation 15).
    let freeBits nats objective = freeBitsBy FreeGroup.Dimension FreeOver.Batch nats objective

    /// A capacity that the KL is held to: a weight times | KL - capacity |, the mean KL over the batch, the capacity a schedule
    /// (Burgess et al., "Understanding disentangling in beta-VAE", 2018, equation 8).
    let capacity (weight: float) (nats: Schedule) (objective: Objective) : Objective =
        Check.positiveFloat (nameof weight) weight

        let charged (pass: Pass) (terms: Term list) =
            let isKl (term: Term) = pass.Sites |> List.exists (fun site -> Elbo.nameOf pass site = term.Name)
            let kl = terms |> List.filter isKl |> List.map _.Nats.Mean() |> List.reduce (.+.)
            let away = (-(nats.Factor pass.Setting.Progress) .+ kl).abs()

            [
                for term in terms do
                    if isKl term then Term.reported term else term
                { Term.whole "capacity" away with Weight = Schedule.scaled weight }
            ]

        replaceKl $"capacity (%s{nats.Name}) x %s{Check.number weight}" [ Need.WholeBatch ] charged objective

    // How training takes them.

    /// Refuses a model that an objective cannot be trained on, saying what would do.
    let check (vae: Vae) (objective: Objective) : unit =
        let forObjective = $"for the objective '%s{objective.Name}'"
        let likelihood = vae.Parts.Likelihood
        let specs = List.zip vae.Parts.Sites vae.Sites

        for need in objective.Needs do
            match need with
            | Need.Path ->
                for site, wired in specs do
                    if wired.Gradient = Gradient.Scored then
                        Check.refuse
                            "posterior"
                            $"'%O{site.Posterior.Spec}', whose draws pass no gradient"
                            $"one whose draws do, %s{forObjective}: a law with a sample path, by Posterior.pathwise; or Objective.scored or Objective.vimco"
            | Need.Density when not likelihood.IsDensity ->
                Check.refuse
                    "likelihood"
                    $"'%O{likelihood.Spec}', whose score, %s{likelihood.ScoreName}, is no log-density"
                    $"one whose score is, %s{forObjective}"
            | Need.OneLatent when vae.Sites.Length > 1 ->
                let names = vae.Sites |> List.map _.Name |> String.concat ", "
                Check.refuse "vae" $"a model of the latents %s{names}" $"a model of one latent, %s{forObjective}"
            | Need.PerDimension ->
                for site, wired in specs do
                    if not wired.IsPerDimension then
                        Check.refuse
                            "posterior"
                            $"'%O{site.Posterior.Spec}' of the latent %s{site.Name}"
                            $"one that with its prior is a product of laws of numbers, such as Posterior.diagonalNormal with Prior.standard, %s{forObjective}"
            | Need.Moments ->
                for site, wired in specs do
                    if not wired.HasMoments then
                        Check.refuse
                            "posterior"
                            $"'%O{site.Posterior.Spec}', of which no mean and variance are known"
                            $"a law with both, %s{forObjective}"
            | Need.Categories ->
                Summing.latent forObjective vae |> ignore

                for site, wired in specs do
                    if wired.Categories.IsNone && wired.Gradient = Gradient.Scored then
                        Check.refuse
                            "posterior"
                            $"'%O{site.Posterior.Spec}' of the latent %s{site.Name}, whose draws pass no gradient"
                            $"one whose draws do, %s{forObjective}"
            | Need.KnownLatent when vae.Reads.Known.IsEmpty ->
                Check.refuse
                    "vae"
                    "a model without a latent that is known of some examples"
                    $"one with, by Site.known, %s{forObjective}"
            | Need.Codebook when vae.Parts.Sites |> List.exists (fun site -> not site.Posterior.Spec.IsQuantized) ->
                Check.refuse
                    "posterior"
                    $"'%O{vae.Parts.Sites.Head.Posterior.Spec}'"
                    $"Posterior.quantized, %s{forObjective}"
            | Need.NamedParts when (EachPart.parts vae).IsNone ->
                Check.refuse
                    "likelihood"
                    $"'%O{likelihood.Spec}'"
                    $"Likelihood.product of named parts, in a model made for missing values by Vae.forMissing, %s{forObjective}"
            | Need.MissingValues when vae.Reads.Missing.IsNone ->
                Check.refuse
                    "vae"
                    "a model of whole examples"
                    $"one for missing values, by Vae.forMissing (in C#: ForMissing), %s{forObjective}"
            | Need.MissingValues
            | Need.Density
            | Need.OneLatent
            | Need.KnownLatent
            | Need.Codebook
            | Need.NamedParts
            | Need.WholeBatch -> ()

    /// Refuses, where a batch is computed in parts, an objective whose terms are no means over examples.
    let internal checkShared (whereParts: string) (objective: Objective) : unit =
        if List.contains Need.WholeBatch objective.Needs then
            Check.refuse
                "objective"
                $"'%s{objective.Name}', which looks at a batch as a whole"
                $"one whose terms are means over examples, where %s{whereParts}"

    /// How a key is split among what is drawn in a step.
    let private keys (key: Key) =
        let modeKey, drawKey = Key.split key
        modeKey, drawKey, Key.foldName "objective" key

    /// The pass of these rows of a batch, as it is in that of the whole batch.
    let internal passOf
        (rows: Rows)
        progress
        population
        key
        vae
        parameters
        (batch: Batch)
        (objective: Objective)
        : Pass =
        let modeKey, drawKey, objectiveKey = keys key

        // Parts of a batch that are computed one after another do not all draw what the first does.
        let modeKey = if rows.Start = 0 then modeKey else Key.fold rows.Start modeKey

        let setting = {
            Pass.setting vae parameters (Mode.Train modeKey) objectiveKey population with
                Progress = progress
                Rows = Some rows
        }

        Pass.drawRows rows objective.Draws drawKey setting (objective.Shows setting batch)

    /// The terms on a batch, as training takes them in a step of data of so many examples: everything random in them is a function
    /// of the key.
    let termsAt
        progress
        population
        (key: Key)
        (vae: Vae)
        (parameters: Params)
        (batch: Batch)
        (objective: Objective)
        : Term list =
        passOf (Rows.all (Batch.count batch)) progress population key vae parameters batch objective
        |> objective.Terms

    /// The terms on a batch that is all the data, with the weights of training's end.
    let terms (key: Key) (vae: Vae) (parameters: Params) (batch: Batch) (objective: Objective) : Term list =
        termsAt Progress.ended (Batch.count batch) key vae parameters batch objective

    /// The mean of each term over the batch with its weight: tensors of no dimensions.
    let internal means (progress: Progress) (terms: Term list) : (Term * float * Tensor) list =
        terms |> List.map (fun t -> t, t.Weight.Factor progress, t.Nats.Mean())

    /// The weighted sum of terms' means. What has no weight is no part of it, nor of its gradient.
    let internal weighted (means: (Term * float * Tensor) list) : Tensor =
        let part (_, weight, mean: Tensor) =
            if weight = 0.0 then None
            elif weight = 1.0 then Some mean
            else Some(weight .* mean)

        match List.choose part means with
        | [] ->
            let _, _, mean = means.Head
            0.0 .* mean
        | parts -> List.reduce (.+.) parts

    /// The loss of terms: their weighted sum of means over the batch, a tensor of no dimensions.
    let lossAt (progress: Progress) (terms: Term list) : Tensor = terms |> means progress |> weighted

    /// `lossAt` training's end.
    let loss (terms: Term list) : Tensor = lossAt Progress.ended terms
