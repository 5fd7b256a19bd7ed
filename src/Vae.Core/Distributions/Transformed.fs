namespace Vae.Core

open TorchSharp

/// Log-densities at an end of an interval that infinite numbers go to: the formula has infinity minus infinity there.
[<RequireQualifiedAccess>]
module private Limit =
    /// The value where it settles towards the end, and else infinite, as it rises or falls: by two points near the end, of
    /// which a density like a power of the distance shows in the log's slope.
    let atEnds (support: Support) (eventRank: int) (y: Tensor) (logDensity: Tensor -> Tensor) : Tensor =
        let density = logDensity y
        let isOpen = density.isnan().logical_and(Shape.allLast eventRank (y.isnan().logical_not()))

        if not (isOpen.any().isTrue()) then
            density
        else
            let place, limits = Placement.like y, torch.finfo y.dtype
            let low, high = Support.ends support
            let isLow, isHigh = y.eq (Bound.toTensor place low), y.eq (Bound.toTensor place high)
            let sign = isLow.to_type y.dtype - isHigh.to_type y.dtype
            let isZero = y.eq (0.0.AsScalar())

            let near (power: float) (share: float) =
                let step = torch.where (isZero, Tensor.scalar place (limits.tiny ** power), share .* y.abs ())
                step, logDensity (y .+. sign * step)

            let closeBy, close = near 0.9 (4.0 * limits.eps)
            let awayBy, away = near 0.5 (sqrt limits.eps)
            let slope = (close - away) / Shape.sumLast eventRank (sign.abs () * (closeBy / awayBy).log())
            let limit = slope.sign().neg() / 0.0.AsScalar()
            torch.where (isOpen, torch.where (slope.abs().lt(1e-3.AsScalar()), close, limit), density)

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

    /// The dimensions of an event that the log-determinants of its points are summed over.
    let private overEvent (law: Distribution) (transform: Transform) (point: Tensor) (slope: Tensor) : Tensor =
        Shape.sumLast (law.EventShape.Length - transform.Rank) (transform.Expand(point, slope))

    /// log p(f^-1(y)) + log |det d f^-1 / dy|, by the position of y. What f^-1 rounds to an end of the base law's support is next to
    /// it; infinite numbers stay what they are.
    let logDensityAt (law: Distribution) (transform: Transform) (y: Position) : Tensor =
        transform.InverseShape y.X.shape |> ignore
        let x, slope = transform.BackAt y
        let inside = { x with X = torch.where (x.X.isinf (), x.X, Support.nearest law.Support x.X) }
        law.LogProbAt inside .+. overEvent law transform x.X slope

    /// The same of y alone.
    let logDensity (law: Distribution) (transform: Transform) (support: Support) (y: Tensor) : Tensor =
        let formula (y: Tensor) = logDensityAt law transform (Support.positionIn support y)

        Tensor.scoped (fun () ->
            if transform.Rank = 0 then
                Limit.atEnds support law.EventShape.Length y formula
            else
                formula y)

    /// f(x) by its position.
    let forwardAt (transform: Transform) (x: Position) : Position =
        transform.ForwardShape x.X.shape |> ignore
        fst (transform.MapAt x)

    /// log |det df/dx|, of the shape of a log-density.
    let slopeAt (law: Distribution) (transform: Transform) (x: Position) : Tensor =
        let y, slope = transform.MapAt x
        overEvent law transform y.X slope

    /// Draws of f(X), kept inside of its support.
    let sampleAt (inside: Position -> Position) (law: Distribution) (transform: Transform) key draws : Position =
        positionsWithoutGradient (fun () -> forwardAt transform (law.SampleAt(key, draws)) |> inside)

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

    /// log |det df/dx| where it is the same everywhere.
    let constantSlope (law: Distribution) (transform: Transform) =
        if isAffine transform then
            let shape = Array.append law.BatchShape law.EventShape
            let at = (Support.anchor law.Placement law.EventShape law.Support).expand shape
            Some(Shape.sumLast (law.EventShape.Length - transform.Rank) (transform.LogDet at))
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

    /// The law of a flow from all vectors of real numbers to all of them: nothing is checked, as a step of training makes one.
    static member internal OfFlow(law: Distribution, transform: Transform) =
        Transformed(law, transform, law.EventShape, Support.reals)

    /// The law of what is transformed.
    member _.Base = law
    /// The bijection.
    member _.Transform = transform

    override _.BatchShape = law.BatchShape
    override _.EventShape = event
    override _.Support = support
    override _.Placement = law.Placement
    override _.LogDensity y = Transforming.logDensity law transform support y
    override _.LogDensityAt y = Transforming.logDensityAt law transform y
    override this.SampleAt(key, draws) = Transforming.sampleAt (inSupport this) law transform key draws
    override this.Sample(key, draws) = points (fun () -> this.SampleAt(key, draws))

    /// Known of affine transforms of independent numbers only.
    override this.Mean =
        if Transforming.isAffine transform then
            transform.Forward law.Mean
        else
            unknown this "mean"

    override this.Variance = unknown this "variance"
    override _.Mode = Transforming.mode law transform

    /// H(f(X)) = H(X) + log |det df/dx|, where the slope is the same everywhere.
    override _.Entropy =
        whereKnown (fun () ->
            Option.map2 (fun entropy slope -> entropy .+. slope) law.Entropy (Transforming.constantSlope law transform))

    override _.Name = Transforming.name law transform

