namespace Vae.Core

open System
open System.IO
open System.Runtime.InteropServices
open System.Security.Cryptography
open System.Text
open TorchSharp

/// Files of named tensors in the safetensors format, which say what they are: among the texts of a file that is written here
/// is the SHA-256 of all of it, and reading checks it. https://github.com/huggingface/safetensors#format
[<RequireQualifiedAccess>]
module Safetensors =
    /// The bytes of a flat tensor, in blocks, as a span holds at most 2 GB.
    let private blocks (flat: Tensor) (act: Tensor -> unit) =
        let size, step = flat.numel (), 1L <<< 27

        for start in 0L .. step .. size - 1L do
            use block = flat.narrow (0L, start, min step (size - start))
            act block

    let private refuseRepeated argument (names: string list) =
        for name, same in List.countBy id names do
            if same > 1 then
                Check.refuse argument $"'%s{name}' %d{same} times" "different names"

    let private digest (hash: IncrementalHash) = Convert.ToHexStringLower(hash.GetHashAndReset())

    /// Writes a file of texts and tensors, in their order, and replaces one of the same name in one step. Refuses names that
    /// repeat, tensors called "__metadata__", a text called "sha256", which is the file's own, and dtypes other than F64, F32,
    /// BF16, F16, I64 and U8.
    let write (path: string) (metadata: (string * string) list) (tensors: (string * Tensor) list) : unit =
        refuseRepeated (nameof metadata) (List.map fst metadata)
        refuseRepeated (nameof tensors) (List.map fst tensors)
        let texts, checksum = SafetensorsHeader.texts, SafetensorsHeader.checksum

        if tensors |> List.exists (fun (name, _) -> name = texts) then
            Check.refuse (nameof tensors) $"one called '%s{texts}'" "another name: the format keeps this one for texts"

        if metadata |> List.exists (fun (name, _) -> name = checksum) then
            Check.refuse
                (nameof metadata)
                $"one called '%s{checksum}'"
                "another name: it is that of the file's checksum"

        let header = SafetensorsHeader.make metadata tensors

        StoredFile.write path (fun stream ->
            use hash = IncrementalHash.CreateHash HashAlgorithmName.SHA256

            hash.AppendData header
            stream.Write header

            for _, t in tensors do
                use _ = torch.NewDisposeScope()
                // libtorch runs on little-endian machines only: its bytes are the format's.
                let flat = t.detach().cpu().contiguous().flatten()

                blocks flat (fun block ->
                    hash.AppendData(Span.op_Implicit block.bytes: ReadOnlySpan<byte>)
                    stream.Write(Span.op_Implicit block.bytes: ReadOnlySpan<byte>))

            stream.Position <- int64 (SafetensorsHeader.placeOfChecksum header SafetensorsHeader.unknown)
            stream.Write(ReadOnlySpan(Encoding.ASCII.GetBytes(digest hash))))

    let private readTensor path (stream: Stream) (hash: IncrementalHash) (device: torch.Device) (stored: StoredTensor) =
        let t =
            try
                torch.empty (stored.Shape, dtype = stored.DType, device = torch.CPU)
            with :? ExternalException ->
                let found = $"%d{stored.Last - stored.First} bytes"
                raise (StorageException(path, $"tensor '%s{stored.Name}'", found, "no more than there is memory for"))

        use flat = t.flatten ()

        blocks flat (fun block ->
            stream.ReadExactly block.bytes
            hash.AppendData(Span.op_Implicit block.bytes: ReadOnlySpan<byte>))

        t.``to`` device

    /// What a file's bytes before its buffer add to its checksum: themselves, with none in the checksum's place. Nothing where
    /// the checksum does not stand as it is written.
    let private begun (header: StoredHeader) (stated: string) : byte[] option =
        match SafetensorsHeader.placeOfChecksum header.Bytes stated with
        | place when place < 0 || stated.Length <> SafetensorsHeader.unknown.Length -> None
        | place ->
            let bytes = Array.copy header.Bytes
            Encoding.ASCII.GetBytes(SafetensorsHeader.unknown).CopyTo(bytes, place)
            Some bytes

    /// What a function makes of a file's header, once it lets it pass and before any tensor is made, and the tensors.
    let internal readBy
        (accept: StoredHeader -> 'a)
        (device: torch.Device)
        (path: string)
        : 'a * (string * Tensor) list =
        Native.load ()

        StoredFile.read path (fun stream ->
            let header = SafetensorsHeader.read path stream
            let accepted = accept header
            use hash = IncrementalHash.CreateHash HashAlgorithmName.SHA256
            use scope = torch.NewDisposeScope()
            let start = header.Checksum |> Option.bind (begun header)
            start |> Option.iter hash.AppendData
            let read = [ for t in header.Tensors -> t.Name, readTensor path stream hash device t ]

            match header.Checksum with
            | Some stated when start.IsNone || digest hash <> stated ->
                let place, expected =
                    $"metadata '%s{SafetensorsHeader.checksum}'", "the SHA-256 of what the file holds"

                let found =
                    $"'%s{stated}', which it is not: the file is damaged, or another program has written it anew"

                raise (StorageException(path, place, found, expected))
            | _ -> ()

            accepted, [ for name, t in read -> name, scope.MoveToOuter t ])

    /// The texts of a file and its tensors, in the order of the buffer, on a device. Nothing of a file is taken on trust: one
    /// that is not whole and consistent, or does not have the SHA-256 that it states, raises a StorageException; shapes and
    /// places before any tensor is made. Memory: that of the tensors, and 32 times the header's.
    let read (device: torch.Device) (path: string) : (string * string) list * (string * Tensor) list =
        readBy _.Metadata device path

    /// The SHA-256 that a file states of itself, in hexadecimal; reading the file checks it. None of a file that another program
    /// or an older version has written: what became of its numbers since cannot be told.
    let checksum (path: string) : string option =
        StoredFile.read path (fun stream -> (SafetensorsHeader.read path stream).Checksum)
