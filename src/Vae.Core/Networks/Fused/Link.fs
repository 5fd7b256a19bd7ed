namespace Vae.Core

/// That a target pixel sees a source pixel, by the weights of an offset.
[<Struct>]
type internal Edge = { To: int; From: int; Offset: int }

/// What a weighted layer connects: the channels of source pixels with those of target pixels. For each edge, the weight
/// between source channel s and target channel t stands at s * SourceStride + t * TargetStride + the edge's offset; the bias
/// of channel t at pixel p at t * BiasStride + p * BiasStep.
type internal Link = {
    Source: Extent
    SourceStride: int
    Target: Extent
    TargetStride: int
    BiasStride: int
    BiasStep: int
    Edges: Edge list
} with

    /// The same connections seen from the other side: what gradients pass through.
    member link.Reversed = {
        link with
            Source = link.Target
            SourceStride = link.TargetStride
            Target = link.Source
            TargetStride = link.SourceStride
            Edges = link.Edges |> List.map (fun e -> { To = e.From; From = e.To; Offset = e.Offset })
    }

[<RequireQualifiedAccess>]
module internal Link =
    /// The extent of numbers of a shape: [channels, height, width], or a vector.
    let extent (shape: int64[]) =
        match shape with
        | [| channels; height; width |] -> { Channels = int channels; Pixels = int (height * width) }
        | _ -> { Channels = int (Shape.size shape); Pixels = 1 }

    /// Where the middle of the kernel is at each pixel of the small side: the pixels of the large side under its taps.
    let private sliding (c: Convolution) (large: int64[]) (small: int64[]) (edge: int -> int -> int -> Edge) = [
        for y in 0 .. int small[1] - 1 do
            for x in 0 .. int small[2] - 1 do
                for i in 0 .. c.Kernel - 1 do
                    for j in 0 .. c.Kernel - 1 do
                        let down, right = y * c.Stride + i - c.Padding, x * c.Stride + j - c.Padding

                        if down >= 0 && down < int large[1] && right >= 0 && right < int large[2] then
                            edge (down * int large[2] + right) (y * int small[2] + x) (i * c.Kernel + j)
    ]

    /// Every number of one side with every number of the other. Numbers are counted channel by channel in the weights.
    let private dense (source: Extent) (target: Extent) = {
        Source = source
        SourceStride = source.Pixels
        Target = target
        TargetStride = target.Pixels * source.Size
        BiasStride = target.Pixels
        BiasStep = 1
        Edges = [
            for t in 0 .. target.Pixels - 1 do
                for s in 0 .. source.Pixels - 1 do
                    { To = t; From = s; Offset = t * source.Size + s }
        ]
    }

    /// The connections of a layer, where it is one of these. A linear layer takes and makes vectors that may be images to
    /// the layers before and after it, whose extents are given; convolutions know their own shapes.
    let ofLayer (source: Extent) (target: Extent) (input: int64[]) (output: int64[]) layer : Link option =
        match layer with
        | Layer.Linear _ when input.Length = 1 -> Some(dense source target)
        | Layer.Convolution c ->
            let taps = c.Kernel * c.Kernel

            Some {
                Source = extent input
                SourceStride = taps
                Target = extent output
                TargetStride = int input[0] * taps
                BiasStride = 1
                BiasStep = 0
                Edges = sliding c input output (fun large small tap -> { To = small; From = large; Offset = tap })
            }
        | Layer.ConvolutionTransposed c ->
            let taps = c.Kernel * c.Kernel

            Some {
                Source = extent input
                SourceStride = int output[0] * taps
                Target = extent output
                TargetStride = taps
                BiasStride = 1
                BiasStep = 0
                Edges = sliding c output input (fun large small tap -> { To = large; From = small; Offset = tap })
            }
        | _ -> None
