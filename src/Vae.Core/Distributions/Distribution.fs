namespace Vae.Core

open System
open TorchSharp

/// A law over tensors: one value that both samples and scores.
/// Tensors are shaped draws + batch + event: the batch are laws side by side, an event is what one draw of one law is.
[<AbstractClass>]
type Distribution() =
    /// The shape of the laws side by side.
    abstract BatchShape: int64[]

    /// The shape of one draw of one law.
    abstract EventShape: int64[]

    /// The set each point of an event lies in.
    abstract Support: Support

    /// The precision and device of the parameters, and so of every result.
    abstract Placement: Placement

    /// What a law states of its density: the formula of `LogProb`, which need hold on the support only.
    abstract LogDensity: x: Tensor -> Tensor

    /// Whether `LogDensity` is -infinity outside the support by itself: so of laws made of others.
    abstract IsGuarded: bool
    default _.IsGuarded = false

    /// Whether it is one law of single numbers, whose parameters on the CPU torch takes on every device.
    member internal this.IsOfNumbers = this.BatchShape.Length = 0 && this.EventShape.Length = 0

    /// log p(x) in nats, summed over the event: x of shape draws + batch + event gives draws + batch, in the law's precision.
    /// -infinity outside the support, infinite numbers among what is; NaN where x is. Refuses an x on another device than the
    /// law's, one that is no numbers, and one whose last dimensions are not the event's.
    member this.LogProb(x: Tensor) : Tensor =
        Tensor.scoped (fun () ->
            // TorchSharp 0.107 has operations whose error for two devices ends the process, matmul among them.
            if not (Placement.canMeet (x.device, x.dim () = 0L) (this.Placement.Device, this.IsOfNumbers)) then
                Check.refuse (nameof x) $"on %O{x.device}" $"on %O{this.Placement.Device}, as the law %s{this.Name} is"

            this.CheckEvent x
            let x = Check.numbers (nameof x) this.Placement.DType x
            if this.IsGuarded then this.LogDensity x else this.OnSupport x)

    /// Refuses points of another size than the events: they would be broadcast to them without a word.
    member private this.CheckEvent(x: Tensor) =
        let event = this.EventShape
        let shape = x.shape

        if
            shape.Length < event.Length
            || not (shape.AsSpan(shape.Length - event.Length).SequenceEqual(ReadOnlySpan event))
        then
            Check.refuse
                (nameof x)
                $"of shape %s{Check.shape shape}"
                $"[..., %s{(Check.shape event).Substring 1}: the last dimensions are the event of %s{this.Name}, of shape %s{Check.shape event}"

        Shape.broadcast $"%s{this.Name}" this.BatchShape (nameof x) (fst (Shape.splitLast event.Length shape))
        |> ignore

    /// The log-density where x is in the support. Elsewhere the formula sees another point, so that neither its value nor
    /// its gradient can spoil the others'.
    member private this.OnSupport(x: Tensor) =
        let eventRank = this.EventShape.Length
        let pointRank = Support.rank this.Support
        let inside = Support.contains this.Support x
        let anchor = Support.anchor this.Placement this.EventShape this.Support
        let wholly = Shape.allLast (eventRank - pointRank) inside
        let density = this.LogDensity(torch.where (Shape.besideEvents pointRank inside, x, anchor))
        let undefined = Shape.allLast eventRank (x.isnan().logical_not())

        density
            .masked_fill(wholly.logical_not (), Double.NegativeInfinity.AsScalar())
            .masked_fill(undefined.logical_not (), Double.NaN.AsScalar())

    /// What a law states of its density at points that are known by more than their numbers: a law whose formula can take logs
    /// of distances from its ends takes those that the position knows. Need hold on the support only.
    abstract LogDensityAt: x: Position -> Tensor
    default this.LogDensityAt x = this.LogProb x.X

    /// log p(x) of points by their positions, as `LogProb` has it.
    member this.LogProbAt(x: Position) : Tensor =
        this.CheckEvent x.X

        Tensor.scoped (fun () ->
            if not (Position.isMore x) then
                this.LogProb x.X
            elif this.IsGuarded then
                this.LogDensityAt x
            else
                let density = this.LogDensityAt x
                let inside = Support.contains this.Support x.X
                let wholly = Shape.allLast (this.EventShape.Length - Support.rank this.Support) inside
                density.masked_fill (wholly.logical_not (), Double.NegativeInfinity.AsScalar()))

    /// Draws by their positions: those of a law that draws in coordinates in which nothing rounds to an end know them. The
    /// points are those of `Sample` for the same key.
    abstract SampleAt: key: Key * draws: int64[] -> Position
    default this.SampleAt(key, draws) = Position.at (this.Sample(key, draws))

    /// Draws of the law, of shape draws + batch + event, without gradient. Equal keys give equal draws.
    abstract Sample: key: Key * draws: int64[] -> Tensor

    /// E[x], of shape batch + event: NaN or infinite where the integral is. Raises NotSupportedException where no way to
    /// compute it is known.
    abstract Mean: Tensor

    /// Var[x] of each number of the event, of shape batch + event; as `Mean` in all else.
    abstract Variance: Tensor

    /// A point of the highest density, of shape batch + event, where one is known; of several, one of them.
    abstract Mode: Tensor option
    default _.Mode = None

    /// -E[log p(x)] in nats, of the batch's shape, where it is known: of a continuous law the differential entropy.
    abstract Entropy: Tensor option
    default _.Entropy = None

    /// One draw of each law of the batch.
    member this.Sample key = this.Sample(key, [||])

    /// The name of the law, as errors and reports use it.
    abstract Name: string
    default this.Name = this.GetType().Name

    override this.ToString() =
        $"%s{this.Name}(batch %s{Check.shape this.BatchShape}, event %s{Check.shape this.EventShape})"

