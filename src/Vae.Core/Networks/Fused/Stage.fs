namespace Vae.Core

/// A weighted layer with the rectifier after it, prepared to run on blocks.
[<Sealed>]
type internal Stage(link: Link, path: string, isRelu: bool) =
    let forward = Propagate link
    let backward = lazy (Propagate link.Reversed)
    let few = if FewChannels.Suits link then Some(FewChannels link) else None
    let many = lazy (WeightGradient link)

    let weights =
        let offsets = link.Edges |> List.distinctBy _.Offset
        int64 link.Source.Channels * int64 link.Target.Channels * int64 offsets.Length

    member _.Link = link
    /// How many weights it has.
    member _.Weights = weights
    /// The paths of its parameters.
    member _.Weight = $"%s{path}.weight"
    member _.Bias = $"%s{path}.bias"
    member _.IsRelu = isRelu

    /// Numbers that `Gradients` needs beside its arguments.
    member _.Scratch blocks =
        let weights =
            match few with
            | Some few -> few.Scratch
            | None -> many.Value.Scratch blocks

        max weights (BiasGradient.scratch link)

    member _.Forward(blocks, weights, bias, from, into) =
        forward.Run(blocks, weights, from, into, Finish.Bias(bias, isRelu))

    /// The gradient by what comes in, from that by what goes out before the rectifier.
    member _.Backward(blocks, weights, by, into, finish) = backward.Value.Run(blocks, weights, by, into, finish)

    /// The gradients by weights and bias, or what to add to them.
    member _.Gradients(isSum, blocks, from, by, scratch, weights: Floats, bias: Floats) =
        match few with
        | Some few -> few.Run(isSum, blocks, from, by, scratch, weights)
        | None -> many.Value.Run(isSum, blocks, from, by, scratch, weights)

        BiasGradient.run isSum link blocks by scratch bias
