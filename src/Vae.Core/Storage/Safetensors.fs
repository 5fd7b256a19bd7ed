namespace Vae.Core

open System
open System.Buffers.Binary
open System.IO
open System.Text
open TorchSharp

/// Files of named tensors in the safetensors format: 8 bytes with the length N of the header (little-endian), N bytes of
/// JSON that give each tensor's dtype, shape and place in the buffer, then the buffer: the numbers, little-endian, row by
/// row, tensor after tensor without gaps. https://github.com/huggingface/safetensors#format
[<RequireQualifiedAccess>]
module Safetensors =
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

    /// The longest header that the format's own library reads.
    let private maxHeader = 100_000_000L

    /// torch makes tensors of no more dimensions.
    let private maxRank = 64

    /// A tensor as the header describes it: its bytes are those from First up to Last of the buffer.
    type private Entry = {
        Name: string
        DType: torch.ScalarType
        Shape: int64[]
        First: int64
        Last: int64
    }

    /// The bytes of a flat tensor, in blocks, as a span holds at most 2 GB.
    let private blocks (flat: Tensor) (act: Tensor -> unit) =
        let size, step = flat.numel (), 1L <<< 27

        for start in 0L .. step .. size - 1L do
            use block = flat.narrow (0L, start, min step (size - start))
            act block

    let private dtypeOf name (t: Tensor) =
        match dtypes |> List.tryFind (fun (_, dtype, _) -> dtype = t.dtype) with
        | Some(dtype, _, width) -> dtype, width
        | None -> Check.refuse "tensors" $"'%s{name}' of %A{t.dtype}" $"one of %s{dtypeNames}"

    let private refuseRepeated argument (names: string list) =
        for name, same in List.countBy id names do
            if same > 1 then
                Check.refuse argument $"'%s{name}' %d{same} times" "different names"

    let private header (metadata: (string * string) list) (tensors: (string * Tensor) list) =
        let describe (start: int64) (name, t: Tensor) =
            let dtype, width = dtypeOf name t
            let size = width * t.numel ()
            let numbers (values: int64 seq) = Json.List [ for value in values -> Json.Number(float value) ]

            let fields =
                Json.Object [
                    "dtype", Json.Text dtype
                    "shape", numbers t.shape
                    "data_offsets", numbers [ start; start + size ]
                ]

            (name, fields), start + size

        let described = List.mapFold describe 0L tensors |> fst
        let texts = Json.Object [ for key, value in metadata -> key, Json.Text value ]
        let first = if metadata.IsEmpty then [] else [ "__metadata__", texts ]
        let json = Json.Object(first @ described) |> Json.print |> Encoding.UTF8.GetBytes
        // Spaces to a multiple of 8 bytes, so that the numbers can be used where they lie in a file mapped into memory.
        Array.append json (Array.create ((8 - json.Length % 8) % 8) (byte ' '))

    /// Writes a file of texts and tensors, in their order, and replaces one of the same name in one step. Refuses names that
    /// repeat or are "__metadata__", and dtypes other than F64, F32, BF16, F16, I64 and U8.
    let write (path: string) (metadata: (string * string) list) (tensors: (string * Tensor) list) : unit =
        refuseRepeated (nameof metadata) (List.map fst metadata)
        refuseRepeated (nameof tensors) (List.map fst tensors)

        if tensors |> List.exists (fun (name, _) -> name = "__metadata__") then
            Check.refuse
                (nameof tensors)
                "one called '__metadata__'"
                "another name: the format keeps this one for texts"

        let header = header metadata tensors

        StoredFile.write path (fun stream ->
            let length = Array.zeroCreate<byte> 8
            BinaryPrimitives.WriteInt64LittleEndian(length.AsSpan(), int64 header.Length)
            stream.Write length
            stream.Write header

            for _, t in tensors do
                use _ = torch.NewDisposeScope()
                // libtorch runs on little-endian machines only: its bytes are the format's.
                let flat = t.detach().cpu().contiguous().flatten()
                blocks flat (fun block -> stream.Write(Span.op_Implicit block.bytes: ReadOnlySpan<byte>)))

    /// One tensor of a header.
    let private entry (name: string, at: JsonAt) : Entry =
        let at = { at with Path = $"tensor '%s{name}'" }
        JsonAt.only [ "dtype"; "shape"; "data_offsets" ] at

        let dtype, width =
            let dtype = JsonAt.field "dtype" at

            match dtypes |> List.tryFind (fun (known, _, _) -> known = JsonAt.text dtype) with
            | Some(_, scalar, width) -> scalar, width
            | None -> JsonAt.refuse dtype $"'%s{JsonAt.text dtype}'" $"one of %s{dtypeNames}"

        let dimensions = JsonAt.field "shape" at |> JsonAt.items

        if dimensions.Length > maxRank then
            JsonAt.refuse at $"%d{dimensions.Length} dimensions" $"at most %d{maxRank}"

        let shape = dimensions |> List.map (JsonAt.whole 0L) |> List.toArray
        // Integers without bound, as the sizes of a damaged file have none; with 0 as 1, as torch computes strides.
        let extent = (1I, shape) ||> Array.fold (fun n d -> n * bigint (max 1L d))
        let size = if Array.contains 0L shape then 0I else extent * bigint width

        if extent > bigint (Int64.MaxValue / 8L) then
            JsonAt.refuse at $"the shape %s{Check.shape shape}" "one that a tensor can have"

        match JsonAt.field "data_offsets" at |> JsonAt.items |> List.map (JsonAt.whole 0L) with
        | [ first; last ] when bigint (last - first) = size -> {
            Name = name
            DType = dtype
            Shape = shape
            First = first
            Last = last
          }
        | offsets ->
            let found = Check.shape (List.toArray offsets)

            JsonAt.refuse
                at
                $"data_offsets %s{found}"
                $"two, %O{size} bytes apart, for a tensor of shape %s{Check.shape shape}"

    /// The tensors in the order of the buffer, of a length, which they fill without gaps.
    let private inOrder path (length: int64) (entries: Entry list) =
        let ordered = entries |> List.sortBy (fun e -> e.First, e.Last)
        let ends = ("the header", 0L) :: [ for e in ordered -> $"tensor '%s{e.Name}'", e.Last ]

        for (before, start), entry in Seq.zip ends ordered do
            if entry.First <> start then
                let what = if entry.First < start then "an overlap" else "a gap"
                let found = $"%s{what}: its first byte is %d{entry.First}"
                raise (StorageException(path, $"tensor '%s{entry.Name}'", found, $"%d{start}, where %s{before} ends"))

        let last, expected = List.last ends

        if expected <> length then
            let found = $"%d{length} bytes after the header"
            raise (StorageException(path, "", found, $"%d{expected}, where %s{last} ends"))

        ordered

    let private readHeader path (stream: Stream) =
        let refuse found expected = raise (StorageException(path, "header", found, expected))
        let length = Array.zeroCreate<byte> 8

        if stream.ReadAtLeast(length.AsSpan(), 8, false) < 8 then
            refuse $"a file of %d{stream.Length} bytes" "at least 8, which give the length of the header"

        let size = BinaryPrimitives.ReadInt64LittleEndian(length.AsSpan())

        // Before anything of that size is made.
        if size < 2L || size > min maxHeader (stream.Length - 8L) then
            refuse
                $"a length of %d{uint64 size} bytes in a file of %d{stream.Length}"
                $"one from 2 to %d{maxHeader} that the file holds"

        let header = Array.zeroCreate<byte>(int size)
        stream.ReadExactly header

        if header[0] <> byte '{' then
            refuse $"byte 0x%02x{header[0]} at its beginning" "0x7b, the brace of an object"

        JsonAt.parse path "header" header

    let private readTensor (stream: Stream) (device: torch.Device) (entry: Entry) =
        let t = torch.empty (entry.Shape, dtype = entry.DType, device = torch.CPU)
        use flat = t.flatten ()
        blocks flat (fun block -> stream.ReadExactly block.bytes)
        t.``to`` device

    /// The texts of a file and its tensors, in the order of the buffer, on a device. Nothing of a file is taken on trust: one
    /// that is not whole and consistent raises a StorageException, before any tensor is made.
    let read (device: torch.Device) (path: string) : (string * string) list * (string * Tensor) list =
        StoredFile.read path (fun stream ->
            let fields = readHeader path stream |> JsonAt.fields
            let texts, tensors = fields |> List.partition (fun (name, _) -> name = "__metadata__")

            let metadata =
                texts |> List.collect (snd >> JsonAt.fields) |> List.map (fun (key, at) -> key, JsonAt.text at)

            let entries = tensors |> List.map entry |> inOrder path (stream.Length - stream.Position)
            use scope = torch.NewDisposeScope()
            let read = entries |> List.map (fun e -> e.Name, readTensor stream device e)
            metadata, read |> List.map (fun (name, t) -> name, scope.MoveToOuter t))