/// What laws share inside.
[<AutoOpen>]
module internal LawHelpers =
    /// 1/2 log 2 pi
    let halfLogTwoPi = 0.91893853320467274178

    /// Euler's constant, -digamma(1)
    let eulerGamma = 0.57721566490153286061

    /// P(Z > z) of the standard normal. torch.special.ndtr is 0 from ten standard deviations on.
    let normalSurvival (z: Tensor) : Tensor = 0.5 .* torch.special.erfc (sqrt 0.5 .* z)

    /// Numbers that would overflow are the largest finite ones.
    let finite (x: Tensor) : Tensor = Support.finite x

    /// Runs a sampler without recording gradients, keeping only its result.
    let withoutGradient (sampler: unit -> Tensor) : Tensor =
        use _ = torch.no_grad ()
        Tensor.scoped sampler

    /// A parameter given as a number: it belongs to the law, not to the scope the law is made in.
    let ownNumber (value: float) : Tensor = (Tensor.scalar Placement.float64 value).DetachFromDisposeScope()

    /// Positions with their points kept in a law's support: what rounds to an end that is not in it is the number next to it.
    let inSupport (law: Distribution) (position: Position) : Position = {
        position with
            X = Support.nearest law.Support position.X
    }

    /// Runs a sampler that gives positions without recording gradients, keeping only its result.
    let positionsWithoutGradient (sampler: unit -> Position) : Position =
        use _ = torch.no_grad ()
        Position.scoped sampler

    /// The points alone of positions.
    let points (positions: unit -> Position) : Tensor = Tensor.scoped (fun () -> positions().X)

    /// A quantity that a law knows, computed in a scope.
    let known (compute: unit -> Tensor) : Tensor option = Some(Tensor.scoped compute)

    /// The same where what it is computed of may be unknown.
    let whereKnown (compute: unit -> Tensor option) : Tensor option = Tensor.scopedOption compute

    /// One value for each law of a batch.
    let filled (place: Placement) (shape: int64[]) (value: float) : Tensor =
        torch.full (shape, value.AsScalar(), dtype = place.DType, device = place.Device)

    /// What is raised for a moment that no one knows how to compute.
    let unknown (law: Distribution) (quantity: string) : 'a =
        raise (NotSupportedException $"no %s{quantity} is known of %s{law.Name}; the mean over draws estimates it")

    /// A law of one precision on one device with what it is put beside.
    let beside (what: string) (place: Placement) (argument: string) (law: Distribution) =
        if law.Placement.DType <> place.DType then
            Check.refuse argument $"a law of %A{law.Placement.DType}" $"%A{place.DType}, as %s{what}"

        if not (Placement.isSameDevice law.Placement.Device place.Device) then
            Check.refuse argument $"a law on %O{law.Placement.Device}" $"one on %O{place.Device}, as %s{what}"

    /// Tensors of floating-point numbers brought to their common shape.
    let together (firstName: string) (a: Tensor) (secondName: string) (b: Tensor) =
        Check.together firstName a secondName b
        let shape = Shape.broadcast firstName a.shape secondName b.shape
        Tensor.scopedPair (fun () -> a.expand shape, b.expand shape)

    /// The same of three.
    let together3 (firstName: string) (a: Tensor) (secondName: string) (b: Tensor) (thirdName: string) (c: Tensor) =
        Check.together firstName a secondName b
        Check.together firstName a thirdName c
        let shape = Shape.broadcast firstName a.shape secondName b.shape
        let shape = Shape.broadcast firstName shape thirdName c.shape

        let all = Tensor.scopedAll (fun () -> [| a.expand shape; b.expand shape; c.expand shape |])

        all[0], all[1], all[2]
