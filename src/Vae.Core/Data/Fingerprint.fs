namespace Vae.Core

open System
open System.Buffers.Binary
open System.Runtime.InteropServices
open System.Security.Cryptography
open System.Text

/// What a run records of the data it was trained on.
[<RequireQualifiedAccess>]
module internal Fingerprint =
    let private append (sha: IncrementalHash) (words: ReadOnlySpan<int>) =
        if BitConverter.IsLittleEndian then
            sha.AppendData(MemoryMarshal.AsBytes words)
        else
            let turned = Array.zeroCreate<int> words.Length
            BinaryPrimitives.ReverseEndianness(words, turned.AsSpan())
            sha.AppendData(MemoryMarshal.AsBytes(ReadOnlySpan turned))

    /// The SHA-256, in lower-case hexadecimal, of the line "bytes 10 of 1,28,28 scale 255 labels 10" (or "floats ... scale
    /// 1 ..."), the stored values and the labels: bytes as they are, floats and labels as 4 bytes, the lowest first.
    let sha256 (itemShape: int64[]) (count: int) (values: StoredValues) (labels: ReadOnlyMemory<int>) : string =
        use sha = IncrementalHash.CreateHash HashAlgorithmName.SHA256

        let kind, scale =
            match values with
            | Bytes(_, scale) -> "bytes", scale
            | Floats _
            | Filed _ -> "floats", 1.0

        let shape = String.Join(",", itemShape)

        FormattableString.Invariant $"{kind} {count} of {shape} scale {scale} labels {labels.Length}\n"
        |> Encoding.UTF8.GetBytes
        |> sha.AppendData

        match values with
        | Bytes(bytes, _) -> sha.AppendData bytes.Span
        | Floats _
        | Filed _ ->
            for block in StoredValues.blocks values do
                // In parts, as a span of bytes holds at most 2 GB.
                let words = MemoryMarshal.Cast<float32, int> block.Span
                let part = 1 <<< 26

                for start in 0..part .. words.Length - 1 do
                    append sha (words.Slice(start, min part (words.Length - start)))

        append sha labels.Span

        Convert.ToHexStringLower(sha.GetHashAndReset())