/// The law of f(X) for a law of numbers X and an elementwise bijection f. Mean, variance and entropy are by quadrature
/// where f is not affine.
[<Sealed>]
type TransformedUnivariate private (law: Univariate, transform: Transform, direction: Direction, support: Support) =
    inherit Univariate()

    let isAffine = Transforming.isAffine transform

    /// A value of the base law's lower tail where the transform increases, of its upper tail where it decreases.
    let towardsBy (choose: Tensor -> 'a -> 'a -> 'a) (ifIncreasing: unit -> 'a) (ifDecreasing: unit -> 'a) =
        match direction with
        | Direction.Increasing -> ifIncreasing ()
        | Direction.Decreasing -> ifDecreasing ()
        | Direction.PerElement increasing when increasing.all().isTrue() -> ifIncreasing ()
        | Direction.PerElement increasing when not (increasing.any().isTrue()) -> ifDecreasing ()
        | Direction.PerElement increasing -> choose increasing (ifIncreasing ()) (ifDecreasing ())

    let towards = towardsBy (fun condition (a: Tensor) b -> torch.where (condition, a, b))
    let towardsAt = towardsBy Position.choose

    /// Where draws and quantiles are kept: an end that infinite numbers go to is not reached.
    let reached =
        match support with
        | Support.Closed(low, high) when Support.isUnbounded law.Support -> Support.Open(low, high)
        | support -> support

    let inside (position: Position) : Position = { position with X = Support.nearest reached position.X }

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
    override _.LogDensity y = Transforming.logDensity law transform support y
    override _.LogDensityAt y = Transforming.logDensityAt law transform y

    override _.LowerTail y =
        let x = transform.Inverse y
        towards (fun () -> law.Cdf x) (fun () -> law.Survival x)

    override _.UpperTail y =
        let x = transform.Inverse y
        towards (fun () -> law.Survival x) (fun () -> law.Cdf x)

    override this.FromLower p = (inside (this.FromLowerAt p)).X
    override this.FromUpper q = (inside (this.FromUpperAt q)).X

    override _.FromLowerAt p =
        Transforming.forwardAt transform (towardsAt (fun () -> law.FromLowerAt p) (fun () -> law.FromUpperAt p))

    override _.FromUpperAt q =
        Transforming.forwardAt transform (towardsAt (fun () -> law.FromUpperAt q) (fun () -> law.FromLowerAt q))

    override _.SampleAt(key, draws) = Transforming.sampleAt inside law transform key draws
    override this.Sample(key, draws) = points (fun () -> this.SampleAt(key, draws))

    override this.Mean = if isAffine then transform.Forward law.Mean else OverQuantiles.mean this

    override this.Variance =
        match transform with
        | :? AffineTransform as affine -> Tensor.scoped (fun () -> affine.Scale.squared () * law.Variance)
        | _ -> OverQuantiles.variance this

    override _.Mode = Transforming.mode law transform

    /// H(f(X)) = H(X) + E log |f'(X)|: by quadrature over X, where no point is near an end of f's image.
    override _.Entropy =
        let slope () =
            match Transforming.constantSlope law transform with
            | Some slope -> slope
            | None -> OverQuantiles.expectationAt law (Transforming.slopeAt law transform)

        whereKnown (fun () -> law.Entropy |> Option.map (fun entropy -> entropy .+. slope ()))

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
            (fun noise -> Transforming.forwardAt transform (q.PushAt noise) |> inSupport law),
            q.Standard
        )
