namespace Vae.Core

open System
open System.Numerics
open System.Runtime.InteropServices

/// The values of a data set as they are stored: bytes to be divided by a scale, or the numbers themselves, in memory or in a file.
[<NoComparison; ReferenceEquality>]
type internal StoredValues =
    | Bytes of ReadOnlyMemory<byte> * scale: float
    | Floats of ReadOnlyMemory<float32>
    /// So many numbers of a file from one on.
    | Filed of ValueFile * start: int * count: int

[<RequireQualifiedAccess>]
module internal StoredValues =
    let length values =
        match values with
        | Bytes(bytes, _) -> bytes.Length
        | Floats floats -> floats.Length
        | Filed(_, _, count) -> count

    let slice start count values =
        match values with
        | Bytes(bytes, scale) -> Bytes(bytes.Slice(start, count), scale)
        | Floats floats -> Floats(floats.Slice(start, count))
        | Filed(file, first, length) ->
            if start < 0 || count < 0 || start > length - count then
                invalidArg (nameof start) $"%d{count} numbers from %d{start} on, of %d{length}"

            Filed(file, first + start, count)

    /// As many numbers as the target holds, from bytes, each divided by a scale.
    let private scaled (source: ReadOnlySpan<byte>) (scale: float32) (target: Span<float32>) =
        let divisor = Vector<float32> scale
        let mutable i = 0

        while i <= source.Length - Vector<byte>.Count do
            let bytes = MemoryMarshal.Read<Vector<byte>>(source.Slice i)
            let lower, upper = Vector.WidenLower bytes, Vector.WidenUpper bytes
            let next = Vector<float32>.Count
            (Vector.ConvertToSingle(Vector.WidenLower lower) / divisor).CopyTo(target.Slice i)
            (Vector.ConvertToSingle(Vector.WidenUpper lower) / divisor).CopyTo(target.Slice(i + next))
            (Vector.ConvertToSingle(Vector.WidenLower upper) / divisor).CopyTo(target.Slice(i + 2 * next))
            (Vector.ConvertToSingle(Vector.WidenUpper upper) / divisor).CopyTo(target.Slice(i + 3 * next))
            i <- i + Vector<byte>.Count

        for j in i .. source.Length - 1 do
            target[j] <- float32 source[j] / scale

    /// Writes the numbers from `start` on, as many as the target holds.
    let decode start (target: Span<float32>) values =
        match values with
        | Floats floats -> floats.Span.Slice(start, target.Length).CopyTo target
        | Filed(file, first, length) ->
            if start > length - target.Length then
                invalidArg (nameof start) $"%d{target.Length} numbers from %d{start} on, of %d{length}"

            file.Read(first + start, target)
        | Bytes(bytes, scale) -> scaled (bytes.Span.Slice(start, target.Length)) (float32 scale) target

    let toFloats values =
        let target = Array.zeroCreate (length values)
        decode 0 (target.AsSpan()) values
        target

    /// As bytes where both are bytes of one scale, else as floats.
    let append a b =
        match a, b with
        | Bytes(first, scale), Bytes(second, other) when scale = other ->
            Bytes(ReadOnlyMemory(Array.append (first.ToArray()) (second.ToArray())), scale)
        | _ -> Floats(ReadOnlyMemory(Array.append (toFloats a) (toFloats b)))

    /// The numbers a block at a time: of those of a file no more are held at once.
    let blocks values : ReadOnlyMemory<float32> seq =
        match values with
        | Floats floats -> Seq.singleton floats
        | _ ->
            let size = 1 <<< 20
            let length = length values

            seq {
                for start in 0..size .. length - 1 do
                    let block = Array.zeroCreate (min size (length - start))
                    decode start (block.AsSpan()) values
                    ReadOnlyMemory block
            }

    /// Items of a size by their numbers, in their order.
    let pick (size: int) (items: int[]) values =
        let copy (source: ReadOnlyMemory<'t>) : ReadOnlyMemory<'t> =
            let target = Array.zeroCreate (items.Length * size)

            items
            |> Array.iteri (fun i item -> source.Span.Slice(item * size, size).CopyTo(target.AsSpan(i * size, size)))

            ReadOnlyMemory target

        match values with
        | Bytes(bytes, scale) -> Bytes(copy bytes, scale)
        | Floats floats -> Floats(copy floats)
        | Filed _ ->
            let target = Array.zeroCreate (items.Length * size)

            items |> Array.iteri (fun i item -> decode (item * size) (target.AsSpan(i * size, size)) values)

            Floats(ReadOnlyMemory target)

    let isComplete values =
        match values with
        | Bytes _ -> true
        | Floats _
        | Filed _ ->
            let isComplete (block: ReadOnlyMemory<float32>) =
                let span = block.Span
                let mutable i = 0

                while i < span.Length && not (Single.IsNaN span[i]) do
                    i <- i + 1

                i = span.Length

            Seq.forall isComplete (blocks values)

    let isBinary values =
        match values with
        | Floats _
        | Filed _ -> blocks values |> Seq.forall (fun block -> block.Span.IndexOfAnyExcept(0.0f, 1.0f) < 0)
        | Bytes(bytes, scale) ->
            // The byte that stands for 1, if there is one.
            let one = if scale = floor scale && scale <= 255.0 then byte scale else 0uy
            bytes.Span.IndexOfAnyExcept(0uy, one) < 0
