namespace Vae.Core

open System
open System.Buffers.Binary
open System.Security.Cryptography
open System.Text

/// What a run records of the data it was trained on.
[<RequireQualifiedAccess>]
module internal Fingerprint =
    /// The SHA-256, in lower-case hexadecimal, of the line "bytes 10 of 1,28,28 scale 255 labels 10" (or "floats ... scale
    /// 1 ..."), the stored values and the labels: bytes as they are, floats and labels as 4 bytes, the lowest first.
    let sha256 (itemShape: int64[]) (count: int) (values: StoredValues) (labels: ReadOnlyMemory<int>) : string =
        use sha = IncrementalHash.CreateHash HashAlgorithmName.SHA256
        let word = Array.zeroCreate<byte> 4

        let append (bits: int) =
            BinaryPrimitives.WriteInt32LittleEndian(word.AsSpan(), bits)
            sha.AppendData word

        let kind, scale =
            match values with
            | Bytes(_, scale) -> "bytes", scale
            | Floats _ -> "floats", 1.0

        let shape = String.Join(",", itemShape)

        FormattableString.Invariant $"{kind} {count} of {shape} scale {scale} labels {labels.Length}\n"
        |> Encoding.UTF8.GetBytes
        |> sha.AppendData

        match values with
        | Bytes(bytes, _) -> sha.AppendData bytes.Span
        | Floats floats ->
            for i in 0 .. floats.Length - 1 do
                append (BitConverter.SingleToInt32Bits floats.Span[i])

        for i in 0 .. labels.Length - 1 do
            append labels.Span[i]

        Convert.ToHexStringLower(sha.GetHashAndReset())
