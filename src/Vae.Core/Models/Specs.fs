namespace Vae.Core

/// The laws and nets of the models' parts as data, so that a saved model can be made again from its description.
/// A part of one's own is `Custom`, by name: it trains and evaluates, and saving its model refuses it by that name.
[<RequireQualifiedAccess; NoEquality; NoComparison>]
type PriorSpec =
    | Standard of dimensions: int
    | Gaussian of covariance: float list list
    /// A law of latents of a shape, its parameters learned unless they are constants.
    | OfLaw of Head * latentShape: int64[]
    | Custom of name: string

    override this.ToString() =
        match this with
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
    | Custom of name: string

    override this.ToString() =
        match this with
        | DiagonalNormal(logScale, encoder) -> $"diagonal normal, %O{logScale}: %O{encoder}"
        | OfLaw(head, encoder) -> $"%O{head}: %O{encoder}"
        | Custom name -> name

[<RequireQualifiedAccess; NoEquality; NoComparison>]
type LikelihoodSpec =
    | Bernoulli of decoder: Net
    | BernoulliCrossEntropy of decoder: Net
    | Gaussian of scale: float * decoder: Net
    | OfLaw of Head * decoder: Net
    | Custom of name: string

    override this.ToString() =
        match this with
        | Bernoulli decoder -> $"Bernoulli: %O{decoder}"
        | BernoulliCrossEntropy decoder -> $"cross-entropy of grey levels: %O{decoder}"
        | Gaussian(scale, decoder) -> $"normal of scale %s{Check.number scale}: %O{decoder}"
        | OfLaw(head, decoder) -> $"%O{head}: %O{decoder}"
        | Custom name -> name
