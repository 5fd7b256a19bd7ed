namespace Vae.Core

open TorchSharp

/// y = loc + scale x, element by element.
[<Sealed>]
type AffineTransform private (loc: Tensor, scale: Tensor, logScale: Tensor option) =
    inherit Transform()

    /// From tensors that broadcast. Refuses values that are not finite and scales of 0.
    static member Create(loc: Tensor, scale: Tensor) =
        Check.finite (nameof loc) loc
        Check.finite (nameof scale) scale
        Check.every (nameof scale) "numbers other than 0" (fun t -> t.ne (0.0.AsScalar())) scale
        fit (nameof loc) loc (nameof scale) scale
        AffineTransform(loc, scale, None)

    /// From the logarithm of a positive scale: the form that networks give. Nothing is checked.
    static member internal OfLogScale(loc: Tensor, logScale: Tensor) =
        AffineTransform(loc, logScale.exp (), Some logScale)

    /// What is added.
    member _.Loc = loc
    /// What is multiplied by.
    member _.Scale = scale

    override _.Name = "affine"
    override _.Map x = loc .+. scale * x
    override _.Back y = (y - loc) / scale

    /// log |scale|
    override _.LogSlope(_, _) =
        match logScale with
        | Some logScale -> logScale
        | None -> scale.abs().log()

    /// Ends move along, and change places where the scale is negative; they are kept where all scales have one sign.
    member private _.Move(x: Position, y: Tensor, loc: Tensor, scale: Tensor) =
        let moved (distance: Distance) = {
            From = loc .+. scale * distance.From
            Log = distance.Log .+. scale.abs().log()
        }

        let low, high = Option.map moved x.Low, Option.map moved x.High

        if low.IsNone && high.IsNone then
            Position.at y
        elif scale.gt(0.0.AsScalar()).all().isTrue() then
            { Position.at y with Low = low; High = high }
        elif scale.lt(0.0.AsScalar()).all().isTrue() then
            { Position.at y with Low = high; High = low }
        else
            Position.at y

    override this.MapAt x = this.Move(x, this.Map x.X, loc, scale), this.LogSlope(x.X, x.X)

    override this.BackAt y =
        let inverse = scale.reciprocal ()
        this.Move(y, this.Back y.X, (loc * inverse).neg(), inverse), this.LogSlope(y.X, y.X).neg()

    override _.Direction = Some(Direction.PerElement(Tensor.scoped (fun () -> scale.gt (0.0.AsScalar()))))

/// y = loc + scaleTril x, for vectors x of k numbers.
[<Sealed>]
type ScaleTrilTransform private (loc: Tensor, scaleTril: Tensor) =
    inherit VectorTransform(Array.last loc.shape)

    /// From loc [batch..., k] and scaleTril [batch..., k, k]. Refuses a factor that is not lower triangular with a positive diagonal.
    static member Create(loc: Tensor, scaleTril: Tensor) =
        Check.finite (nameof loc) loc
        Check.together (nameof loc) loc (nameof scaleTril) scaleTril
        let k = Check.vectors (nameof loc) loc
        Check.choleskyFactor (nameof scaleTril) k scaleTril
        let batch (n: int) (t: Tensor) = fst (Shape.splitLast n t.shape)
        Shape.broadcast (nameof loc) (batch 1 loc) (nameof scaleTril) (batch 2 scaleTril) |> ignore
        ScaleTrilTransform(loc, scaleTril)

    /// What is added.
    member _.Loc = loc
    /// The factor.
    member _.ScaleTril = scaleTril

    override _.Name = "scaleTril"
    override _.Map x = loc .+. apply scaleTril x

    override _.Back y = torch.linalg.solve_triangular(scaleTril, (y - loc).unsqueeze -1L, upper = false).squeeze -1L

    /// The sum of the logarithms of the diagonal.
    override _.LogSlope(_, _) = scaleTril.diagonal(dim1 = -2L, dim2 = -1L).log().sum(-1L)
