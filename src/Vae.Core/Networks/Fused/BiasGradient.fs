namespace Vae.Core

#nowarn "9" // Memory by address.

open System.Runtime.Intrinsics

/// The gradient of a link's biases: sums over the batch, and over the pixels that share one.
[<RequireQualifiedAccess>]
module internal BiasGradient =
    /// Parts of the pixels, summed apart: as many whatever the number of threads, for the same sums everywhere.
    let private parts (link: Link) = if link.BiasStep = 0 then min 16 link.Target.Pixels else link.Target.Pixels

    /// Numbers that `run` sums in.
    let scratch (link: Link) = parts link * link.Target.Channels * Tile.Vector

    let run isSum (link: Link) blocks (by: Floats) (scratch: Floats) (gradient: Floats) =
        let target, parts = link.Target, parts link

        Team.run parts (fun part ->
            let sums = Tile.at scratch (part * target.Channels * Tile.Vector)

            for i in 0 .. target.Channels - 1 do
                Tile.store sums (i * Tile.Vector) Vector512.Zero

            for block in 0 .. blocks - 1 do
                for pixel in part * target.Pixels / parts .. (part + 1) * target.Pixels / parts - 1 do
                    for channel in 0 .. target.Channels - 1 do
                        let from = Tile.at by ((block * target.Size + pixel * target.Channels + channel) * Tile.Lanes)
                        let at = channel * Tile.Vector
                        Tile.store sums at (Tile.load sums at + Tile.total from))

        for channel in 0 .. target.Channels - 1 do
            let sum part = Tile.load scratch ((part * target.Channels + channel) * Tile.Vector)

            if link.BiasStep = 0 then
                let mutable all = sum 0

                for part in 1 .. parts - 1 do
                    all <- all + sum part

                Tile.put isSum gradient (channel * link.BiasStride) (Vector512.Sum all)
            else
                for part in 0 .. parts - 1 do
                    Tile.put isSum gradient (channel * link.BiasStride + part * link.BiasStep) (Vector512.Sum(sum part))
