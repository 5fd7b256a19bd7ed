namespace Vae.Core

open System
open TorchSharp

/// What a transform makes of the set that a law lies in.
[<RequireQualifiedAccess>]
module internal Image =
    let private infinite = Double.PositiveInfinity

    /// The end that a number goes to. A transform that cannot be taken at infinity has no end there.
    let private move place (transform: Transform) (ifUndefined: float) bound =
        let moved = transform.Forward(Bound.toTensor place bound)
        torch.where (moved.isnan (), Tensor.scalar place ifUndefined, moved)

    /// Bounds as numbers where they are the same for all laws, so that supports can be told equal.
    let private bound (values: Tensor) =
        if values.dim () = 0L then
            Bound.At(Tensor.toFloat values)
        else
            Bound.PerLaw values

    let private range place (transform: Transform) direction (low, high) =
        let low, high = move place transform -infinite low, move place transform infinite high

        match direction with
        | Direction.Increasing -> bound low, bound high
        | Direction.Decreasing -> bound high, bound low
        | Direction.PerElement _ ->
            // What exchanges the ends shows in their order.
            bound (torch.minimum (low, high)), bound (torch.maximum (low, high))

    /// The image of a support. Refuses a transform that is not known to be a bijection of it.
    let rec ofSupport place (support: Support) (transform: Transform) : Support =
        let refuse () = Check.refuse "law" $"on %O{support}" $"one that %s{transform.Name} is a bijection of"

        match transform, support, transform.Direction with
        | (:? ChainTransform as chain), _, _ -> (support, chain.Parts) ||> List.fold (ofSupport place)
        | _, (Support.Open(low, high) | Support.Closed(low, high)), Some direction ->
            if not (Support.within support (domain place transform)) then
                refuse ()

            let ends = range place transform direction (low, high)
            if support.IsOpen then Support.Open ends else Support.Closed ends
        | (:? StickBreakingTransform), support, _ when Support.isReals support -> Support.Simplex
        | (:? InverseTransform as inverse), Support.Simplex, _ when (inverse.Of :? StickBreakingTransform) ->
            Support.reals
        | (:? PermuteTransform), Support.Open(Bound.At _, Bound.At _), _
        | (:? PermuteTransform), Support.Closed(Bound.At _, Bound.At _), _ -> support
        | _, support, None when transform.Rank > 0 && Support.isReals support -> support
        | _ -> refuse ()

    /// The numbers that an elementwise transform takes.
    and private domain place (transform: Transform) =
        match transform with
        | :? PowerTransform -> Support.positive
        | :? InverseTransform as inverse -> ofSupport place (domain place inverse.Of) inverse.Of
        | _ -> Support.reals
