namespace Vae.Core

open TorchSharp

/// Which way an elementwise bijection runs: what decides whether it exchanges the tails of a law.
[<RequireQualifiedAccess>]
type Direction =
    | Increasing
    | Decreasing
    /// Element by element: booleans that broadcast with the argument.
    | PerElement of isIncreasing: Tensor

/// A differentiable bijection y = f(x) between sets of numbers, vectors or matrices, with its inverse and the logarithm
/// of what it does to volume. Parameters broadcast with the batch of points, as those of laws do.
[<AbstractClass>]
type Transform() =
    /// The name of the transform, as errors use it.
    abstract Name: string

    /// How many of the last dimensions are one point: 0 of an elementwise transform, 1 of vectors, 2 of matrices.
    abstract Rank: int
    default _.Rank = 0

    /// What a transform states: the formula of `Forward`.
    abstract Map: x: Tensor -> Tensor

    /// The formula of `Inverse`.
    abstract Back: y: Tensor -> Tensor

    /// The formula of `LogDet`, from both ends; it may have any shape that broadcasts to that of `LogDet`.
    abstract LogSlope: x: Tensor * y: Tensor -> Tensor

    /// y with the log-determinant, where the two share work.
    abstract MapWithSlope: x: Tensor -> Tensor * Tensor

    default this.MapWithSlope x =
        let y = this.Map x
        y, this.LogSlope(x, y)

    /// x with the log-determinant of the inverse, where the two share work.
    abstract BackWithSlope: y: Tensor -> Tensor * Tensor

    default this.BackWithSlope y =
        let x = this.Back y
        x, this.LogSlope(x, y).neg()

    /// y and log |det dy/dx| of points by their positions: a transform that knows its ends says how near to them y lies, where y
    /// itself may round to one.
    abstract MapAt: x: Position -> Position * Tensor

    default this.MapAt x =
        let y, slope = this.MapWithSlope x.X
        Position.at y, slope

    /// x and log |det dx/dy| of points by their positions.
    abstract BackAt: y: Position -> Position * Tensor

    default this.BackAt y =
        let x, slope = this.BackWithSlope y.X
        Position.at x, slope

    /// Which way it runs; None unless it is elementwise.
    abstract Direction: Direction option
    default _.Direction = None

    /// The shape of y for a shape of x, but for what the parameters' batch adds in front. Refuses points of another size.
    abstract ForwardShape: shape: int64[] -> int64[]
    default _.ForwardShape shape = shape

    /// The shape of x for a shape of y.
    abstract InverseShape: shape: int64[] -> int64[]
    default _.InverseShape shape = shape

    /// y = f(x): x is [..., point], y as `ForwardShape` says, broadcast with the parameters.
    member this.Forward(x: Tensor) : Tensor =
        this.ForwardShape x.shape |> ignore
        Tensor.scoped (fun () -> this.Map x)

    /// The x with f(x) = y.
    member this.Inverse(y: Tensor) : Tensor =
        this.InverseShape y.shape |> ignore
        Tensor.scoped (fun () -> this.Back y)

    /// log |det dy/dx| in nats, of the shape of f(x) without its last `Rank` dimensions.
    member this.LogDet(x: Tensor) : Tensor =
        this.ForwardShape x.shape |> ignore

        Tensor.scoped (fun () ->
            let y, slope = this.MapWithSlope x
            this.Expand(y, slope))

    /// f(x) and log |det dy/dx|, from one evaluation.
    member this.ForwardAndLogDet(x: Tensor) : Tensor * Tensor =
        this.ForwardShape x.shape |> ignore

        Tensor.scopedPair (fun () ->
            let y, slope = this.MapWithSlope x
            y, this.Expand(y, slope))

    /// The x with f(x) = y and log |det dx/dy|, from one evaluation.
    member this.InverseAndLogDet(y: Tensor) : Tensor * Tensor =
        this.InverseShape y.shape |> ignore

        Tensor.scopedPair (fun () ->
            let x, slope = this.BackWithSlope y
            x, this.Expand(x, slope))

    member internal this.Expand(point: Tensor, slope: Tensor) : Tensor =
        slope.expand (fst (Shape.splitLast this.Rank point.shape))

    override this.ToString() = this.Name

/// A bijection of vectors of k numbers: the last dimension is one point.
[<AbstractClass>]
type VectorTransform internal (k: int64) =
    inherit Transform()

    /// How many numbers a point has.
    member _.Size = k

    member private this.Refuse(argument, shape: int64[]) =
        if shape.Length < 1 || Array.last shape <> k then
            Check.refuse
                argument
                $"of shape %s{Check.shape shape}"
                $"[..., %d{k}], as %s{this.Name} is of %d{k} numbers"

        shape

    override _.Rank = 1
    override this.ForwardShape shape = this.Refuse("x", shape)
    override this.InverseShape shape = this.Refuse("y", shape)

/// What transforms share inside.
[<AutoOpen>]
module internal TransformHelpers =
    /// Zeros for each vector of x: the log-determinant of what keeps volume.
    let noSlope (x: Tensor) : Tensor = x.select(-1L, 0L).zeros_like()

    /// Refuses two parameters whose precision, device or shapes do not fit.
    let fit (firstName: string) (a: Tensor) (secondName: string) (b: Tensor) =
        Check.together firstName a secondName b
        Shape.broadcast firstName a.shape secondName b.shape |> ignore

    /// The product of matrices [..., n, k] and vectors [..., k].
    let apply (matrices: Tensor) (vectors: Tensor) : Tensor = matrices.matmul(vectors.unsqueeze -1L).squeeze -1L
