namespace Vae.Core

open TorchSharp

/// What a prior is made for.
type PriorSetting = {
    /// What its parameters' paths begin with.
    Path: string
    /// The shape of what the posterior's network is given of one example.
    Evidence: int64[]
    /// The posterior of the same latent.
    Posterior: Learned<Tensor, Encoded>
}

/// p(z): the law of the latent before any data.
type Prior = {
    Spec: PriorSpec
    /// The shape of one latent.
    LatentShape: int64[]
    Wire: PriorSetting -> Learned<unit, Distribution>
    /// The law as to its kind, for a posterior as to its kind: its numbers mean nothing where they are learned.
    Example: (unit -> Encoded) -> Distribution
}

[<RequireQualifiedAccess>]
module Prior =
    let private constant path (shape: int64[]) (value: Placement -> Tensor) : Parameter = {
        Path = path
        Shape = shape
        Trained = false
        Initial = fun place _ -> value place
    }

    /// The mean of every prior here.
    let private origin path (shape: int64[]) =
        constant $"%s{path}.loc" shape (fun place -> torch.zeros (shape, dtype = place.DType, device = place.Device))

    /// The factor of a covariance, in float64. Refuses one that is not square, symmetric, and positive definite.
    let private cholesky (covariance: float[][]) =
        let k = covariance.Length
        let name = "covariance"

        if k = 0 || covariance |> Array.exists (fun row -> row.Length <> k) then
            let rows = covariance |> Array.map (fun row -> string row.Length) |> String.concat ", "
            Check.refuse name $"%d{k} rows of lengths [%s{rows}]" "a square matrix"

        let factor = Array2D.zeroCreate k k

        for i in 0 .. k - 1 do
            for j in 0..i do
                if covariance[i][j] <> covariance[j][i] then
                    let here, there = Check.number (covariance[i][j]), Check.number (covariance[j][i])
                    Check.refuse name $"%s{here} at (%d{i}, %d{j}) and %s{there} at (%d{j}, %d{i})" "a symmetric matrix"

                let mutable rest = covariance[i][j]

                for m in 0 .. j - 1 do
                    rest <- rest - factor[i, m] * factor[j, m]

                if i <> j then
                    factor[i, j] <- rest / factor[j, j]
                elif rest > 0.0 && System.Double.IsFinite rest then
                    factor[i, i] <- sqrt rest
                else
                    Check.refuse
                        name
                        $"with a squared pivot of %s{Check.number rest} at (%d{i}, %d{i})"
                        "a positive definite matrix"

        factor

    /// A prior of a learned law below a path, which is an example of itself.
    let private make spec (latentShape: int64[]) (law: string -> Learned<unit, Distribution>) : Prior = {
        Spec = spec
        LatentShape = latentShape
        Wire = fun setting -> law setting.Path
        Example = fun _ -> Learned.example (law "prior") ignore
    }

    /// N(0, I).
    let standard (dimensions: int) : Prior =
        Check.atLeast 1 (nameof dimensions) dimensions
        let shape = [| int64 dimensions |]
        let around (zero: Tensor) : Distribution = Independent.create 1 (Normal.OfLogScale(zero, zero))

        {
            make (PriorSpec.Standard dimensions) shape (fun path -> {
                Declared = [ origin path shape ]
                Apply = fun parameters _ () -> around parameters[$"%s{path}.loc"]
            }) with
                // One number stands for all of them, however many there are.
                Example = fun _ -> around ((Tensor.scalar Placement.float32 0.0).expand shape)
        }

    /// N(0, covariance), by its Cholesky factor, from the rows of a symmetric positive definite matrix.
    let gaussian (covariance: float list list) : Prior =
        let factor = covariance |> List.map List.toArray |> List.toArray |> cholesky
        let k = int64 covariance.Length

        make (PriorSpec.Gaussian covariance) [| k |] (fun path -> {
            Declared = [
                origin path [| k |]
                constant $"%s{path}.scaleTril" [| k; k |] (fun place ->
                    Tensor.ofArray place [| k; k |] (factor |> Seq.cast<float> |> Seq.toArray))
            ]
            Apply =
                fun parameters _ () ->
                    MultivariateNormal.OfParts(parameters[$"%s{path}.loc"], parameters[$"%s{path}.scaleTril"])
        })

    /// A law over latents of a shape, by its head: parameters that are no constants are learned, and begin where their links have
    /// 0. Refuses a law of matrices, a count that is not stated, and latents that the law has no values of.
    let ofHead (head: Head) (latentShape: int list) : Prior =
        Head.checkLatent "prior" head
        let shape = Shape.ofSizes (nameof latentShape) latentShape
        let layout = Head.layout "prior" head shape
        let numbers (p: LawParameter) = Array.append layout.Places [| Head.reals layout p |]

        let parameter path (p: LawParameter) =
            match Head.source head p with
            | Source.Network -> Some(Learned.numbers $"%s{path}.%s{p.Name}" (numbers p))
            | _ -> Head.learned layout path p

        {
            Spec = PriorSpec.OfLaw(head, shape)
            LatentShape = shape
            Wire =
                fun setting ->
                    let parameter = parameter setting.Path

                    {
                        Declared = head.Law.Parameters |> List.choose parameter
                        Apply =
                            fun parameters _ () ->
                                let numbers p = parameters[(parameter p).Value.Path]
                                (Head.encoded layout parameters.Placement numbers).Law
                    }
            Example =
                fun _ ->
                    let numbers = Head.exampleNumbers [||] 0.29 layout
                    (Head.encoded layout Placement.float32 numbers).Law
        }

    /// A law over latents of a shape, its parameters learned.
    let ofLaw (law: LawInfo) (latentShape: int list) : Prior = ofHead (Head.ofLaw law) latentShape

    let private vectorOf argument (dimensions: int) =
        Check.atLeast 1 argument dimensions
        [| int64 dimensions |]

    /// A learned mixture of so many independent normals, all its means, scales and weights.
    let mixture (dimensions: int) (components: int) : Prior =
        let shape = vectorOf (nameof dimensions) dimensions
        Check.atLeast 1 (nameof components) components
        let each = Array.append [| int64 components |] shape

        let law (logits: Tensor) (loc: Tensor) (logScale: Tensor) : Distribution =
            let logScale = LogScale.apply (LogScale.SoftClamp 10.0) logScale

            Independent.create 1 (Normal.OfLogScale(loc, logScale))
            |> Mixture.create (Categorical.ofLogits logits)
            :> Distribution

        {
            Spec = PriorSpec.Mixture(components, dimensions)
            LatentShape = shape
            Wire =
                fun setting ->
                    let path = setting.Path

                    {
                        Declared = [
                            Learned.numbers $"%s{path}.logits" [| int64 components |]
                            {
                                // Apart from one another, as equal components would stay equal.
                                Path = $"%s{path}.loc"
                                Shape = each
                                Trained = true
                                Initial = fun place key -> Key.normal place each key
                            }
                            Learned.numbers $"%s{path}.logScale" each
                        ]
                        Apply =
                            fun parameters _ () ->
                                law
                                    parameters[$"%s{path}.logits"]
                                    parameters[$"%s{path}.loc"]
                                    parameters[$"%s{path}.logScale"]
                    }
            Example =
                fun _ ->
                    let zero = (Tensor.scalar Placement.float32 0.1).expand each
                    law (torch.zeros [| int64 components |]) zero zero
        }

    let private vampOf (dimensions: int) (inputs: int) (initial: int64[] -> Placement -> Key -> Tensor) : Prior =
        let law (encoded: Encoded) : Distribution =
            let count = encoded.Law.BatchShape[0]
            let place = encoded.Law.Placement

            let weights =
                Categorical.ofLogits (torch.zeros ([| count |], dtype = place.DType, device = place.Device))

            Mixture.create weights encoded.Law

        {
            Spec = PriorSpec.Vamp(inputs, dimensions)
            LatentShape = vectorOf (nameof dimensions) dimensions
            Wire =
                fun setting ->
                    let shape = Array.append [| int64 inputs |] setting.Evidence
                    let path = $"%s{setting.Path}.inputs"

                    {
                        Declared = [ { Path = path; Shape = shape; Trained = true; Initial = initial shape } ]
                        Apply = fun parameters mode () -> law (setting.Posterior.Apply parameters mode parameters[path])
                    }
            Example = fun posterior -> law (posterior ())
        }

    /// The mixture of the posteriors of so many inputs that are learned, the posterior's own parameters and all (Tomczak and Welling,
    /// "VAE with a VampPrior", 2018). The inputs begin next to 0, as there; `vampFrom` begins them at data.
    let vamp (dimensions: int) (inputs: int) : Prior =
        Check.atLeast 1 (nameof inputs) inputs
        vampOf dimensions inputs (fun shape place key -> 0.05 .+ (0.01 .* Key.normal place shape key))

    /// `vamp` whose inputs begin at these, each the numbers of one example, row by row.
    let vampFrom (dimensions: int) (inputs: float32[][]) : Prior =
        Check.atLeast 1 "the number of inputs" inputs.Length

        vampOf dimensions inputs.Length (fun shape place _ ->
            let size = Shape.size shape / int64 inputs.Length

            match inputs |> Array.tryFindIndex (fun row -> int64 row.Length <> size) with
            | Some i ->
                Check.refuse
                    (nameof inputs)
                    $"row %d{i} of %d{inputs[i].Length} numbers"
                    $"%d{size}, those of one example that the posterior is given"
            | None -> Tensor.ofArray place shape (inputs |> Array.concat |> Array.map float))

    /// What a flow makes of standard normal numbers, its parameters learned. Its density is needed in every step: masked
    /// autoregressive flows and couplings are the fast ones here.
    let flow (dimensions: int) (flow: Flow) : Prior =
        let shape = vectorOf (nameof dimensions) dimensions

        let normal (place: Placement) =
            let zero = torch.zeros (shape, dtype = place.DType, device = place.Device)
            Independent.create 1 (Normal.OfLogScale(zero, zero))

        let through law transform : Distribution = Transformed.OfFlow(law, transform)

        {
            Spec = PriorSpec.Flow(flow, dimensions)
            LatentShape = shape
            Wire =
                fun setting ->
                    let steps = Flow.wire $"%s{setting.Path}.flow" shape[0] flow

                    {
                        Declared = steps.Declared
                        Apply =
                            fun parameters mode () ->
                                through (normal parameters.Placement) (steps.Apply parameters mode ())
                    }
            Example = fun _ -> through (normal Placement.float32) (Flow.example shape[0])
        }

    /// The uniform law on the unit sphere of so many dimensions, at least 2: beside it posteriors such as von Mises-Fisher's have
    /// an exact KL (Davidson et al., "Hyperspherical variational auto-encoders", 2018).
    let uniformOnSphere (dimensions: int) : Prior =
        Check.atLeast 2 (nameof dimensions) dimensions
        let law place : Distribution = SphericalUniform(dimensions, place)

        {
            Spec = PriorSpec.UniformOnSphere dimensions
            LatentShape = [| int64 dimensions |]
            Wire = fun _ -> { Declared = []; Apply = fun parameters _ () -> law parameters.Placement }
            Example = fun _ -> law Placement.float32
        }

    /// Vectors of the codebook that a quantized posterior of so many codes has, one at each place of latents of shape [d; places...], by
    /// learned probabilities of each place's codes. Nothing else learns by their terms, so that they come to how often the codes are
    /// used, as if they were fitted afterwards (van den Oord, Vinyals and Kavukcuoglu, 2017). They begin as equal ones.
    let codebook (codes: int) (latentShape: int list) : Prior =
        Check.atLeast 2 (nameof codes) codes
        let shape = Shape.ofSizes (nameof latentShape) latentShape

        if shape.Length = 0 then
            Check.refuse (nameof latentShape) "[]" "the length of a vector, and the places that have one each"

        let places = Shape.size shape[1..]
        let law codebook logits : Distribution = CodebookLaw(shape, codebook, logits)

        {
            Spec = PriorSpec.Codebook(codes, shape)
            LatentShape = shape
            Wire =
                fun setting ->
                    let path = $"%s{setting.Path}.logits"

                    let codebook =
                        match Codebook.tryFind setting.Posterior.Declared with
                        | Some p when p.Shape = [| int64 codes; shape[0] |] -> p.Path
                        | Some p ->
                            Check.refuse
                                "prior"
                                $"of %d{codes} codes of %d{shape[0]} numbers"
                                $"the posterior's %d{p.Shape[0]} of %d{p.Shape[1]}"
                        | None ->
                            Check.refuse "posterior" "without a codebook" "Posterior.quantized, beside Prior.codebook"

                    {
                        Declared = [ Learned.numbers path [| places; int64 codes |] ]
                        Apply = fun parameters _ () -> law parameters[codebook] parameters[path]
                    }
            Example = fun _ -> law (torch.eye (int64 codes, shape[0])) (torch.zeros ([| places; int64 codes |]))
        }

    /// A prior of one's own, which may have parameters that training moves.
    let custom name (latentShape: int64[]) (law: Learned<unit, Distribution>) : Prior =
        make (PriorSpec.Custom name) latentShape (fun _ -> law)
