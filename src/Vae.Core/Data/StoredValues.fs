namespace Vae.Core

open System
open System.Numerics
open System.Runtime.InteropServices

/// The values of a data set as they are stored: bytes to be divided by a scale, or the numbers themselves.
[<NoComparison; ReferenceEquality>]
type internal StoredValues =
    | Bytes of ReadOnlyMemory<byte> * scale: float
    | Floats of ReadOnlyMemory<float32>

[<RequireQualifiedAccess>]
module internal StoredValues =
    let length values =
        match values with
        | Bytes(bytes, _) -> bytes.Length
        | Floats floats -> floats.Length

    let slice start count values =
        match values with
        | Bytes(bytes, scale) -> Bytes(bytes.Slice(start, count), scale)
        | Floats floats -> Floats(floats.Slice(start, count))

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

    let isComplete values =
        match values with
        | Bytes _ -> true
        | Floats floats ->
            let span = floats.Span
            let mutable i = 0

            while i < span.Length && not (Single.IsNaN span[i]) do
                i <- i + 1

            i = span.Length

    let isBinary values =
        match values with
        | Floats floats -> floats.Span.IndexOfAnyExcept(0.0f, 1.0f) < 0
        | Bytes(bytes, scale) ->
            // The byte that stands for 1, if there is one.
            let one = if scale = floor scale && scale <= 255.0 then byte scale else 0uy
            bytes.Span.IndexOfAnyExcept(0uy, one) < 0
