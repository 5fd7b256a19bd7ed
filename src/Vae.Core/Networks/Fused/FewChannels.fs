namespace Vae.Core

#nowarn "9" // Memory by address.

open System.Runtime.Intrinsics

/// The gradient of the weights of a link between images of which one has few channels, such as the data: products are summed
/// lane by lane, where `WeightGradient` would leave most of a tile's lanes empty.
[<Sealed>]
type internal FewChannels(link: Link) =
    let isFewSources = link.Source.Channels <= link.Target.Channels

    let many, manyStride, few, fewStride =
        if isFewSources then
            link.Target, link.TargetStride, link.Source, link.SourceStride
        else
            link.Source, link.SourceStride, link.Target, link.TargetStride

    let offsets = link.Edges |> List.map _.Offset |> List.distinct |> List.toArray

    /// For each pixel of the side with many channels, those of the other that it meets, each with its offset's index.
    let meets: struct (int * int)[][] =
        let met = Array.init many.Pixels (fun _ -> ResizeArray())

        for e in link.Edges do
            let mine, theirs = if isFewSources then e.To, e.From else e.From, e.To
            met[mine].Add(struct (theirs, System.Array.IndexOf(offsets, e.Offset)))

        met |> Array.map _.ToArray()

    /// Vectors of sums: [channel of many, channel of few, offset].
    let vectors = many.Channels * few.Channels * offsets.Length

    /// Parts of the pixels, summed apart: as many whatever the number of threads, for the same sums everywhere.
    let parts = min 16 many.Pixels

    /// Few enough channels for this to be the faster way.
    static member Suits(link: Link) =
        link.Edges.Length > link.Source.Pixels
        && link.Edges.Length > link.Target.Pixels
        && min link.Source.Channels link.Target.Channels <= 4

    /// Numbers that `Run` sums in.
    member _.Scratch = parts * vectors * Tile.Vector

    /// The gradient by the weights, from the sources and the gradient by the targets, or what to add to it.
    member _.Run(isSum, blocks: int, from: Floats, by: Floats, scratch: Floats, gradient: Floats) =
        let manyFrom, fewFrom = if isFewSources then by, from else from, by

        Team.run parts (fun part ->
            let sums = Tile.at scratch (part * vectors * Tile.Vector)

            for i in 0 .. vectors - 1 do
                Tile.store sums (i * Tile.Vector) Vector512.Zero

            for block in 0 .. blocks - 1 do
                for pixel in part * many.Pixels / parts .. (part + 1) * many.Pixels / parts - 1 do
                    for channel in 0 .. many.Channels - 1 do
                        let index = block * many.Size + pixel * many.Channels + channel
                        let mine = Tile.at manyFrom (index * Tile.Lanes)

                        for struct (other, offset) in meets[pixel] do
                            for c in 0 .. few.Channels - 1 do
                                let index = block * few.Size + other * few.Channels + c
                                let at = ((channel * few.Channels + c) * offsets.Length + offset) * Tile.Vector
                                let products = Tile.products mine (Tile.at fewFrom (index * Tile.Lanes))
                                Tile.store sums at (Tile.load sums at + products))

        for channel in 0 .. many.Channels - 1 do
            for c in 0 .. few.Channels - 1 do
                for offset in 0 .. offsets.Length - 1 do
                    let at = (channel * few.Channels + c) * offsets.Length + offset
                    let mutable sum = Vector512<float32>.Zero

                    for part in 0 .. parts - 1 do
                        sum <- sum + Tile.load scratch ((part * vectors + at) * Tile.Vector)

                    Tile.put isSum gradient (channel * manyStride + c * fewStride + offsets[offset]) (Vector512.Sum sum)
