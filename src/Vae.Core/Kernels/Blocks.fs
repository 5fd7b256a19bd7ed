namespace Vae.Core

#nowarn "9" // Memory by address.

open FSharp.NativeInterop

/// The numbers of an example: channels of pixels. A vector is one pixel.
[<Struct>]
type internal Extent = {
    Channels: int
    Pixels: int
} with

    member extent.Size = extent.Channels * extent.Pixels

/// A batch as the kernels hold it: blocks of 64 examples, and in each block [pixel, channel, 64 lanes], a lane for each
/// example. What a layer does to one example it so does to 64 at once, whatever the layer; and all channels of a pixel
/// are next to one another.
[<RequireQualifiedAccess>]
module internal Blocks =
    /// Blocks that hold so many examples. Lanes of the last one that hold none are zeros.
    let count (examples: int) = (examples + Tile.Lanes - 1) / Tile.Lanes

    /// Numbers of an example that are moved in one piece of work.
    let private piece = 64

    /// For each block and part of an example: the block, the examples in it, and the part's first number and end.
    let private overParts examples size (move: int -> int -> int -> int -> unit) =
        let parts = (size + piece - 1) / piece

        Team.run (count examples * parts) (fun i ->
            let block, first = i / parts, i % parts * piece
            move block (min Tile.Lanes (examples - block * Tile.Lanes)) first (min size (first + piece)))

    /// The place among [channel, pixel] of a number that is at a place among [pixel, channel].
    let inline private rowOrder (extent: Extent) i = i % extent.Channels * extent.Pixels + i / extent.Channels

    /// Rows [examples, channel, pixel] to blocks.
    let gather (examples: int) (extent: Extent) (rows: Floats) (blocks: Floats) =
        let size = extent.Size

        overParts examples size (fun block here first last ->
            let from = Tile.at rows (block * Tile.Lanes * size)
            let into = Tile.at blocks (block * Tile.Lanes * size)

            for i in first .. last - 1 do
                let lanes, k = Tile.at into (i * Tile.Lanes), rowOrder extent i

                for e in 0 .. here - 1 do
                    NativePtr.set lanes e (NativePtr.get from (e * size + k))

                for e in here .. Tile.Lanes - 1 do
                    NativePtr.set lanes e 0.0f)

    /// Blocks to rows [examples, channel, pixel].
    let scatter (examples: int) (extent: Extent) (blocks: Floats) (rows: Floats) =
        let size = extent.Size

        overParts examples size (fun block here first last ->
            let from = Tile.at blocks (block * Tile.Lanes * size)
            let into = Tile.at rows (block * Tile.Lanes * size)

            for e in 0 .. here - 1 do
                for i in first .. last - 1 do
                    NativePtr.set into (e * size + rowOrder extent i) (NativePtr.get from (i * Tile.Lanes + e)))
