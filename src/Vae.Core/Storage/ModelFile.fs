namespace Vae.Core

open System.Runtime.InteropServices

/// A model's description as a file that people can read: its prior, posterior and likelihood as JSON, without parameters.
[<RequireQualifiedAccess>]
module ModelFile =
    let private format = 1

    let private kind name fields = Json.Object(("kind", Json.Text name) :: fields)

    let private refuseCustom part name =
        Check.refuse part $"'%s{name}', a part of one's own" "one that a file can describe"

    let private ofLogScale policy =
        match policy with
        | LogScale.Free -> kind "free" []
        | LogScale.SoftClamp bound -> kind "softClamp" [ "bound", Json.Number bound ]

    /// A law by its name, with what is not the network's.
    let private ofHead (part: string) (head: Head) rest =
        if
            Laws.tryFind head.Law.Name
            |> Option.forall (fun known -> not (obj.ReferenceEquals(known, head.Law)))
        then
            Check.refuse part $"of '%s{head.Law.Name}', a law of one's own" "a law that a file can name"

        let named = [
            for name, source in head.Sources do
                match source with
                | Source.Fixed value -> Json.Object [ "name", Json.Text name; "value", Json.Number value ]
                | Source.Shared -> Json.Object [ "name", Json.Text name ]
                | Source.Each -> Json.Object [ "name", Json.Text name; "of", Json.Text "each place" ]
                | Source.Network -> ()
        ]

        kind (if head.IsZeroInflated then "zeroInflated" else "law") [
            "law", Json.Text head.Law.Name
            if not named.IsEmpty then
                "parameters", Json.List named
            match head.Size with
            | Some size -> "size", Json.ofInt size
            | None -> ()
            "logScale", ofLogScale head.LogScale
            yield! rest
        ]

    let private ofWidths (widths: int list) = Json.List [ for width in widths -> Json.ofInt width ]

    let private ofStep step =
        match step with
        | FlowStep.Planar -> kind "planar" []
        | FlowStep.Radial -> kind "radial" []
        | FlowStep.Householder n -> kind "householder" [ "reflections", Json.ofInt n ]
        | FlowStep.Sylvester n -> kind "sylvester" [ "directions", Json.ofInt n ]
        | FlowStep.InverseAutoregressive widths -> kind "inverseAutoregressive" [ "widths", ofWidths widths ]
        | FlowStep.MaskedAutoregressive widths -> kind "maskedAutoregressive" [ "widths", ofWidths widths ]
        | FlowStep.Coupling widths -> kind "coupling" [ "widths", ofWidths widths ]
        | FlowStep.Spline(bins, widths) -> kind "spline" [ "bins", Json.ofInt bins; "widths", ofWidths widths ]
        | FlowStep.Reverse -> kind "reverse" []

    let private ofFlow (flow: Flow) = Json.List(List.map ofStep flow.Steps)

    let private ofPrior spec =
        match spec with
        | PriorSpec.Mixture(components, dimensions) ->
            kind "mixture" [ "dimensions", Json.ofInt dimensions; "components", Json.ofInt components ]
        | PriorSpec.Vamp(inputs, dimensions) ->
            kind "vamp" [ "dimensions", Json.ofInt dimensions; "inputs", Json.ofInt inputs ]
        | PriorSpec.Flow(flow, dimensions) -> kind "flow" [ "dimensions", Json.ofInt dimensions; "flow", ofFlow flow ]
        | PriorSpec.Codebook(codes, shape) ->
            kind "codebook" [ "codes", Json.ofInt codes; "shape", Json.List [ for size in shape -> Json.ofWhole size ] ]
        | PriorSpec.UniformOnSphere dimensions -> kind "uniformOnSphere" [ "dimensions", Json.ofInt dimensions ]
        | PriorSpec.Standard dimensions -> kind "standard" [ "dimensions", Json.ofInt dimensions ]
        | PriorSpec.Gaussian rows ->
            let row values = Json.List [ for value in values -> Json.Number value ]
            kind "gaussian" [ "covariance", Json.List(List.map row rows) ]
        | PriorSpec.OfLaw(head, shape) ->
            ofHead "prior" head [ "shape", Json.List [ for size in shape -> Json.ofWhole size ] ]
        | PriorSpec.Custom name -> refuseCustom "prior" name

    let rec private ofPosterior spec =
        match spec with
        | PosteriorSpec.Flow(flow, posterior) -> kind "flow" [ "flow", ofFlow flow; "of", ofPosterior posterior ]
        | PosteriorSpec.DiagonalNormal(logScale, encoder) ->
            kind "diagonalNormal" [ "logScale", ofLogScale logScale; "encoder", NetJson.ofNet encoder ]
        | PosteriorSpec.OfLaw(head, encoder) -> ofHead "posterior" head [ "encoder", NetJson.ofNet encoder ]
        | PosteriorSpec.Quantized(codes, encoder) ->
            kind "quantized" [ "codes", Json.ofInt codes; "encoder", NetJson.ofNet encoder ]
        | PosteriorSpec.Experts(pooling, logScale, parts) ->
            let part (name, numbers, encoder) =
                Json.Object [ "name", Json.Text name; "numbers", Json.ofInt numbers; "encoder", NetJson.ofNet encoder ]

            let kindOf =
                match pooling with
                | Pooling.Product -> "productOfExperts"
                | Pooling.Mixture -> "mixtureOfExperts"

            kind kindOf [ "logScale", ofLogScale logScale; "parts", Json.List(List.map part parts) ]
        | PosteriorSpec.Custom name -> refuseCustom "posterior" name

    let private ofNames (names: string list) = Json.List [ for name in names -> Json.Text name ]

    let private ofShape (shape: int64[]) = Json.List [ for size in shape -> Json.ofWhole size ]

    let private ofGiven given =
        match given with
        | Given.Label classes -> kind "label" [ "classes", Json.ofInt classes ]
        | Given.Factors names -> kind "factors" [ "names", ofNames names ]

    let private ofSite (site: Site) =
        Json.Object [
            "name", Json.Text site.Name
            match site.Prior with
            | SitePrior.Marginal prior -> "prior", ofPrior prior.Spec
            | SitePrior.Below(above, law) ->
                "shape", ofShape site.Shape
                "below", ofNames above
                "prior", ofPosterior law.Spec
            if not site.SeesData || not site.Sees.IsEmpty then
                "sees", ofNames ((if site.SeesData then [ "data" ] else []) @ site.Sees)
            match site.Known with
            | Some from -> "known", ofGiven from
            | None -> ()
            "posterior", ofPosterior site.Posterior.Spec
        ]

    let private ofLikelihood spec =
        match spec with
        | LikelihoodSpec.Bernoulli decoder -> kind "bernoulli" [ "decoder", NetJson.ofNet decoder ]
        | LikelihoodSpec.BernoulliCrossEntropy decoder ->
            kind "bernoulliCrossEntropy" [ "decoder", NetJson.ofNet decoder ]
        | LikelihoodSpec.Gaussian(scale, decoder) ->
            kind "gaussian" [ "scale", Json.Number scale; "decoder", NetJson.ofNet decoder ]
        | LikelihoodSpec.OfLaw(head, decoder) -> ofHead "likelihood" head [ "decoder", NetJson.ofNet decoder ]
        | LikelihoodSpec.Product(parts, decoder) ->
            let part (name: string, numbers: int, head: Head) =
                Json.Object [
                    "name", Json.Text name
                    "numbers", Json.ofInt numbers
                    "law", ofHead "likelihood" head []
                ]

            kind "product" [ "parts", Json.List(List.map part parts); "decoder", NetJson.ofNet decoder ]
        | LikelihoodSpec.DiscretizedLogisticMixture(components, decoder) ->
            kind "discretizedLogisticMixture" [ "components", Json.ofInt components; "decoder", NetJson.ofNet decoder ]
        | LikelihoodSpec.Custom name -> refuseCustom "likelihood" name

    /// Writes the description of a model, and replaces a file of the same name in one step. Parts and layers of one's own are
    /// refused by their names, before anything is written.
    let write (path: string) (vae: Vae) : unit =
        let json =
            Json.Object [
                "format", Json.ofInt format
                match vae.Given with
                | Some given -> "given", ofGiven given
                | None -> ()
                if vae.Parts.IsIncomplete then
                    "missing", Json.Text "allowed"
                match vae.Parts.Sites with
                | [ { Prior = SitePrior.Marginal prior; Posterior = posterior; Known = None } ] ->
                    "prior", ofPrior prior.Spec
                    "posterior", ofPosterior posterior.Spec
                | sites ->
                    "latents", Json.List(List.map ofSite sites)

                    if not vae.Parts.Decoded.IsEmpty then
                        "decoded", ofNames vae.Parts.Decoded
                "likelihood", ofLikelihood vae.Parts.Likelihood.Spec
            ]

        StoredFile.writeText path (Json.printIndented json)

    /// An object by its kind: each reader takes the object, once it is known to have no fields but those named.
    let private byKind (readers: (string * string list * (JsonAt -> 'a)) list) at : 'a =
        let kind = JsonAt.field "kind" at

        match readers |> List.tryFind (fun (name, _, _) -> name = JsonAt.text kind) with
        | Some(_, fields, read) ->
            JsonAt.only ("kind" :: fields) at
            JsonAt.build at "values that the model's part takes" (fun () -> read at)
        | None ->
            let known = readers |> List.map (fun (name, _, _) -> name) |> String.concat " or "
            JsonAt.refuse kind $"'%s{JsonAt.text kind}'" known

    let private toLogScale =
        byKind [
            "free", [], (fun _ -> LogScale.Free)
            "softClamp", [ "bound" ], JsonAt.field "bound" >> JsonAt.number >> LogScale.SoftClamp
        ]

    let private headFields = [ "law"; "parameters"; "size"; "logScale" ]

    let private toHead at : Head =
        let name = JsonAt.field "law" at

        let law =
            match Laws.tryFind (JsonAt.text name) with
            | Some law -> law
            | None -> JsonAt.refuse name $"'%s{JsonAt.text name}'" "the name of a law, as `vae laws` lists them"

        let source (head: Head) item =
            JsonAt.only [ "name"; "value"; "of" ] item
            let parameter = JsonAt.field "name" item |> JsonAt.text

            match JsonAt.tryField "value" item, JsonAt.tryField "of" item with
            | Some value, None -> Head.fix parameter (JsonAt.number value) head
            | None, None -> Head.share parameter head
            | None, Some place when JsonAt.text place = "each place" -> Head.each parameter head
            | _, Some place -> JsonAt.refuse place (JsonAt.text place) "'each place', of a parameter without a value"

        let sized (head: Head) =
            match JsonAt.tryField "size" at with
            | Some size -> Head.size (JsonAt.size 1 size) head
            | None -> head

        JsonAt.tryField "parameters" at
        |> Option.map JsonAt.items
        |> Option.defaultValue []
        |> List.fold source (Head.ofLaw law)
        |> sized
        |> Head.logScale (JsonAt.field "logScale" at |> toLogScale)

    let private toFlow at : Flow =
        let widths at = JsonAt.field "widths" at |> JsonAt.items |> List.map (JsonAt.size 1)
        let size name at = JsonAt.field name at |> JsonAt.size 1

        let step =
            byKind [
                "planar", [], (fun _ -> FlowStep.Planar)
                "radial", [], (fun _ -> FlowStep.Radial)
                "householder", [ "reflections" ], size "reflections" >> FlowStep.Householder
                "sylvester", [ "directions" ], size "directions" >> FlowStep.Sylvester
                "inverseAutoregressive", [ "widths" ], widths >> FlowStep.InverseAutoregressive
                "maskedAutoregressive", [ "widths" ], widths >> FlowStep.MaskedAutoregressive
                "coupling", [ "widths" ], widths >> FlowStep.Coupling
                "spline", [ "bins"; "widths" ], (fun at -> FlowStep.Spline(max 2 (size "bins" at), widths at))
                "reverse", [], (fun _ -> FlowStep.Reverse)
            ]

        { Steps = JsonAt.items at |> List.map step }

    let private toPrior =
        let dimensions at = JsonAt.field "dimensions" at |> JsonAt.size 1

        let shape at = JsonAt.field "shape" at |> JsonAt.items |> List.map (JsonAt.size 1)

        let rows at = [
            for row in JsonAt.items (JsonAt.field "covariance" at) -> List.map JsonAt.number (JsonAt.items row)
        ]

        byKind [
            "standard", [ "dimensions" ], dimensions >> Prior.standard
            "gaussian", [ "covariance" ], rows >> Prior.gaussian
            "law", "shape" :: headFields, (fun at -> Prior.ofHead (toHead at) (shape at))
            "mixture",
            [ "dimensions"; "components" ],
            (fun at -> Prior.mixture (dimensions at) (JsonAt.field "components" at |> JsonAt.size 1))
            "vamp",
            [ "dimensions"; "inputs" ],
            (fun at -> Prior.vamp (dimensions at) (JsonAt.field "inputs" at |> JsonAt.size 1))
            "flow", [ "dimensions"; "flow" ], (fun at -> Prior.flow (dimensions at) (JsonAt.field "flow" at |> toFlow))
            "codebook",
            [ "codes"; "shape" ],
            (fun at -> Prior.codebook (JsonAt.field "codes" at |> JsonAt.size 2) (shape at))
            "uniformOnSphere", [ "dimensions" ], dimensions >> Prior.uniformOnSphere
        ]

    let private experts (make: LogScale -> Expert list -> Posterior) at : Posterior =
        let part at : Expert =
            JsonAt.only [ "name"; "numbers"; "encoder" ] at

            {
                Name = JsonAt.field "name" at |> JsonAt.text
                Numbers = JsonAt.field "numbers" at |> JsonAt.size 1
                Encoder = JsonAt.field "encoder" at |> NetJson.toNet
            }

        let logScale = JsonAt.field "logScale" at |> toLogScale
        JsonAt.field "parts" at |> JsonAt.items |> List.map part |> make logScale

    let rec private toPosterior at : Posterior =
        at
        |> byKind [
            "diagonalNormal",
            [ "logScale"; "encoder" ],
            (fun at ->
                let policy = JsonAt.field "logScale" at |> toLogScale
                JsonAt.field "encoder" at |> NetJson.toNet |> Posterior.diagonalNormalBy policy)
            "law",
            "encoder" :: headFields,
            (fun at -> JsonAt.field "encoder" at |> NetJson.toNet |> Posterior.ofHead (toHead at))
            "quantized",
            [ "codes"; "encoder" ],
            (fun at ->
                JsonAt.field "encoder" at
                |> NetJson.toNet
                |> Posterior.quantized (JsonAt.field "codes" at |> JsonAt.size 2))
            "productOfExperts", [ "logScale"; "parts" ], experts Experts.productBy
            "mixtureOfExperts", [ "logScale"; "parts" ], experts Experts.mixtureBy
            "flow",
            [ "flow"; "of" ],
            (fun at -> Posterior.flow (JsonAt.field "flow" at |> toFlow) (JsonAt.field "of" at |> toPosterior))
        ]

    let private toLikelihood =
        let decoder at = JsonAt.field "decoder" at |> NetJson.toNet
        let scale at = JsonAt.field "scale" at |> JsonAt.number

        let part at =
            JsonAt.only [ "name"; "numbers"; "law" ] at

            let head =
                JsonAt.field "law" at
                |> byKind [ "law", headFields, toHead; "zeroInflated", headFields, toHead >> Head.zeroInflated ]

            JsonAt.field "name" at |> JsonAt.text, JsonAt.field "numbers" at |> JsonAt.size 1, head

        let parts at = JsonAt.field "parts" at |> JsonAt.items |> List.map part

        byKind [
            "bernoulli", [ "decoder" ], decoder >> Likelihood.bernoulli
            "bernoulliCrossEntropy", [ "decoder" ], decoder >> Likelihood.bernoulliCrossEntropy
            "gaussian", [ "scale"; "decoder" ], (fun at -> Likelihood.gaussian (scale at) (decoder at))
            "law", "decoder" :: headFields, (fun at -> Likelihood.ofHead (toHead at) (decoder at))
            "product", [ "parts"; "decoder" ], (fun at -> Likelihood.product (parts at) (decoder at))
            "discretizedLogisticMixture",
            [ "components"; "decoder" ],
            (fun at ->
                let components = JsonAt.field "components" at |> JsonAt.size 1
                Likelihood.discretizedLogisticMixture components (decoder at))
            "zeroInflated", "decoder" :: headFields, (fun at -> Likelihood.zeroInflated (toHead at) (decoder at))
        ]

    let private names at = JsonAt.items at |> List.map JsonAt.text

    let private toGiven =
        byKind [
            "label", [ "classes" ], JsonAt.field "classes" >> JsonAt.size 2 >> Given.label
            "factors", [ "names" ], JsonAt.field "names" >> names >> Given.factors
        ]

    let private toSite at : Site =
        JsonAt.only [ "name"; "prior"; "shape"; "below"; "sees"; "known"; "posterior" ] at
        let name = JsonAt.field "name" at |> JsonAt.text
        let posterior = JsonAt.field "posterior" at |> toPosterior
        let prior = JsonAt.field "prior" at

        let site =
            JsonAt.build at "values that a latent takes" (fun () ->
                match JsonAt.tryField "below" at with
                | Some above ->
                    let shape = JsonAt.field "shape" at |> JsonAt.items |> List.map (JsonAt.size 1)
                    Site.below (names above) name shape (toPosterior prior) posterior
                | None -> Site.create name (toPrior prior) posterior)

        let seeing =
            match JsonAt.tryField "sees" at |> Option.map names with
            | None -> site
            | Some("data" :: sees) -> Site.seeing sees site
            | Some sees -> Site.seeingOnly sees site

        match JsonAt.tryField "known" at |> Option.map toGiven with
        | None -> seeing
        | Some from -> JsonAt.build at "what has the latent's shape" (fun () -> Site.known from seeing)

    /// Refuses a parameter of more numbers than one can have, before any of them is made.
    let private refuseHuge root (declared: Parameter list) =
        for p in declared do
            if Shape.isHuge p.Shape then
                JsonAt.refuse
                    root
                    $"parameter '%s{p.Path}' of shape %s{Check.shape p.Shape}"
                    $"at most %d{System.Int32.MaxValue} numbers"

    /// The model that a file describes. Raises StorageException, naming the JSON path, for a version or a kind that is not
    /// known, a field that is missing, one too many or out of range, and parts that do not fit one another.
    let read (path: string) : Vae =
        let root = StoredFile.readBytes path |> JsonAt.parse path "$"

        let version = JsonAt.field "format" root

        if JsonAt.whole 0L version <> int64 format then
            JsonAt.refuse version $"%d{JsonAt.whole 0L version}" $"%d{format}, the version that this library reads"

        let given = JsonAt.tryField "given" root |> Option.map toGiven
        let latents = JsonAt.tryField "latents" root

        if latents.IsSome then
            JsonAt.only [ "format"; "given"; "missing"; "latents"; "decoded"; "likelihood" ] root
        else
            JsonAt.only [ "format"; "given"; "missing"; "prior"; "posterior"; "likelihood" ] root

        let isIncomplete =
            match JsonAt.tryField "missing" root with
            | None -> false
            | Some at when JsonAt.text at = "allowed" -> true
            | Some at -> JsonAt.refuse at $"'%s{JsonAt.text at}'" "'allowed', of a model of data with missing values"

        let sites =
            match latents with
            | Some latents -> JsonAt.items latents |> List.map toSite
            | None ->
                let prior = JsonAt.field "prior" root |> toPrior
                [ JsonAt.field "posterior" root |> toPosterior |> Site.create "z" prior ]

        let decoded = JsonAt.tryField "decoded" root |> Option.map names |> Option.defaultValue []

        let likelihood = JsonAt.field "likelihood" root |> toLikelihood
        let expected = "parts that make a model"

        let make () =
            Vae.ofParts (refuseHuge root) given {
                Sites = sites
                Likelihood = likelihood
                Decoded = decoded
                IsIncomplete = isIncomplete
            }

        try
            JsonAt.build root expected make
        with :? ExternalException as error ->
            JsonAt.refuse root $"layers that torch refuses: %s{error.Message}" expected
