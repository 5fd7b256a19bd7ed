namespace Vae.Core

#nowarn "9" // Memory by address.

open System.Runtime.Intrinsics
open System.Runtime.Intrinsics.X86

/// Squares of 64 by 64 numbers, turned about their diagonal.
[<RequireQualifiedAccess>]
module internal Square =
    // The halves of pairs of rows next to one another; then of pairs of those; then quarters of rows.
    let inline private lower (a: Vector512<float32>) (b: Vector512<float32>) = Avx512F.UnpackLow(a, b)
    let inline private upper (a: Vector512<float32>) (b: Vector512<float32>) = Avx512F.UnpackHigh(a, b)

    let inline private lowerPairs (a: Vector512<float32>) (b: Vector512<float32>) =
        Avx512F.UnpackLow(a.AsDouble(), b.AsDouble()).AsSingle()

    let inline private upperPairs (a: Vector512<float32>) (b: Vector512<float32>) =
        Avx512F.UnpackHigh(a.AsDouble(), b.AsDouble()).AsSingle()

    let inline private even (a: Vector512<float32>) (b: Vector512<float32>) =
        Avx512F.Shuffle4x128(a, b, 0b10_00_10_00uy)

    let inline private odd (a: Vector512<float32>) (b: Vector512<float32>) = Avx512F.Shuffle4x128(a, b, 0b11_01_11_01uy)

    /// Four rows of 16, four columns in each quarter.
    let inline private quad (from: Floats) row =
        let a, b = Tile.load from (row * Tile.Lanes), Tile.load from ((row + 1) * Tile.Lanes)
        let c, d = Tile.load from ((row + 2) * Tile.Lanes), Tile.load from ((row + 3) * Tile.Lanes)
        let ab, cd = lower a b, lower c d
        let ab', cd' = upper a b, upper c d
        struct (lowerPairs ab cd, upperPairs ab cd, lowerPairs ab' cd', upperPairs ab' cd')

    /// Columns j, j + 4, j + 8 and j + 12 of 16 rows, from the j-th of each four rows.
    let inline private columns j a b c d (into: Floats) =
        let ab, cd, ab', cd' = even a b, even c d, odd a b, odd c d
        Tile.store into (j * Tile.Lanes) (even ab cd)
        Tile.store into ((j + 8) * Tile.Lanes) (odd ab cd)
        Tile.store into ((j + 4) * Tile.Lanes) (even ab' cd')
        Tile.store into ((j + 12) * Tile.Lanes) (odd ab' cd')

    let private sixteen (from: Floats) (into: Floats) =
        let struct (a0, a1, a2, a3) = quad from 0
        let struct (b0, b1, b2, b3) = quad from 4
        let struct (c0, c1, c2, c3) = quad from 8
        let struct (d0, d1, d2, d3) = quad from 12
        columns 0 a0 b0 c0 d0 into
        columns 1 a1 b1 c1 d1 into
        columns 2 a2 b2 c2 d2 into
        columns 3 a3 b3 c3 d3 into

    /// Column r of the result is row r, of `rows` rows of 64; the other columns are zeros.
    let transpose (rows: int) (from: Floats) (into: Floats) =
        for row in 0..16..48 do
            for column in 0..16..48 do
                let into = Tile.at into (column * Tile.Lanes + row)

                if row + 16 <= rows then
                    sixteen (Tile.at from (row * Tile.Lanes + column)) into
                else
                    for i in 0..15 do
                        Tile.store into (i * Tile.Lanes) Vector512.Zero

                    for r in row .. rows - 1 do
                        for i in 0..15 do
                            Tile.set into (i * Tile.Lanes + r - row) (Tile.get from (r * Tile.Lanes + column + i))
