namespace Vae.Core

open TorchSharp

/// Which divergence from the prior an objective charges: decided once a site, when the model is made.
[<RequireQualifiedAccess>]
type KlCharge =
    /// The closed form that `Kl.rules` has for the model's laws.
    | Exact
    /// log q(z|x) - log p(z) on the pass's own draws.
    | Sampled

    override this.ToString() =
        match this with
        | Exact -> "exact"
        | Sampled -> "sampled: log q(z|x) - log p(z) on the draws"

/// What a part of a model computes from.
type Sight = {
    /// The data, where the part is of some.
    X: Tensor option
    /// Which values of it are there, booleans of its shape; None where all are.
    Observed: Tensor option
    /// What a conditional model is given.
    Given: Tensor option
    /// Draws of sites by their names.
    Draws: (string * Tensor) list
}

[<RequireQualifiedAccess>]
module Sight =
    /// A batch and draws of sites.
    let ofBatch (draws: (string * Tensor) list) (batch: Batch) : Sight = {
        X = Some batch.X
        Observed = batch.Observed
        Given = batch.Given
        Draws = draws
    }

    /// Draws of sites and what a conditional model is given, without data.
    let ofDraws (given: Tensor option) (draws: (string * Tensor) list) : Sight = {
        X = None
        Observed = None
        Given = given
        Draws = draws
    }

/// A site that was wired to what its networks are given.
type WiredSite = {
    Name: string
    Shape: int64[]
    Prior: Learned<Sight, Distribution>
    Posterior: Learned<Sight, Encoded>
    Kl: KlCharge
    /// How gradients reach the posterior through its draws.
    Gradient: Gradient
    /// Whether posterior and prior are products of laws of numbers, with a closed KL of each.
    IsPerDimension: bool
    /// Whether the posterior's mean and variance are known.
    HasMoments: bool
    /// How many values it has, where each is a vector with one 1, so that an objective can sum over them.
    Categories: int option
}

/// A variational autoencoder: latents, each with a prior and a posterior, and a likelihood of the data that fit one another.
type Vae = {
    DataShape: int64[]
    /// What it is conditional on.
    Given: Given option
    /// In the order that they are drawn in when data is encoded.
    Sites: WiredSite list
    Decoder: Learned<Sight, Observation>
    /// The set that data lies in for the likelihood's score to be meant, as far as it is the same whatever the latent and the
    /// parameters are.
    Observed: Support option
    /// Of a model of data with missing values, what stands in their place in one example.
    Filler: float[] option
    /// The parts it was made of.
    Parts: Parts
} with

    /// The only site of a model that has one. Refuses a model of several.
    member this.Site: WiredSite =
        match this.Sites with
        | [ site ] -> site
        | sites ->
            let names = sites |> List.map _.Name |> String.concat ", "
            Check.refuse "vae" $"a model of the latents %s{names}" "a model of one latent, or the name of one of them"

    /// The shape of one latent. Refuses a model of several.
    member this.LatentShape = this.Site.Shape

    /// Of the only site, the prior.
    member this.Prior: Learned<unit, Distribution> =
        this.Site.Prior |> Learned.before (fun () -> Sight.ofDraws None [])

    /// Of the only site, the posterior of a batch [batch, data...].
    member this.Posterior: Learned<Tensor, Encoded> =
        this.Site.Posterior |> Learned.before (Batch.ofX >> Sight.ofBatch [])

    /// What the decoder makes of latents of the only site, [..., latent...].
    member this.Likelihood: Learned<Tensor, Observation> =
        let name = this.Site.Name
        this.Decoder |> Learned.before (fun z -> Sight.ofDraws None [ name, z ])

    /// How gradients reach the only site's posterior through its draws.
    member this.Gradient = this.Site.Gradient

    /// Whether every site's KL is exact.
    member this.Kl =
        if this.Sites |> List.forall (fun site -> site.Kl = KlCharge.Exact) then
            KlCharge.Exact
        else
            KlCharge.Sampled

    /// What it reads of a data set beside its values.
    member internal this.Reads: Reads = {
        Given = this.Given
        Known = this.Parts.Sites |> List.choose (fun site -> site.Known |> Option.map (fun from -> site.Name, from))
        Missing =
            match this.Filler, this.Observed with
            | Some filler, Some support -> Some { Support = support; Filler = filler }
            | _ -> None
    }

