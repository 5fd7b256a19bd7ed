namespace Vae.Core

#nowarn "9" // Memory by address.

open System
open System.Runtime.CompilerServices
open System.Runtime.InteropServices
open System.Runtime.Intrinsics
open FSharp.NativeInterop

/// Where the two factors of each term of a tile's sums are: offsets from its rows and from its lanes.
[<Sealed>]
type internal Terms(rows: int[], lanes: int[]) =
    let count = rows.Length

    // Rows first, then lanes, where the garbage collector does not move them. A member has to use the array: nothing else
    // would hold it.
    let offsets =
        let pinned = GC.AllocateUninitializedArray<int>(2 * count + 1, pinned = true)
        rows.CopyTo(pinned, 0)
        lanes.CopyTo(pinned, count)
        pinned

    let start: nativeptr<int> = NativePtr.ofNativeInt (Marshal.UnsafeAddrOfPinnedArrayElement(offsets, 0))
    let lanesStart = NativePtr.add start (offsets.Length / 2)

    member _.Count = offsets.Length / 2
    /// For as long as these terms are alive.
    member _.Rows = start
    member _.Lanes = lanesStart

/// A tile: what the innermost loop of every product of matrices, convolution and gradient computes at once, in the
/// processor's registers. Row i, lane l of it is the sum over terms t of rows[i * stride + Rows[t]] * lanes[Lanes[t] + l].
/// The offsets may be any, so that a convolution needs no copy of the pixels under its kernel.
[<RequireQualifiedAccess>]
module internal Tile =
    /// The numbers of a vector.
    [<Literal>]
    let Vector = 16

    /// Lanes of a tile: four vectors, so that a row's number is loaded once for all of them.
    [<Literal>]
    let Lanes = 64

    /// Rows of a tile: with four vectors each they fill the 32 registers, less those of the factors.
    [<Literal>]
    let Rows = 6

    /// Whether the processor computes with such vectors. Elsewhere they would be emulated, slower than libtorch.
    let isFast = Vector512.IsHardwareAccelerated

    /// The first address of a vector at or after this one, at most 15 numbers on.
    let inline aligned (start: Floats) : Floats =
        NativePtr.ofNativeInt ((NativePtr.toNativeInt start + 63n) / 64n * 64n)

    let inline at (start: Floats) (index: int) : Floats = NativePtr.add start index
    let inline load (start: Floats) (index: int) : Vector512<float32> = Vector512.Load(at start index)
    let inline store (start: Floats) (index: int) (v: Vector512<float32>) = Vector512.Store(v, at start index)
    let inline get (start: Floats) (index: int) : float32 = NativePtr.get start index
    let inline set (start: Floats) (index: int) (value: float32) = NativePtr.set start index value

    /// Numbers too small for their full precision become 0: processors take many times as long over them.
    let inline private flush (v: Vector512<float32>) =
        let size = v.AsUInt32() &&& Vector512.Create 0x7FFFFFFFu
        v &&& Vector512.GreaterThanOrEqual(size, Vector512.Create 0x00800000u).AsSingle()

    /// Puts the first numbers of a row of 64 to places a distance from one another, or adds them to what is there.
    let spread isSum count (row: Floats) (into: Floats) distance =
        for i in 0..Vector .. Lanes - 1 do
            store row i (flush (load row i))

        if isSum then
            for i in 0 .. count - 1 do
                set into (i * distance) (get into (i * distance) + get row i)
        elif distance = 1 && count = Lanes then
            for i in 0..Vector .. Lanes - 1 do
                store into i (load row i)
        else
            for i in 0 .. count - 1 do
                set into (i * distance) (get row i)

    /// Puts a number, or adds it to what is there.
    let put isSum (into: Floats) index value = set into index (if isSum then get into index + value else value)

    let inline private product a b i = load a i * load b i

    /// The products of two rows of 64 lanes, vector by vector added up.
    let inline products (a: Floats) (b: Floats) : Vector512<float32> =
        (product a b 0 + product a b Vector) + (product a b (2 * Vector) + product a b (3 * Vector))

    /// The vectors of a row of 64 lanes added up.
    let inline total (a: Floats) : Vector512<float32> =
        (load a 0 + load a Vector) + (load a (2 * Vector) + load a (3 * Vector))

    let inline private broadcast (start: Floats) (index: int) = Vector512.Create(NativePtr.get start index)

    let inline private fma (a: Vector512<float32>) (b: Vector512<float32>) (c: Vector512<float32>) =
        Vector512.FusedMultiplyAdd(a, b, c)

    /// Where a sum begins: at nothing, or at what is there.
    let inline private first isSum (into: Floats) index = if isSum then load into index else Vector512<float32>.Zero

    /// Six rows.
    let inline private sixRows
        (isSum: bool)
        (rows: Floats)
        (stride: int)
        (lanes: Floats)
        (terms: Terms)
        (into: Floats)
        =
        let rowOffsets, laneOffsets, count = terms.Rows, terms.Lanes, terms.Count
        let r0 = rows
        let r1 = at rows stride
        let r2 = at rows (2 * stride)
        let r3 = at rows (3 * stride)
        let r4 = at rows (4 * stride)
        let r5 = at rows (5 * stride)
        let mutable s00 = first isSum into 0
        let mutable s01 = first isSum into 16
        let mutable s02 = first isSum into 32
        let mutable s03 = first isSum into 48
        let mutable s10 = first isSum into 64
        let mutable s11 = first isSum into 80
        let mutable s12 = first isSum into 96
        let mutable s13 = first isSum into 112
        let mutable s20 = first isSum into 128
        let mutable s21 = first isSum into 144
        let mutable s22 = first isSum into 160
        let mutable s23 = first isSum into 176
        let mutable s30 = first isSum into 192
        let mutable s31 = first isSum into 208
        let mutable s32 = first isSum into 224
        let mutable s33 = first isSum into 240
        let mutable s40 = first isSum into 256
        let mutable s41 = first isSum into 272
        let mutable s42 = first isSum into 288
        let mutable s43 = first isSum into 304
        let mutable s50 = first isSum into 320
        let mutable s51 = first isSum into 336
        let mutable s52 = first isSum into 352
        let mutable s53 = first isSum into 368

        for t in 0 .. count - 1 do
            let r = NativePtr.get rowOffsets t
            let l = at lanes (NativePtr.get laneOffsets t)
            let l0 = load l 0
            let l1 = load l 16
            let l2 = load l 32
            let l3 = load l 48
            let x = broadcast r0 r
            s00 <- fma x l0 s00
            s01 <- fma x l1 s01
            s02 <- fma x l2 s02
            s03 <- fma x l3 s03
            let x = broadcast r1 r
            s10 <- fma x l0 s10
            s11 <- fma x l1 s11
            s12 <- fma x l2 s12
            s13 <- fma x l3 s13
            let x = broadcast r2 r
            s20 <- fma x l0 s20
            s21 <- fma x l1 s21
            s22 <- fma x l2 s22
            s23 <- fma x l3 s23
            let x = broadcast r3 r
            s30 <- fma x l0 s30
            s31 <- fma x l1 s31
            s32 <- fma x l2 s32
            s33 <- fma x l3 s33
            let x = broadcast r4 r
            s40 <- fma x l0 s40
            s41 <- fma x l1 s41
            s42 <- fma x l2 s42
            s43 <- fma x l3 s43
            let x = broadcast r5 r
            s50 <- fma x l0 s50
            s51 <- fma x l1 s51
            s52 <- fma x l2 s52
            s53 <- fma x l3 s53

        store into 0 s00
        store into 16 s01
        store into 32 s02
        store into 48 s03
        store into 64 s10
        store into 80 s11
        store into 96 s12
        store into 112 s13
        store into 128 s20
        store into 144 s21
        store into 160 s22
        store into 176 s23
        store into 192 s30
        store into 208 s31
        store into 224 s32
        store into 240 s33
        store into 256 s40
        store into 272 s41
        store into 288 s42
        store into 304 s43
        store into 320 s50
        store into 336 s51
        store into 352 s52
        store into 368 s53

    /// One row.
    let inline private oneRow (isSum: bool) (rows: Floats) (lanes: Floats) (terms: Terms) (into: Floats) =
        let rowOffsets, laneOffsets, count = terms.Rows, terms.Lanes, terms.Count
        let r0 = rows
        let mutable s00 = first isSum into 0
        let mutable s01 = first isSum into 16
        let mutable s02 = first isSum into 32
        let mutable s03 = first isSum into 48

        for t in 0 .. count - 1 do
            let r = NativePtr.get rowOffsets t
            let l = at lanes (NativePtr.get laneOffsets t)
            let l0 = load l 0
            let l1 = load l 16
            let l2 = load l 32
            let l3 = load l 48
            let x = broadcast r0 r
            s00 <- fma x l0 s00
            s01 <- fma x l1 s01
            s02 <- fma x l2 s02
            s03 <- fma x l3 s03

        store into 0 s00
        store into 16 s01
        store into 32 s02
        store into 48 s03

    // Methods of their own, without a branch, and with no call once a sum has begun: so the sums stay in registers.
    [<MethodImpl(MethodImplOptions.NoInlining)>]
    let private six rows stride lanes terms into = sixRows false rows stride lanes terms into

    [<MethodImpl(MethodImplOptions.NoInlining)>]
    let private sixMore rows stride lanes terms into = sixRows true rows stride lanes terms into

    [<MethodImpl(MethodImplOptions.NoInlining)>]
    let private one rows lanes terms into = oneRow false rows lanes terms into

    [<MethodImpl(MethodImplOptions.NoInlining)>]
    let private oneMore rows lanes terms into = oneRow true rows lanes terms into

    /// Computes a tile of so many rows, at most six, one after the other, or adds it to what is there.
    let compute count rows stride lanes terms into isSum =
        if count = Rows then
            if isSum then
                sixMore rows stride lanes terms into
            else
                six rows stride lanes terms into
        else
            for i in 0 .. count - 1 do
                let rows, into = at rows (i * stride), at into (i * Lanes)

                if isSum then oneMore rows lanes terms into else one rows lanes terms into
