namespace Vae.Core

open TorchSharp

/// A transform with its directions exchanged.
[<Sealed>]
type InverseTransform internal (transform: Transform) =
    inherit Transform()

    /// The transform whose inverse this is.
    member _.Of = transform

    override _.Name = $"inverse(%s{transform.Name})"
    override _.Rank = transform.Rank
    override _.Map x = transform.Back x
    override _.Back y = transform.Map y
    override _.LogSlope(x, y) = transform.LogSlope(y, x).neg()
    override _.MapWithSlope x = transform.BackWithSlope x
    override _.BackWithSlope y = transform.MapWithSlope y
    override _.MapAt x = transform.BackAt x
    override _.BackAt y = transform.MapAt y
    override _.Direction = transform.Direction
    override _.ForwardShape shape = transform.InverseShape shape
    override _.InverseShape shape = transform.ForwardShape shape

/// Transforms one after another, the first of the list first. Its points are those of the part of the highest rank.
[<Sealed>]
type ChainTransform internal (parts: Transform list) =
    inherit Transform()

    let rank = if parts.IsEmpty then 0 else parts |> List.map _.Rank |> List.max

    /// Refuses an elementwise part whose parameters gave points another shape: it would count them more than once.
    let checkPoint (part: Transform) (before: Tensor) (after: Tensor) =
        let point (t: Tensor) = snd (Shape.splitLast rank t.shape)

        if part.Rank < rank && point after <> point before then
            Check.refuse
                "parts"
                $"%s{part.Name} with parameters that make %s{Check.shape after.shape} of %s{Check.shape before.shape}"
                "elementwise parts that leave the shape of a point"

    /// Runs through parts by either of their directions. It starts from an alias: where nothing is done, what is
    /// returned is the caller's to dispose.
    let run (side: Transform -> Tensor -> Tensor) parts (start: Tensor) =
        (start.alias (), parts)
        ||> List.fold (fun t part ->
            let next = side part t
            checkPoint part t next
            next)

    /// The same, with the log-determinants summed over points.
    let runAt (side: Transform -> Position -> Position * Tensor) parts (start: Position) =
        ((start, Tensor.scalar (Placement.like start.X) 0.0), parts)
        ||> List.fold (fun (t: Position, total: Tensor) (part: Transform) ->
            let next, slope = side part t
            checkPoint part t.X next.X
            next, total .+. Shape.sumLast (rank - part.Rank) (part.Expand(next.X, slope)))

    /// The same of points.
    let runWithSlope (side: Transform -> Tensor -> Tensor * Tensor) parts (start: Tensor) =
        let ofPoints (part: Transform) (t: Position) =
            let next, slope = side part t.X
            Position.at next, slope

        let last, slope = runAt ofPoints parts (Position.at (start.alias ()))
        last.X, slope

    let direction first second =
        match first, second with
        | Direction.Increasing, other
        | other, Direction.Increasing -> other
        | Direction.Decreasing, Direction.Decreasing -> Direction.Increasing
        | Direction.Decreasing, Direction.PerElement increasing
        | Direction.PerElement increasing, Direction.Decreasing -> Direction.PerElement(increasing.logical_not ())
        | Direction.PerElement a, Direction.PerElement b -> Direction.PerElement(a.logical_xor(b).logical_not())

    /// The transforms in their order.
    member _.Parts = parts

    override _.Name =
        let names = parts |> List.map _.Name |> String.concat ", "
        $"chain(%s{names})"

    override _.Rank = rank
    override _.MapWithSlope x = runWithSlope _.MapWithSlope parts x
    override _.BackWithSlope y = runWithSlope _.BackWithSlope (List.rev parts) y
    override _.MapAt x = runAt _.MapAt parts x
    override _.BackAt y = runAt _.BackAt (List.rev parts) y
    override _.Map x = run _.Map parts x
    override _.Back y = run _.Back (List.rev parts) y
    override this.LogSlope(x, _) = snd (this.MapWithSlope x)

    override _.Direction =
        use scope = torch.NewDisposeScope()

        (Some Direction.Increasing, parts)
        ||> List.fold (fun all part -> Option.map2 direction all part.Direction)
        |> Option.map (function
            | Direction.PerElement increasing -> Direction.PerElement(scope.MoveToOuter increasing)
            | same -> same)

    override _.ForwardShape shape = (shape, parts) ||> List.fold (fun shape part -> part.ForwardShape shape)
    override _.InverseShape shape = (parts, shape) ||> List.foldBack (fun part shape -> part.InverseShape shape)
