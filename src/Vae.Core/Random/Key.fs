namespace Vae.Core

open System
open System.Numerics
open TorchSharp

/// Randomness as a value: equal keys give equal numbers, on any thread and in any order of asking.
[<Struct; CustomEquality; NoComparison>]
type Key =
    private
    | Key of uint64

    override this.ToString() =
        let (Key bits) = this
        $"Key %016x{bits}"

    override this.GetHashCode() =
        let (Key bits) = this
        bits.GetHashCode()

    override this.Equals other =
        match other with
        | :? Key as key -> (this :> IEquatable<Key>).Equals key
        | _ -> false

    interface IEquatable<Key> with
        member this.Equals other =
            let (Key mine), (Key theirs) = this, other
            mine = theirs

/// Keys and the noise drawn from them, by Philox4x32-10, a keyed bijection of counters, so that noise needs no state.
/// J. K. Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
[<RequireQualifiedAccess>]
module Key =
    /// 128 random bits: the image of a counter under a key. The counter's high half is its stream.
    let private philox (key: uint64) (stream: uint64) (counter: uint64) =
        let mutable c0, c1 = uint32 counter, uint32 (counter >>> 32)
        let mutable c2, c3 = uint32 stream, uint32 (stream >>> 32)
        let mutable k0, k1 = uint32 key, uint32 (key >>> 32)

        for _ in 1..10 do
            let p, q = uint64 c0 * 0xD2511F53UL, uint64 c2 * 0xCD9E8D57UL
            c0 <- uint32 (q >>> 32) ^^^ c1 ^^^ k0
            c1 <- uint32 q
            c2 <- uint32 (p >>> 32) ^^^ c3 ^^^ k1
            c3 <- uint32 p
            k0 <- k0 + 0x9E3779B9u
            k1 <- k1 + 0xBB67AE85u

        struct (uint64 c1 <<< 32 ||| uint64 c0, uint64 c3 <<< 32 ||| uint64 c2)

    /// Noise and derived keys come from different streams of counters, so that neither repeats the other.
    let private noise, private folds, private names = 0UL, 1UL, 2UL

    /// The key with these 64 bits.
    let ofBits (bits: uint64) = Key bits

    /// The 64 bits of a key.
    let bits (Key bits) = bits

    /// The key of a seed; different seeds give different keys.
    let ofSeed (seed: int) = Key(uint64 (uint32 seed))

    /// The n-th key derived from a key.
    let fold (n: int) (Key key) =
        let struct (derived, _) = philox key folds (uint64 (uint32 n))
        Key derived

    /// `fold`, of a number of 64 bits: the same key where 32 hold it.
    let internal foldWide (n: int64) (Key key) =
        let struct (derived, _) = philox key folds (uint64 n)
        Key derived

    /// The key derived from a key by a name.
    let foldName (name: string) (Key key) =
        let mutable derived = key

        for character in name do
            let struct (next, _) = philox derived names (uint64 character)
            derived <- next

        Key derived

    /// Two keys that are independent of each other and of the noise of the key they came from.
    let split key = fold 0 key, fold 1 key

    /// 64 random bits, the n-th of a key.
    let word (n: int64) (Key key) =
        let struct (a, b) = philox key noise (uint64 n >>> 1)
        if n &&& 1L = 0L then a else b

    /// In (0, 1), 53 bits of them.
    let private unit (bits: uint64) = (float (bits >>> 11) + 0.5) * (1.0 / 9007199254740992.0)

    /// The n-th uniform number in (0, 1) of a key.
    let unitAt (n: int64) key = unit (word n key)

    let private belowOne (x: float) = min (float32 x) (MathF.BitDecrement 1.0f)

    /// Values that a thread makes at a time: an even number.
    let private piece = 512

    /// Values of a shape, two from each counter.
    let private fill
        (place: Placement)
        (shape: int64[])
        (Key key)
        narrow
        (pair: float -> float -> struct (float * float))
        : Tensor =
        Native.load ()
        let asked = shape |> Array.fold (fun product d -> product * bigint d) 1I

        if asked > bigint Array.MaxLength then
            Check.refuse
                (nameof shape)
                $"%s{Check.shape shape}, of %O{asked} numbers"
                $"at most %d{Array.MaxLength} numbers at a time"

        let count = int asked

        // Each counter's numbers are its own, whichever thread asks.
        let generate (write: int -> float -> unit) =
            Team.run (count / piece + min 1 (count % piece)) (fun part ->
                let first = part * piece

                for i in first..2 .. first + min piece (count - first) - 1 do
                    let struct (a, b) = philox key noise (uint64 (i / 2))
                    let struct (x, y) = pair (unit a) (unit b)
                    write i x

                    if i + 1 < count then
                        write (i + 1) y)

        let flat () =
            if place.DType = torch.ScalarType.Float64 then
                let values = Array.zeroCreate<float> count
                generate (fun i x -> values[i] <- x)
                torch.tensor values
            else
                let values = Array.zeroCreate<float32> count
                generate (fun i x -> values[i] <- narrow x)
                torch.tensor values

        Tensor.scoped (fun () -> (flat ()).``to``(place.DType, place.Device).reshape shape)

    /// Uniform numbers in (0, 1): in float32 the float64 numbers rounded, but never to 1.
    let uniform place shape key : Tensor = fill place shape key belowOne (fun a b -> struct (a, b))

    /// Standard normal numbers, by Box and Muller's transform.
    let normal place shape key : Tensor =
        fill place shape key float32 (fun a b ->
            let radius, angle = sqrt (-2.0 * log a), 2.0 * Math.PI * b
            struct (radius * cos angle, radius * sin angle))

    /// A permutation of 0 .. n - 1, every one equally likely (Fisher and Yates's shuffle).
    let permutation (n: int) key : int[] =
        let order = Array.init n id

        for i in n - 1 .. -1 .. 1 do
            // The high word of a 64-bit product is a uniform index, off by at most n / 2^64.
            let j = int (Math.BigMul(word (int64 i) key, uint64 (i + 1)) >>> 64)
            let swapped = order[i]
            order[i] <- order[j]
            order[j] <- swapped

        order
