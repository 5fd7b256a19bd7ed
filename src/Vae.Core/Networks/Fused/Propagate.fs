namespace Vae.Core

#nowarn "9" // Memory by address.

open System.Collections.Generic

/// A link prepared to carry numbers from its sources to its targets: for each target pixel, where what it sees stands.
[<Sealed>]
type internal Propagate(link: Link) =
    let source, target = link.Source, link.Target

    let pixels: struct (Edge * Terms)[] =
        let known = Dictionary<struct (int * int) list, Terms>()

        let terms (seen: struct (int * int) list) =
            match known.TryGetValue seen with
            | true, terms -> terms
            | _ ->
                let all = [|
                    for struct (pixel, offset) in seen do
                        for c in 0 .. source.Channels - 1 do
                            struct (c * link.SourceStride + offset, (pixel * source.Channels + c) * Tile.Lanes)
                |]

                let terms =
                    Terms(Array.map (fun struct (row, _) -> row) all, Array.map (fun struct (_, lane) -> lane) all)

                known[seen] <- terms
                terms

        let prepare (target, edges: Edge list) : struct (Edge * Terms) =
            // Pixels in the middle of an image all see the same, but for where it begins.
            let first = {
                To = target
                From = edges |> List.map _.From |> List.min
                Offset = edges |> List.map _.Offset |> List.min
            }

            first, terms [ for e in edges -> struct (e.From - first.From, e.Offset - first.Offset) ]

        let nothing: struct (Edge * Terms) = { To = 0; From = 0; Offset = 0 }, terms []
        let prepared = Array.create target.Pixels nothing

        for pixel, edges in link.Edges |> List.groupBy _.To do
            prepared[pixel] <- prepare (pixel, edges)

        prepared

    /// Target channels of a piece of work: several tiles' rows.
    let group = 10 * Tile.Rows

    let groups = (target.Channels + group - 1) / group

    /// The targets of blocks, from their sources and the weights.
    member _.Run(blocks: int, weights: Floats, sources: Floats, targets: Floats, how: Finish) =
        Team.run (blocks * target.Pixels * groups) (fun piece ->
            let first = piece % groups * group
            let pixel = piece / groups % target.Pixels
            let block = piece / groups / target.Pixels
            let struct (seen, terms) = pixels[pixel]
            let from = Tile.at sources ((block * source.Size + seen.From * source.Channels) * Tile.Lanes)

            for channel in first .. Tile.Rows .. min target.Channels (first + group) - 1 do
                let count = min Tile.Rows (target.Channels - channel)
                let at = (block * target.Size + pixel * target.Channels + channel) * Tile.Lanes
                let rows = Tile.at weights (channel * link.TargetStride + seen.Offset)
                Tile.compute count rows link.TargetStride from terms (Tile.at targets at) false

                for i in 0 .. count - 1 do
                    Finish.apply
                        how
                        targets
                        (at + i * Tile.Lanes)
                        ((channel + i) * link.BiasStride + pixel * link.BiasStep))
