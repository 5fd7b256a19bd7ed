namespace Vae.Core

#nowarn "9" // Memory by address.

open System.Runtime.Intrinsics
open FSharp.NativeInterop

/// The gradient of a link's weights: for each pair of channels and each offset, the sum of products over the pixels that the
/// offset connects and over the batch. One side is laid out anew for it, the channels of a pixel as lanes.
[<Sealed>]
type internal WeightGradient(link: Link) =
    static let upTo multiple n = (n + multiple - 1) / multiple * multiple

    /// The sources as lanes, where they leave fewer lanes empty, or as many and are fewer to lay out. Between vectors their
    /// weights are next to one another.
    let isAcrossSources =
        let cost (across: Extent) (along: Extent) =
            upTo Tile.Lanes across.Channels * upTo Tile.Rows along.Channels, across.Pixels

        link.Edges.Length = 1 || cost link.Source link.Target <= cost link.Target link.Source

    let across, acrossStride, along, alongStride =
        if isAcrossSources then
            link.Source, link.SourceStride, link.Target, link.TargetStride
        else
            link.Target, link.TargetStride, link.Source, link.SourceStride

    /// Offsets, each with the pixels along and across that it connects.
    let offsets: struct (int * struct (int * int)[])[] =
        link.Edges
        |> List.groupBy _.Offset
        |> List.map (fun (offset, edges) ->
            let pair (e: Edge) = if isAcrossSources then struct (e.To, e.From) else struct (e.From, e.To)
            struct (offset, edges |> List.map pair |> List.toArray))
        |> List.toArray

    let laneGroups = upTo Tile.Lanes across.Channels / Tile.Lanes

    /// Numbers of one pixel of a lane group in a block.
    let square = Tile.Lanes * Tile.Lanes

    /// The across side as [lane group, pixel, example, lane].
    let layOut blocks (from: Floats) (into: Floats) =
        Team.run (laneGroups * across.Pixels * blocks) (fun piece ->
            let block = piece % blocks
            let pixel = piece / blocks % across.Pixels
            let first = piece / blocks / across.Pixels * Tile.Lanes
            let from = Tile.at from ((block * across.Size + pixel * across.Channels + first) * Tile.Lanes)
            Square.transpose (min Tile.Lanes (across.Channels - first)) from (Tile.at into (piece * square)))

    /// Tiles of a piece of work: lanes are loaded once for all of them.
    [<Literal>]
    let tiles = 6

    let rows = tiles * Tile.Rows
    let rowGroups = (along.Channels + rows - 1) / rows

    let sum isSum blocks (alongFrom: Floats) (lanes: Floats) (gradient: Floats) =
        let examples = blocks * Tile.Lanes

        let terms =
            Terms(
                Array.init examples (fun e -> e / Tile.Lanes * along.Size * Tile.Lanes + e % Tile.Lanes),
                Array.init examples (fun e -> e * Tile.Lanes)
            )

        Team.run (offsets.Length * laneGroups * rowGroups) (fun piece ->
            let first = piece % rowGroups * rows
            let laneGroup = piece / rowGroups % laneGroups
            let struct (offset, pairs) = offsets[piece / rowGroups / laneGroups]
            let last = min along.Channels (first + rows) - 1
            let held = Tile.aligned (NativePtr.stackalloc<float32>(6 * 6 * 64 + Tile.Vector))

            for i in 0 .. Tile.Vector .. (last - first + 1) * Tile.Lanes - 1 do
                Tile.store held i Vector512.Zero

            for struct (a, b) in pairs do
                let lanes = Tile.at lanes ((laneGroup * across.Pixels + b) * blocks * square)
                let from = Tile.at alongFrom (a * along.Channels * Tile.Lanes)

                for channel in first .. Tile.Rows .. last do
                    let count = min Tile.Rows (last + 1 - channel)
                    let into = Tile.at held ((channel - first) * Tile.Lanes)
                    Tile.compute count (Tile.at from (channel * Tile.Lanes)) Tile.Lanes lanes terms into true

            let laneCount = min Tile.Lanes (across.Channels - laneGroup * Tile.Lanes)

            for channel in first..last do
                let into = Tile.at gradient (channel * alongStride + laneGroup * Tile.Lanes * acrossStride + offset)

                Tile.spread isSum laneCount (Tile.at held ((channel - first) * Tile.Lanes)) into acrossStride)

    /// Numbers that `Run` lays out anew.
    member _.Scratch blocks = laneGroups * across.Pixels * blocks * square

    /// The gradient by the weights, from the sources and the gradient by the targets, or what to add to it.
    member _.Run(isSum, blocks: int, from: Floats, by: Floats, scratch: Floats, gradient: Floats) =
        let acrossFrom, alongFrom = if isAcrossSources then from, by else by, from
        layOut blocks acrossFrom scratch
        sum isSum blocks alongFrom scratch gradient
