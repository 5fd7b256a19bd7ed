namespace Vae.Core

open System

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

    /// The number of every byte of a scale; empty for floats.
    let table values =
        match values with
        | Bytes(_, scale) -> Array.init 256 (fun b -> float32 (float b / scale))
        | Floats _ -> [||]

    /// Writes the numbers from `start` on, as many as the target holds. The table is that of the values.
    let decode (table: float32[]) start (target: Span<float32>) values =
        match values with
        | Floats floats -> floats.Span.Slice(start, target.Length).CopyTo target
        | Bytes(bytes, _) ->
            let source = bytes.Span.Slice(start, target.Length)

            for j in 0 .. target.Length - 1 do
                target[j] <- table[int source[j]]

    let private toFloats values =
        let target = Array.zeroCreate (length values)
        decode (table values) 0 (target.AsSpan()) values
        target

    /// As bytes where both are bytes of one scale, else as floats.
    let append a b =
        match a, b with
        | Bytes(first, scale), Bytes(second, other) when scale = other ->
            Bytes(ReadOnlyMemory(Array.append (first.ToArray()) (second.ToArray())), scale)
        | _ -> Floats(ReadOnlyMemory(Array.append (toFloats a) (toFloats b)))

    let isBinary values =
        match values with
        | Floats floats -> floats.Span.IndexOfAnyExcept(0.0f, 1.0f) < 0
        | Bytes(bytes, scale) ->
            // The byte that stands for 1, if there is one.
            let one = if scale = floor scale && scale <= 255.0 then byte scale else 0uy
            bytes.Span.IndexOfAnyExcept(0uy, one) < 0
