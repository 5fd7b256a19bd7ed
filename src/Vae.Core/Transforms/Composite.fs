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
    override _.Direction = transform.Direction
    override _.ForwardShape shape = transform.InverseShape shape
    override _.InverseShape shape = transform.ForwardShape shape

/// Transforms one after another, the first of the list first. Its points are those of the part of the highest rank.
[<Sealed>]
type ChainTransform internal (parts: Transform list) =
    inherit Transform()

    let rank = if parts.IsEmpty then 0 else parts |> List.map _.Rank |> List.max

    /// Runs through parts by either of their directions, the log-determinants summed over points.
    let through (run: Transform -> Tensor -> Tensor * Tensor) parts (start: Tensor) =
        // An alias: where nothing is done, what is returned is the caller's to dispose.
        ((start.alias (), start.new_zeros [||]), parts)
        ||> List.fold (fun (t: Tensor, total: Tensor) (part: Transform) ->
            let next, slope = run part t
            next, total + Shape.sumLast (rank - part.Rank) (part.Expand(next, slope)))

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
    override _.MapWithSlope x = through _.MapWithSlope parts x
    override _.BackWithSlope y = through _.BackWithSlope (List.rev parts) y

    override _.Map x =
        if parts.IsEmpty then
            x.alias ()
        else
            (x, parts) ||> List.fold (fun t part -> part.Map t)

    override _.Back y =
        if parts.IsEmpty then
            y.alias ()
        else
            (parts, y) ||> List.foldBack (fun part t -> part.Back t)

    override this.LogSlope(x, _) = snd (this.MapWithSlope x)

    override _.Direction =
        (Some Direction.Increasing, parts)
        ||> List.fold (fun all part -> Option.map2 direction all part.Direction)

    override _.ForwardShape shape = (shape, parts) ||> List.fold (fun shape part -> part.ForwardShape shape)
    override _.InverseShape shape = (parts, shape) ||> List.foldBack (fun part shape -> part.InverseShape shape)
