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
    | Custom of name: string

    override this.ToString() =
        match this with
        | Mixture(n, d) -> $"a mixture of %d{n} normals in %d{d} dimensions"
        | Vamp(n, d) -> $"the posteriors of %d{n} learned inputs in %d{d} dimensions"
        | Flow(flow, d) -> $"%O{flow} of N(0, I) in %d{d} dimensions"
        | UniformOnSphere d -> $"uniform on the sphere of %d{d} dimensions"
        | Standard n -> $"N(0, I) in %d{n} dimensions"
        | Gaussian rows ->
            let row (values: float list) = values |> List.map Check.number |> String.concat ", "

            let inside = rows |> List.map (fun r -> $"[%s{row r}]") |> String.concat ", "
            $"N(0, [%s{inside}])"
        | OfLaw(head, shape) -> $"%O{head} over %s{Check.shape shape}"
        | Custom name -> name

[<RequireQualifiedAccess; NoEquality; NoComparison>]
type PosteriorSpec =
    | DiagonalNormal of logScale: LogScale * encoder: Net
    | OfLaw of Head * encoder: Net
    /// What a flow makes of another posterior's draws.
    | Flow of Flow * of': PosteriorSpec
    | Custom of name: string

    /// The encoder; None of a posterior of one's own.
    member this.Encoder: Net option =
        match this with
        | DiagonalNormal(_, encoder)
        | OfLaw(_, encoder) -> Some encoder
        | Flow(_, posterior) -> posterior.Encoder
        | Custom _ -> None

    override this.ToString() =
        match this with
        | DiagonalNormal(logScale, encoder) -> $"diagonal normal, %O{logScale}: %O{encoder}"
        | OfLaw(head, encoder) -> $"%O{head}: %O{encoder}"
        | Flow(flow, posterior) -> $"%O{flow} of (%O{posterior})"
        | Custom name -> name

[<RequireQualifiedAccess; NoEquality; NoComparison>]
type LikelihoodSpec =
    | Bernoulli of decoder: Net
    | BernoulliCrossEntropy of decoder: Net
    | Gaussian of scale: float * decoder: Net
    | OfLaw of Head * decoder: Net
    /// Images by a mixture of so many discretized logistic laws of each pixel.
    | DiscretizedLogisticMixture of components: int * decoder: Net
    /// A law of counts by its head, with zeros of another cause.
    | ZeroInflated of Head * decoder: Net
    | Custom of name: string

    /// The decoder; None of a likelihood of one's own.
    member this.Decoder: Net option =
        match this with
        | Bernoulli decoder
        | BernoulliCrossEntropy decoder
        | Gaussian(_, decoder)
        | OfLaw(_, decoder)
        | DiscretizedLogisticMixture(_, decoder)
        | ZeroInflated(_, decoder) -> Some decoder
        | Custom _ -> None

    override this.ToString() =
        match this with
        | Bernoulli decoder -> $"Bernoulli: %O{decoder}"
        | BernoulliCrossEntropy decoder -> $"cross-entropy of grey levels: %O{decoder}"
        | Gaussian(scale, decoder) -> $"normal of scale %s{Check.number scale}: %O{decoder}"
        | OfLaw(head, decoder) -> $"%O{head}: %O{decoder}"
        | DiscretizedLogisticMixture(n, decoder) -> $"mixture of %d{n} discretized logistics: %O{decoder}"
        | ZeroInflated(head, decoder) -> $"zero-inflated %O{head}: %O{decoder}"
        | Custom name -> name
