namespace Vae.Core

/// The laws and nets of the models' parts as data, so that a saved model can be made again from its description.
/// A part of one's own is `Custom`, by name: it trains and evaluates, and saving its model refuses it by that name.
[<RequireQualifiedAccess; NoEquality; NoComparison>]
type PriorSpec =
    | Standard of dimensions: int
    | Gaussian of covariance: float list list
    /// A law of latents of a shape, its parameters learned unless they are constants.
    | OfLaw of Head * latentShape: int64[]
    /// A learned mixture of independent normals.
    | Mixture of components: int * dimensions: int
    /// The mixture of the posteriors of learned inputs.
    | Vamp of inputs: int * dimensions: int
    /// A flow of standard normal numbers.
    | Flow of Flow * dimensions: int
    | UniformOnSphere of dimensions: int
    /// Vectors of the posterior's codebook, by learned probabilities.
    | Codebook of codes: int * latentShape: int64[]
    | Custom of name: string

    override this.ToString() =
        match this with
        | Mixture(n, d) -> $"a mixture of %d{n} normals in %d{d} dimensions"
        | Vamp(n, d) -> $"the posteriors of %d{n} learned inputs in %d{d} dimensions"
        | Flow(flow, d) -> $"%O{flow} of N(0, I) in %d{d} dimensions"
        | Codebook(codes, shape) -> $"%d{codes} codes at each place of %s{Check.shape shape}"
        | UniformOnSphere d -> $"uniform on the sphere of %d{d} dimensions"
        | Standard n -> $"N(0, I) in %d{n} dimensions"
        | Gaussian rows ->
            let row (values: float list) = values |> List.map Check.number |> String.concat ", "

            let inside = rows |> List.map (fun r -> $"[%s{row r}]") |> String.concat ", "
            $"N(0, [%s{inside}])"
        | OfLaw(head, shape) -> $"%O{head} over %s{Check.shape shape}"
        | Custom name -> name

/// How one law is made of what several parts of the data say.
[<RequireQualifiedAccess>]
type Pooling =
    /// The product of their densities.
    | Product
    /// Their laws in equal shares.
    | Mixture

[<RequireQualifiedAccess; NoEquality; NoComparison>]
type PosteriorSpec =
    | DiagonalNormal of logScale: LogScale * encoder: Net
    | OfLaw of Head * encoder: Net
    /// What a flow makes of another posterior's draws.
    | Flow of Flow * of': PosteriorSpec
    /// Normals of named parts of the data, each of so many numbers, as one law.
    | Experts of Pooling * logScale: LogScale * parts: (string * int * Net) list
    /// The vectors of a codebook that are nearest to what the encoder gives.
    | Quantized of codes: int * encoder: Net
    | Custom of name: string

    /// The encoder; None of experts, and of a posterior of one's own.
    member this.Encoder: Net option =
        match this with
        | DiagonalNormal(_, encoder)
        | OfLaw(_, encoder)
        | Quantized(_, encoder) -> Some encoder
        | Flow(_, posterior) -> posterior.Encoder
        | Experts _
        | Custom _ -> None

    override this.ToString() =
        match this with
        | DiagonalNormal(logScale, encoder) -> $"diagonal normal, %O{logScale}: %O{encoder}"
        | OfLaw(head, encoder) -> $"%O{head}: %O{encoder}"
        | Flow(flow, posterior) -> $"%O{flow} of (%O{posterior})"
        | Quantized(codes, encoder) -> $"the nearest of %d{codes} codes: %O{encoder}"
        | Experts(pooling, logScale, parts) ->
            let said = parts |> List.map (fun (name, numbers, net) -> $"%s{name} of %d{numbers} numbers: %O{net}")
            $"""%s{(string pooling).ToLowerInvariant()} of normals, %O{logScale}, of %s{String.concat "; " said}"""
        | Custom name -> name

[<RequireQualifiedAccess; NoEquality; NoComparison>]
type LikelihoodSpec =
    | Bernoulli of decoder: Net
    | BernoulliCrossEntropy of decoder: Net
    | Gaussian of scale: float * decoder: Net
    | OfLaw of Head * decoder: Net
    /// A law for each named part of a vector, each of so many numbers.
    | Product of parts: (string * int * Head) list * decoder: Net
    /// Images by a mixture of so many discretized logistic laws of each pixel.
    | DiscretizedLogisticMixture of components: int * decoder: Net
    | Custom of name: string

    /// The decoder; None of a likelihood of one's own.
    member this.Decoder: Net option =
        match this with
        | Bernoulli decoder
        | BernoulliCrossEntropy decoder
        | Gaussian(_, decoder)
        | OfLaw(_, decoder)
        | Product(_, decoder)
        | DiscretizedLogisticMixture(_, decoder) -> Some decoder
        | Custom _ -> None

    override this.ToString() =
        match this with
        | Bernoulli decoder -> $"Bernoulli: %O{decoder}"
        | BernoulliCrossEntropy decoder -> $"cross-entropy of grey levels: %O{decoder}"
        | Gaussian(scale, decoder) -> $"normal of scale %s{Check.number scale}: %O{decoder}"
        | OfLaw(head, decoder) -> $"%O{head}: %O{decoder}"
        | Product(parts, decoder) ->
            let said = parts |> List.map (fun (name, numbers, head) -> $"%s{name} of %d{numbers}: %O{head}")
            $"""%s{String.concat "; " said}: %O{decoder}"""
        | DiscretizedLogisticMixture(n, decoder) -> $"mixture of %d{n} discretized logistics: %O{decoder}"
        | Custom name -> name