and Parts = {
    Sites: Site list
    Likelihood: Likelihood
    /// The sites that the decoder is given; all of them where none are named.
    Decoded: string list
    /// Whether values of the data may be missing.
    IsIncomplete: bool
}

[<RequireQualifiedAccess>]
module Vae =
    /// Everything the model declares, each path once.
    let declared (vae: Vae) =
        List.concat [
            for site in vae.Sites do
                site.Prior.Declared
                site.Posterior.Declared
            vae.Decoder.Declared
        ]
        |> Params.Distinct

    /// The first parameters of a model, a function of the key.
    let initial place key (vae: Vae) =
        let parameters = Params.Initial(place, key, declared vae)
        // Whoever makes a model may leave it to another thread.
        Team.release ()
        parameters

    /// What a support is for every law of its kind: bounds that are a law's own bound nothing.
    let rec private ofAnyLaw (support: Support) : Support option =
        let low, high = Support.ends Support.reals

        let fixedOr any bound =
            match bound with
            | Bound.At _ -> bound
            | Bound.PerLaw _ -> any

        match support with
        | Support.Open(a, b) -> Some(Support.Open(fixedOr low a, fixedOr high b))
        | Support.Closed(a, b) -> Some(Support.Closed(fixedOr low a, fixedOr high b))
        | Support.Integers(a, b) -> Some(Support.Integers(fixedOr low a, fixedOr high b))
        | Support.Point _
        | Support.Counts(Bound.PerLaw _)
        | Support.Ball(Bound.PerLaw _) -> None
        | Support.Parts parts ->
            let known = parts |> List.choose (fun (shape, part) -> ofAnyLaw part |> Option.map (fun s -> shape, s))
            if known.Length = parts.Length then Some(Support.Parts known) else None
        | other -> Some other

    /// What a model has for its networks, to be given those that want it.
    type private Offered = {
        Data: int64[]
        /// Whether values of the data may be missing.
        IsIncomplete: bool
        Given: Given option
        Sites: Site list
    }

    /// What a network wants beside what the model is conditional on.
    type private Wanted = {
        SeesData: bool
        /// Sites whose draws it is given.
        Sees: string list
        /// Whether it begins by making a vector of it.
        IsFlat: bool
    }

    /// Whether a network begins by making a vector of what it is given.
    let private isFlat (posterior: Posterior) =
        match posterior.Spec.Encoder |> Option.map _.Layers with
        | Some(Layer.Flatten :: _) -> true
        | _ -> false

    let private present what (value: Tensor option) : Tensor =
        match value with
        | Some value -> value
        | None -> Check.refuse "batch" $"without %s{what}" $"one with %s{what}, by Batch.conditional"

    let private drawOf name (sight: Sight) : Tensor = sight.Draws |> List.find (fun (known, _) -> known = name) |> snd

    /// The data with 0 in place of what is missing, and beside it a 1 for each value that is there and a 0 for each that is not.
    let private incomplete dataShape : (int64[] * (Sight -> Tensor)) list =
        let there (sight: Sight) (x: Tensor) =
            match sight.Observed with
            | Some there -> there.to_type x.dtype
            | None -> torch.ones_like x

        [
            dataShape,
            (fun sight ->
                let x = present "data" sight.X
                x * there sight x)
            dataShape, (fun sight -> there sight (present "data" sight.X))
        ]

    /// What a network is given: the data where it sees it, draws of sites, and what the model is conditional on.
    let private inputs argument (offered: Offered) (wanted: Wanted) : Evidence * (Sight -> Tensor) =
        let isIncomplete = wanted.SeesData && offered.IsIncomplete

        let site name =
            match offered.Sites |> List.tryFind (fun (site: Site) -> site.Name = name) with
            | Some site -> site
            | None ->
                let known = offered.Sites |> List.map _.Name |> String.concat ", "
                Check.refuse argument $"of a latent '%s{name}'" $"one of %s{known}"

        let parts = [
            if isIncomplete then
                yield! incomplete offered.Data
            elif wanted.SeesData then
                offered.Data, (fun (sight: Sight) -> present "data" sight.X)
            for name in wanted.Sees do
                (site name).Shape, drawOf name
            match offered.Given with
            | Some given ->
                Given.shape given, (fun (sight: Sight) -> present "what the model is conditional on" sight.Given)
            | None -> ()
        ]

        let shapes = List.map fst parts

        {
            Shape = Join.shape argument wanted.IsFlat shapes
            Data = if wanted.SeesData then Some offered.Data else None
            IsIncomplete = isIncomplete
        },
        (fun sight -> parts |> List.map (fun (_, read) -> read sight) |> Join.apply wanted.IsFlat shapes)

    let private notOrdered (site: Site) found =
        Check.refuse
            $"site %s{site.Name}"
            $"with %s{found}"
            "sites in the order that they are drawn in when data is encoded, and priors that do not go in a circle"

    /// Refuses names that are there twice, posteriors of draws that come later, and priors that go in a circle.
    let private checkOrder (sites: Site list) =
        let names = sites |> List.map _.Name

        if (List.distinct names).Length <> names.Length then
            Check.refuse "sites" (String.concat ", " names) "names that differ"

        sites
        |> List.iteri (fun i site ->
            for seen in site.Sees do
                if not (List.contains seen (List.truncate i names)) then
                    notOrdered site $"a posterior of the latent '%s{seen}'")

        let below (site: Site) =
            match site.Prior with
            | SitePrior.Marginal _ -> []
            | SitePrior.Below(above, _) -> above

        let rec settle (known: string list) (rest: Site list) =
            let isReady site = below site |> List.forall (fun name -> List.contains name known)

            match List.partition isReady rest with
            | [], [] -> ()
            | [], (stuck: Site) :: _ -> notOrdered stuck $"""a prior below %s{below stuck |> String.concat ", "}"""
            | ready, rest -> settle (known @ [ for site in ready -> site.Name ]) rest

        settle [] sites

    /// What a site's laws allow, the kind of KL and gradients through draws, looked up on one example, for which the library's
    /// encoders make no numbers: a model's size is a matter of its shapes. Refuses laws that do not fit one another.
    let private looked
        (isDrawnBefore: bool)
        (shape: int64[])
        (posterior: unit -> Encoded)
        (prior: unit -> Distribution)
        =
        let encoded = posterior ()
        let q, p = encoded.Law, prior ()

        if p.EventShape <> shape then
            Check.refuse "prior" $"%O{p}" $"an event of the latent's shape %s{Check.shape shape}"

        if q.EventShape <> p.EventShape then
            Check.refuse "posterior" $"%O{q}" $"an event of the prior's shape %s{Check.shape p.EventShape}"

        if not (Support.within q.Support p.Support) then
            Check.refuse
                "posterior"
                $"on %O{q.Support}"
                $"a law within the prior's support, %O{p.Support}: outside it their KL is infinite"

        let charge =
            if isDrawnBefore && (Kl.tryExact q p).IsSome then
                KlCharge.Exact
            else
                KlCharge.Sampled

        let hasMoments =
            try
                q.Mean |> ignore
                q.Variance |> ignore
                true
            with :? System.NotSupportedException ->
                false

        let categories =
            match q.Support with
            | Support.OneHot when shape.Length = 1 -> Some(int shape[0])
            | _ -> None

        {|
            Kl = charge
            Gradient = encoded.Gradient
            IsPerDimension = (Kl.tryPerDimension q p).IsSome
            HasMoments = hasMoments
            Categories = categories
        |}

    // Not those of any prior, as some divergences are known of equal laws alone.
    let private firstOfPosterior, private firstOfPrior = 0.17, 0.41

    let private wire see (offered: Offered) i (site: Site) : WiredSite =
        let isOnly = offered.Sites.Length = 1
        let path part = if isOnly then part else $"%s{site.Name}.%s{part}"
        let inputs = inputs $"site %s{site.Name}" offered

        let evidence, look =
            inputs { SeesData = site.SeesData; Sees = site.Sees; IsFlat = isFlat site.Posterior }

        let posterior = site.Posterior.Wire (path "posterior") evidence site.Shape
        see posterior.Declared
        let encodedExample () = site.Posterior.Example firstOfPosterior evidence.Shape site.Shape

        let prior, priorExample, isDrawnBefore =
            match site.Prior with
            | SitePrior.Marginal prior ->
                let law = prior.Wire { Path = path "prior"; Evidence = evidence.Shape; Posterior = posterior }

                Learned.before ignore law, (fun () -> prior.Example encodedExample), true
            | SitePrior.Below(above, law) ->
                let given, look = inputs { SeesData = false; Sees = above; IsFlat = isFlat law }
                let before = offered.Sites |> List.truncate i |> List.map _.Name
                let wired = law.Wire (path "prior") given site.Shape
                see wired.Declared

                wired |> Learned.before look |> Learned.map _.Law,
                (fun () -> (law.Example firstOfPrior given.Shape site.Shape).Law),
                above |> List.forall (fun name -> List.contains name before)

        let looked = looked isDrawnBefore site.Shape encodedExample priorExample

        {
            Name = site.Name
            Shape = site.Shape
            Prior = prior
            Posterior = Learned.before look posterior
            Kl = looked.Kl
            Gradient = looked.Gradient
            // Of a latent that is known of some examples, the posterior is not what it is drawn from there.
            IsPerDimension = looked.IsPerDimension && site.Known.IsNone
            HasMoments = looked.HasMoments && site.Known.IsNone
            Categories = looked.Categories
        }

    /// What stands in place of missing values: of the support, so that a score that is left out is a number.
    let private fillerOf (dataShape: int64[]) (spec: LikelihoodSpec) (support: Support option) =
        match support with
        | None ->
            Check.refuse
                "likelihood"
                $"'%O{spec}', whose values differ from law to law"
                "one whose values are known beforehand, for data with missing values"
        | Some support ->
            let eventShape = snd (Shape.splitLast (Support.rank support) dataShape)

            Support.anchor Placement.float32 eventShape support
            |> fun point -> Tensor.toArray (point.expand dataShape)

    /// The model of parts; what they declare is shown to a function before any example is made.
    let internal ofParts (see: Parameter list -> unit) (given: Given option) (parts: Parts) : Vae =
        let sites, decoded, likelihood = parts.Sites, parts.Decoded, parts.Likelihood
        Native.load ()
        use _ = torch.NewDisposeScope()
        use _ = torch.no_grad ()

        if sites.IsEmpty then
            Check.refuse (nameof sites) "none" "at least one latent"

        checkOrder sites
        let seen = if decoded.IsEmpty then sites |> List.map _.Name else decoded
        let noData = { Data = [||]; IsIncomplete = false; Given = given; Sites = sites }
        let drawn, sees = inputs "likelihood" noData { SeesData = false; Sees = seen; IsFlat = false }
        let latent = drawn.Shape
        let dataShape = likelihood.DataShape latent
        let decoder = likelihood.Wire latent
        see decoder.Declared
        let offered = { noData with Data = dataShape; IsIncomplete = parts.IsIncomplete }
        let wired = sites |> List.mapi (wire see offered)

        let draw () =
            match sites with
            | [ { Prior = SitePrior.Marginal prior; Posterior = posterior; Shape = shape } ] when given.IsNone ->
                let p = prior.Example(fun () -> posterior.Example firstOfPosterior dataShape shape)
                p.Sample(Key.ofSeed 0, [| 1L |]).to_type torch.ScalarType.Float32
            | _ -> torch.zeros (Array.append [| 1L |] latent, dtype = torch.ScalarType.Float32)

        let observed = ofAnyLaw (likelihood.Example latent draw).Support

        let filler =
            if parts.IsIncomplete then
                Some(fillerOf dataShape likelihood.Spec observed)
            else
                None
        // Parts of one's own may have computed: whoever makes a model may leave it to another thread.
        Team.release ()

        {
            DataShape = dataShape
            Given = given
            Sites = wired
            Decoder = Learned.before sees decoder
            Observed = observed
            Filler = filler
            Parts = parts
        }

    let private make given sites decoded likelihood =
        ofParts ignore given {
            Sites = sites
            Likelihood = likelihood
            Decoded = decoded
            IsIncomplete = false
        }

    /// The model of a prior, a posterior and a likelihood. The prior says the shape of the latent, the likelihood's decoder
    /// that of the data. Refuses parts whose shapes or supports do not fit.
    let create (prior: Prior) (posterior: Posterior) (likelihood: Likelihood) : Vae =
        make None [ Site.create "z" prior posterior ] [] likelihood

    /// The same of examples that something is known of: the networks of the posterior and of the likelihood are given it beside
    /// the data and the latent, as more numbers of a vector or, where a network takes images as such and does not flatten them first,
    /// as more channels (Sohn, Lee and Yan, 2015, with a prior that does not depend on it).
    let conditional (given: Given) (prior: Prior) (posterior: Posterior) (likelihood: Likelihood) : Vae =
        make (Some given) [ Site.create "z" prior posterior ] [] likelihood

    /// The model of several latents, in the order that they are drawn in when data is encoded. The decoder is given the draws of
    /// those named, or of all where none are. A site's KL is exact where a rule knows its laws and its prior depends on no draw
    /// after it; else it is sampled.
    let hierarchy (sites: Site list) (decoded: string list) (likelihood: Likelihood) : Vae =
        make None sites decoded likelihood

    /// `hierarchy` of examples that something is known of, which all its networks are given, those of priors below others too.
    let conditionalHierarchy (given: Given) (sites: Site list) (decoded: string list) (likelihood: Likelihood) : Vae =
        make (Some given) sites decoded likelihood

    /// The same model, for data of which values are missing at random: networks that are given data are given it with 0 in their place,
    /// and beside it a 1 for each value that is there and a 0 for each that is not; the score leaves the missing out. What bounds
    /// log p of an example then bounds log p of its values that are there: the importance-weighted bound is that of MIWAE (Mattei
    /// and Frellsen, "MIWAE: deep generative modelling and imputation of incomplete data sets", 2019, equation 3). Refuses a
    /// likelihood whose values are not known beforehand.
    let forMissing (vae: Vae) : Vae = ofParts ignore vae.Given { vae.Parts with IsIncomplete = true }

    /// The same model, its KL charged as log q(z|x) - log p(z) on the draws, whether or not a closed form is known.
    let sampled (vae: Vae) : Vae = {
        vae with
            Sites = vae.Sites |> List.map (fun site -> { site with Kl = KlCharge.Sampled })
    }

    let private describeSite isOnly (site: Site) (wired: WiredSite) =
        let name part = if isOnly then part else $"%s{site.Name} %s{part}"
        let line part value = $"%-11s{name part} %s{value}"

        [
            match site.Prior with
            | SitePrior.Marginal prior -> line "prior" $"%O{prior.Spec}"
            | SitePrior.Below(above, law) -> line "prior" $"""below %s{String.concat ", " above}: %O{law.Spec}"""
            match site.Sees, site.SeesData with
            | [], _ -> line "posterior" $"%O{site.Posterior.Spec}"
            | sees, seesData ->
                let seen = (if seesData then [ "data" ] else []) @ sees |> String.concat ", "
                line "posterior" $"of %s{seen}: %O{site.Posterior.Spec}"
            match site.Known with
            | Some from -> line "known" $"from %O{from}, where it is"
            | None -> ()
            if not isOnly then
                line "KL" $"%O{wired.Kl}"
        ]

    /// The model in words: its parts, its KL, its shapes, and how many numbers training moves.
    let describe (vae: Vae) =
        let trained = declared vae |> List.filter _.Trained |> List.sumBy (fun p -> Shape.size p.Shape)
        let isOnly = vae.Sites.Length = 1

        let latent =
            vae.Sites
            |> List.map (fun site ->
                if isOnly then
                    Check.shape site.Shape
                else
                    $"%s{site.Name} %s{Check.shape site.Shape}")
            |> String.concat ", "

        String.concat "\n" [
            yield! List.map2 (describeSite isOnly) vae.Parts.Sites vae.Sites |> List.concat
            $"likelihood  %O{vae.Parts.Likelihood.Spec}"
            if not vae.Parts.Decoded.IsEmpty then
                $"""of          %s{String.concat ", " vae.Parts.Decoded}"""
            match vae.Given with
            | Some given -> $"given       %O{given}"
            | None -> ()
            if vae.Parts.IsIncomplete then
                "missing     left out of the score; networks are told what is there"
            if isOnly then
                $"KL          %O{vae.Kl}"
            $"data        %s{Check.shape vae.DataShape}, latent %s{latent}, %d{trained} trained numbers"
        ]
