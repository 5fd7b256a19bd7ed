namespace Vae.Core

open System
open System.Buffers.Binary
open System.IO
open System.Text
open TorchSharp

/// A tensor as a safetensors header describes it: its bytes are those from First up to Last of the buffer.
type internal StoredTensor = {
    Name: string
    DType: torch.ScalarType
    Shape: int64[]
    First: int64
    Last: int64
}

/// What a safetensors file says before its numbers.
type internal StoredHeader = {
    /// The texts, without the checksum.
    Metadata: (string * string) list
    /// In the order of the buffer, which they fill without gaps.
    Tensors: StoredTensor list
    /// The SHA-256 that the file states of itself.
    Checksum: string option
    /// The file up to the buffer: the length of the header, and the header.
    Bytes: byte[]
}

/// The header of the safetensors format: 8 bytes with its length N (little-endian), then N bytes of JSON that give each
/// tensor's dtype, shape and place in the buffer of numbers. https://github.com/huggingface/safetensors#format
[<RequireQualifiedAccess>]
module internal SafetensorsHeader =
    /// What the format calls each dtype, and the bytes of one number.
    let private dtypes = [
        "F64", torch.ScalarType.Float64, 8L
        "F32", torch.ScalarType.Float32, 4L
        "BF16", torch.ScalarType.BFloat16, 2L
        "F16", torch.ScalarType.Float16, 2L
        "I64", torch.ScalarType.Int64, 8L
        "U8", torch.ScalarType.Byte, 1L
    ]

    let private dtypeNames = dtypes |> List.map (fun (name, _, _) -> name) |> String.concat ", "

    /// The longest header that is written or read: a hundred thousand tensors' worth. What is read of it takes some twenty
    /// times its length.
    let private maxLength = 16_000_000L

    /// torch makes tensors of no more dimensions.
    let private maxRank = 64

    /// The format's own field for texts, and the text that is the file's checksum.
    let texts, checksum = "__metadata__", "sha256"

    /// What stands in the checksum's place while it is computed.
    let unknown = String('0', 64)

    let private dtypeOf name (t: Tensor) =
        match dtypes |> List.tryFind (fun (_, dtype, _) -> dtype = t.dtype) with
        | Some(dtype, _, width) -> dtype, width
        | None -> Check.refuse "tensors" $"'%s{name}' of %A{t.dtype}" $"one of %s{dtypeNames}"

    /// The length and the header of a file of texts and tensors, in their order; its checksum is still `unknown`.
    let make (metadata: (string * string) list) (tensors: (string * Tensor) list) : byte[] =
        let describe (start: int64) (name, t: Tensor) =
            let dtype, width = dtypeOf name t
            let size = width * t.numel ()
            let numbers (values: int64 seq) = Json.List [ for value in values -> Json.ofWhole value ]

            let fields =
                Json.Object [
                    "dtype", Json.Text dtype
                    "shape", numbers t.shape
                    "data_offsets", numbers [ start; start + size ]
                ]

            (name, fields), start + size

        let described = List.mapFold describe 0L tensors |> fst
        let said = Json.Object [ for key, value in metadata @ [ checksum, unknown ] -> key, Json.Text value ]
        let json = Json.Object((texts, said) :: described) |> Json.print |> Encoding.UTF8.GetBytes
        // Spaces to a multiple of 8 bytes, so that the numbers can be used where they lie in a file mapped into memory.
        let padding = (8 - json.Length % 8) % 8
        let size = int64 (json.Length + padding)

        if size > maxLength then
            Check.refuse
                "metadata and tensors"
                $"a header of %d{size} bytes"
                $"at most %d{maxLength}, which can be read again"

        let length = Array.zeroCreate<byte> 8
        BinaryPrimitives.WriteInt64LittleEndian(length.AsSpan(), size)
        Array.concat [ length; json; Array.create padding (byte ' ') ]

    /// Where the checksum of a header stands in it, as `make` writes it; -1 where it does not. No text can look like that:
    /// its quotation marks are escaped.
    let placeOfChecksum (header: byte[]) (value: string) =
        let written = Encoding.ASCII.GetBytes $"\"%s{checksum}\":\"%s{value}\""
        let at = header.AsSpan().LastIndexOf(ReadOnlySpan written)
        if at < 0 then -1 else at + written.Length - 1 - value.Length

    /// One tensor of a header.
    let private tensor (name: string, at: JsonAt) : StoredTensor =
        let at = { at with Place = Place.Root $"tensor '%s{name}'" }
        JsonAt.only [ "dtype"; "shape"; "data_offsets" ] at

        let dtype, width =
            let dtype = JsonAt.field "dtype" at

            match dtypes |> List.tryFind (fun (known, _, _) -> known = JsonAt.text dtype) with
            | Some(_, scalar, width) -> scalar, width
            | None -> JsonAt.refuse dtype $"'%s{JsonAt.text dtype}'" $"one of %s{dtypeNames}"

        let dimensions, offsets = JsonAt.field "shape" at, JsonAt.field "data_offsets" at

        // Before anything of that length is made.
        if JsonAt.count dimensions > maxRank then
            JsonAt.refuse at $"%d{JsonAt.count dimensions} dimensions" $"at most %d{maxRank}"

        let shape = JsonAt.items dimensions |> List.map (JsonAt.whole 0L) |> List.toArray
        // Integers without bound, as the sizes of a damaged file have none; with 0 as 1, as torch computes strides.
        let extent = (1I, shape) ||> Array.fold (fun n d -> n * bigint (max 1L d))
        let size = if Array.contains 0L shape then 0I else extent * bigint width

        if extent > bigint (Int64.MaxValue / 8L) then
            JsonAt.refuse at $"the shape %s{Check.shape shape}" "one that a tensor can have"

        let expected = $"two, %O{size} bytes apart, for a tensor of shape %s{Check.shape shape}"

        if JsonAt.count offsets <> 2 then
            JsonAt.refuse at $"%d{JsonAt.count offsets} data_offsets" expected

        match JsonAt.items offsets |> List.map (JsonAt.whole 0L) with
        | [ first; last ] when bigint (last - first) = size -> {
            Name = name
            DType = dtype
            Shape = shape
            First = first
            Last = last
          }
        | found -> JsonAt.refuse at $"data_offsets %s{Check.shape (List.toArray found)}" expected

    /// The tensors in the order of the buffer, of a length, which they fill without gaps.
    let private inOrder path (length: int64) (tensors: StoredTensor list) =
        let ordered = tensors |> List.sortBy (fun t -> struct (t.First, t.Last))
        let name (t: StoredTensor) = $"tensor '%s{t.Name}'"

        let follow (before: StoredTensor voption) (t: StoredTensor) =
            let place, start =
                match before with
                | ValueSome before -> name before, before.Last
                | ValueNone -> "the header", 0L

            if t.First <> start then
                let what = if t.First < start then "an overlap" else "a gap"
                let found = $"%s{what}: its first byte is %d{t.First}"
                raise (StorageException(path, name t, found, $"%d{start}, where %s{place} ends"))

            ValueSome t

        let place, expected =
            match List.fold follow ValueNone ordered with
            | ValueSome last -> name last, last.Last
            | ValueNone -> "the header", 0L

        if expected <> length then
            let found = $"%d{length} bytes after the header"
            raise (StorageException(path, "", found, $"%d{expected}, where %s{place} ends"))

        ordered

    /// The header of an open file, which is left at the beginning of the buffer. Nothing of a file is taken on trust: what is
    /// not whole and consistent raises a StorageException.
    let read path (stream: Stream) : StoredHeader =
        let refuse found expected = raise (StorageException(path, "header", found, expected))
        let length = Array.zeroCreate<byte> 8

        if stream.ReadAtLeast(length.AsSpan(), 8, false) < 8 then
            refuse $"a file of %d{stream.Length} bytes" "at least 8, which give the length of the header"

        let size = BinaryPrimitives.ReadInt64LittleEndian(length.AsSpan())

        // Before anything of that size is made.
        if size < 2L || size > min maxLength (stream.Length - 8L) then
            refuse
                $"a length of %d{uint64 size} bytes in a file of %d{stream.Length}"
                $"one from 2 to %d{maxLength} that the file holds"

        let bytes = Array.zeroCreate<byte>(8 + int size)
        length.CopyTo(bytes, 0)
        stream.ReadExactly(bytes.AsSpan 8)

        if bytes[8] <> byte '{' then
            refuse $"byte 0x%02x{bytes[8]} at its beginning" "0x7b, the brace of an object"

        let root = JsonAt.parse path "header" (bytes[8..])

        let said =
            match JsonAt.tryField texts root with
            | Some at -> [ for key, at in JsonAt.fields at -> key, JsonAt.text at ]
            | None -> []

        let tensors = [
            for name, at in JsonAt.fields root do
                if name <> texts then
                    tensor (name, at)
        ]

        {
            Metadata = said |> List.filter (fun (key, _) -> key <> checksum)
            Tensors = inOrder path (stream.Length - stream.Position) tensors
            Checksum = said |> List.tryFind (fun (key, _) -> key = checksum) |> Option.map snd
            Bytes = bytes
        }
