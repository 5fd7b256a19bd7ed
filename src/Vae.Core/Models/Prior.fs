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
        let shape = Shape.ofSizes (nameof latentShape) latentShape
        let layout = Head.layout "prior" head shape
        let numbers (p: LawParameter) = Array.append layout.Places [| Head.reals layout p |]

        let parameter path (p: LawParameter) =
            match Head.source head p with
            | Source.Network -> Some(Learned.numbers $"%s{path}.%s{p.Name}" (numbers p))
            | Source.Shared -> Some(Learned.number $"%s{path}.%s{p.Name}")
            | Source.Fixed _ -> None

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

    /// A prior of one's own, which may have parameters that training moves.
    let custom name (latentShape: int64[]) (law: Learned<unit, Distribution>) : Prior =
        make (PriorSpec.Custom name) latentShape (fun _ -> law)
