namespace Vae.Core

open TorchSharp

/// What both kinds of transformed law share.
[<RequireQualifiedAccess>]
module internal Transforming =
    /// Refuses a transform whose points are not those of the law's events, or that would make more laws of it.
    let check (law: Distribution) (transform: Transform) =
        use _ = torch.NewDisposeScope()
        let rank = law.EventShape.Length

        if transform.Rank > rank then
            Check.refuse
                "law"
                $"%O{law}"
                $"events of at least %d{transform.Rank} dimensions, as %s{transform.Name} is of such; Independent makes one of a batch"

        let shape = Array.append law.BatchShape law.EventShape
        let anchor = (Support.anchor law.Placement law.EventShape law.Support).expand shape
        let batch, event = Shape.splitLast rank (transform.Forward anchor).shape

        if batch <> law.BatchShape then
            Check.refuse
                "law"
                $"%O{law}"
                $"the batch of the transform's parameters, %s{Check.shape batch}, so that each law has draws of its own"

        event

    /// log p(f^-1(y)) + log |det d f^-1 / dy|
    let logDensity (law: Distribution) (transform: Transform) (y: Tensor) : Tensor =
        let x, slope = transform.InverseAndLogDet y
        law.LogProb x + Shape.sumLast (law.EventShape.Length - transform.Rank) slope

    /// Whether f is loc + scale x or a chain of such: moments and modes go along.
    let rec isAffine (transform: Transform) =
        match transform with
        | :? AffineTransform
        | :? ScaleTrilTransform
        | :? PermuteTransform -> true
        | :? ChainTransform as chain -> List.forall isAffine chain.Parts
        | _ -> false

    let mode (law: Distribution) (transform: Transform) =
        if isAffine transform then Option.map transform.Forward law.Mode else None

    /// H(f(X)) = H(X) + E log |det df/dx|, where the slope is the same everywhere.
    let entropy (law: Distribution) (transform: Transform) =
        if isAffine transform then
            law.Entropy
            |> Option.map (fun entropy ->
                let shape = Array.append law.BatchShape law.EventShape
                let at = (Support.anchor law.Placement law.EventShape law.Support).expand shape

                Tensor.scoped (fun () ->
                    entropy + Shape.sumLast (law.EventShape.Length - transform.Rank) (transform.LogDet at)))
        else
            None

    let name (law: Distribution) (transform: Transform) = $"Transformed(%s{law.Name}, %s{transform.Name})"

/// The law of f(X) for a law of X and a bijection f: normalising flows are laws of this kind.
/// A law of numbers by a transform of numbers is `TransformedUnivariate`, which keeps its distribution function.
[<Sealed>]
type Transformed private (law: Distribution, transform: Transform, event: int64[], support: Support) =
    inherit Distribution()

    /// Refuses a transform of larger points than the law's events, one with more parameters than the batch has laws, and
    /// one that is no bijection of the law's support.
    static member Create(law: Distribution, transform: Transform) =
        let event = Transforming.check law transform
        Transformed(law, transform, event, Image.ofSupport law.Placement law.Support transform)

    /// The law of what is transformed.
    member _.Base = law
    /// The bijection.
    member _.Transform = transform

    override _.BatchShape = law.BatchShape
    override _.EventShape = event
    override _.Support = support
    override _.Placement = law.Placement
    override _.LogDensity y = Transforming.logDensity law transform y

    override _.Sample(key, draws) = withoutGradient (fun () -> transform.Forward(law.Sample(key, draws)))

    /// Known of affine transforms of independent numbers only.
    override this.Mean =
        if Transforming.isAffine transform then
            transform.Forward law.Mean
        else
            unknown this "mean"

    override this.Variance = unknown this "variance"
    override _.Mode = Transforming.mode law transform
    override _.Entropy = Transforming.entropy law transform
    override _.Name = Transforming.name law transform

/// The law of f(X) for a law of numbers X and an elementwise bijection f. Mean, variance and entropy are by quadrature
/// where f is not affine.
[<Sealed>]
type TransformedUnivariate private (law: Univariate, transform: Transform, direction: Direction, support: Support) =
    inherit Univariate()

    let isAffine = Transforming.isAffine transform

    /// A value of the base law's lower tail where the transform increases, of its upper tail where it decreases.
    let towards (ifIncreasing: unit -> Tensor) (ifDecreasing: unit -> Tensor) =
        match direction with
        | Direction.Increasing -> ifIncreasing ()
        | Direction.Decreasing -> ifDecreasing ()
        | Direction.PerElement increasing -> torch.where (increasing, ifIncreasing (), ifDecreasing ())

    /// Refuses a transform that is not elementwise, one with more parameters than the batch has laws, and one that is no
    /// bijection of the law's support.
    static member Create(law: Univariate, transform: Transform) =
        match transform.Direction with
        | None -> Check.refuse (nameof transform) transform.Name "an elementwise transform"
        | Some direction ->
            Transforming.check law transform |> ignore
            TransformedUnivariate(law, transform, direction, Image.ofSupport law.Placement law.Support transform)

    /// The law of what is transformed.
    member _.Base = law
    /// The bijection.
    member _.Transform = transform

    override _.BatchShape = law.BatchShape
    override _.Support = support
    override _.Placement = law.Placement
    override _.LogDensity y = Transforming.logDensity law transform y

    override _.LowerTail y =
        let x = transform.Inverse y
        towards (fun () -> law.Cdf x) (fun () -> law.Survival x)

    override _.UpperTail y =
        let x = transform.Inverse y
        towards (fun () -> law.Survival x) (fun () -> law.Cdf x)

    override _.FromLower p = transform.Forward(towards (fun () -> law.FromLower p) (fun () -> law.FromUpper p))

    override _.FromUpper q = transform.Forward(towards (fun () -> law.FromUpper q) (fun () -> law.FromLower q))

    override _.Sample(key, draws) = withoutGradient (fun () -> transform.Forward(law.Sample(key, draws)))

    override this.Mean = if isAffine then transform.Forward law.Mean else OverQuantiles.mean this

    override this.Variance =
        match transform with
        | :? AffineTransform as affine -> Tensor.scoped (fun () -> affine.Scale.squared () * law.Variance)
        | _ -> OverQuantiles.variance this

    override _.Mode = Transforming.mode law transform

    override this.Entropy =
        Transforming.entropy law transform |> Option.orElseWith (fun () -> Some(OverQuantiles.entropy this))

    override _.Name = Transforming.name law transform

[<RequireQualifiedAccess>]
module Transformed =
    /// The law of f(X), for a law of X.
    let create (transform: Transform) (law: Distribution) = Transformed.Create(law, transform)

    /// The law of f(X) of single numbers, with its distribution function.
    let univariate (transform: Transform) (law: Univariate) = TransformedUnivariate.Create(law, transform)

    /// The law of f(X) with its sample path.
    let pathwise (transform: Transform) (q: Reparameterized<'law>) : Reparameterized<Transformed> =
        let law = create transform (q.Law :> Distribution)

        Reparameterized(
            law,
            q.Order,
            (fun key draws -> q.Noise(key, draws)),
            (fun noise -> transform.Forward(q.Push noise)),
            q.Standard
        )
