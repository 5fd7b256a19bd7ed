module Vae.Core.Tests.Storage.SafetensorsTests

open System
open System.Buffers.Binary
open System.ComponentModel
open System.Diagnostics
open System.IO
open System.Text
open Expecto
open FsCheck
open FsCheck.FSharp
open TorchSharp
open Vae.Core
open Vae.Core.Tests.Storage.Stored

let private dtypes = [|
    torch.ScalarType.Float64, 8
    torch.ScalarType.Float32, 4
    torch.ScalarType.BFloat16, 2
    torch.ScalarType.Float16, 2
    torch.ScalarType.Int64, 8
    torch.ScalarType.Byte, 1
|]

let private ofBytes (dtype: torch.ScalarType) (shape: int64[]) (content: byte[]) : Tensor =
    let t = torch.empty (shape, dtype = dtype)

    if content.Length > 0 then
        use flat = t.flatten ()
        content.CopyTo flat.bytes

    t

/// A file of a header and a buffer, with the length that the header has.
let private file (header: string) (buffer: byte[]) =
    let header = Encoding.UTF8.GetBytes header
    let length = Array.zeroCreate<byte> 8
    BinaryPrimitives.WriteInt64LittleEndian(length.AsSpan(), int64 header.Length)
    Array.concat [ length; header; buffer ]

let private read path = Safetensors.read torch.CPU path

let private readBytes folder (content: byte[]) =
    let path = Path.Combine(folder, "given.safetensors")
    File.WriteAllBytes(path, content)
    read path

let private golden =
    inFolder "a tiny file, byte for byte" (fun folder ->
        let path = Path.Combine(folder, "tiny.safetensors")
        use a = Tensor.ofArray Placement.float32 [| 2L |] [| 1.0; -2.0 |]
        use b = torch.tensor 7L
        Safetensors.write path [ "made by", "tests \"é\"" ] [ "a", a; "b", b ]

        let holding checksum =
            let header =
                $$"""{"__metadata__":{"made by":"tests \"é\"","sha256":"{{checksum}}"},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"""
                + """"b":{"dtype":"I64","shape":[],"data_offsets":[8,16]}}"""

            Array.concat [
                [| 232uy; 0uy; 0uy; 0uy; 0uy; 0uy; 0uy; 0uy |]
                Encoding.UTF8.GetBytes header
                Array.create (232 - Encoding.UTF8.GetByteCount header) 0x20uy
                [| 0uy; 0uy; 0x80uy; 0x3fuy; 0uy; 0uy; 0uy; 0xc0uy |]
                [| 7uy; 0uy; 0uy; 0uy; 0uy; 0uy; 0uy; 0uy |]
            ]

        let checksum =
            Convert.ToHexStringLower(Security.Cryptography.SHA256.HashData(holding (String('0', 64))))

        Expect.equal
            (File.ReadAllBytes path)
            (holding checksum)
            "the file, with its SHA-256 where it was computed as zeros"

        Expect.equal (Safetensors.checksum path) (Some checksum) "as it is asked for")

let private bitPatterns =
    inFolder "every dtype keeps every bit pattern" (fun folder ->
        let path = Path.Combine(folder, "patterns.safetensors")

        let floats =
            [|
                0x7fc00001
                0x7f800001
                0xffc12345
                0x80000000
                1
                0x807fffff
                0x7f800000
                0xff800000
                0x3f800000
            |]
            |> Array.collect (fun (bits: int) -> BitConverter.GetBytes bits)

        let doubles =
            [|
                0x7ff8000000000001L
                0x7ff0000000000001L
                Int64.MinValue
                1L
                0x800fffffffffffffL
                0x3ff0000000000000L
            |]
            |> Array.collect (fun (bits: int64) -> BitConverter.GetBytes bits)

        let halves = Array.init (2 * 65536) (fun i -> if i % 2 = 0 then byte (i / 2) else byte (i / 2 >>> 8))

        let tensors = [
            "F32", ofBytes torch.ScalarType.Float32 [| 3L; 3L |] floats
            "F64", ofBytes torch.ScalarType.Float64 [| 6L |] doubles
            "I64", ofBytes torch.ScalarType.Int64 [| 1L; 6L; 1L |] doubles
            "F16", ofBytes torch.ScalarType.Float16 [| 256L; 256L |] halves
            "BF16", ofBytes torch.ScalarType.BFloat16 [| 65536L |] halves
            "U8", ofBytes torch.ScalarType.Byte [| 256L |] (Array.init 256 byte)
            "scalar", ofBytes torch.ScalarType.Float32 [||] [| 1uy; 2uy; 3uy; 4uy |]
            "empty", torch.empty ([| 0L; 5L |], dtype = torch.ScalarType.Float32)
        ]

        Safetensors.write path [] tensors
        let metadata, found = read path
        Expect.isEmpty metadata "no texts"
        Expect.equal (List.map fst found) (List.map fst tensors) "names in order"

        for (name, expected), (_, actual) in List.zip tensors found do
            Expect.equal (actual.dtype, actual.shape) (expected.dtype, expected.shape) $"dtype and shape of %s{name}"
            Expect.equal (bytes actual) (bytes expected) $"bits of %s{name}")

let private strided =
    inFolder "a view is written row by row" (fun folder ->
        let path = Path.Combine(folder, "view.safetensors")
        use whole = Tensor.ofArray Placement.float64 [| 2L; 3L |] [| 1.0; 2.0; 3.0; 4.0; 5.0; 6.0 |]
        Safetensors.write path [] [ "transposed", whole.t (); "row", whole[1] ]
        let _, found = read path
        Expect.equal (Tensor.toArray (snd found[0])) [| 1.0; 4.0; 2.0; 5.0; 3.0; 6.0 |] "transposed"
        Expect.equal (Tensor.toArray (snd found[1])) [| 4.0; 5.0; 6.0 |] "row")

/// Names and texts of any Unicode characters, tensors of any dtype and of shapes with 0 and without dimensions.
let private contents =
    let text =
        Gen.listOf (Gen.frequency [ 3, Gen.choose (0x20, 0x7e); 1, Gen.choose (0, 0x1f); 2, Gen.choose (0x7f, 0xd7ff) ])
        |> Gen.map (fun codes -> String(codes |> List.map char |> List.toArray))

    let tensor =
        gen {
            let! dtype, width = Gen.elements dtypes
            let! rank = Gen.choose (0, 3)
            let! shape = Gen.arrayOfLength rank (Gen.choose (0, 4))
            let! content = Gen.arrayOfLength (width * Array.fold (*) 1 shape) (Gen.map byte (Gen.choose (0, 255)))
            return dtype, Array.map int64 shape, content
        }

    let named value = Gen.map2 (fun name v -> name, v) text value |> Gen.listOf |> Gen.map (List.distinctBy fst)
    Gen.zip (named text) (named tensor)

let private roundTrip =
    inFolder "whatever is written is read" (fun folder ->
        let path = Path.Combine(folder, "any.safetensors")

        let holds (metadata, given: (string * (torch.ScalarType * int64[] * byte[])) list) =
            use _ = torch.NewDisposeScope()
            Safetensors.write path metadata [ for name, content in given -> name, content |||> ofBytes ]
            let texts, found = read path
            let found = [ for name, t in found -> name, (t.dtype, t.shape, bytes t) ]
            Expect.equal texts metadata "texts"
            Expect.equal found given "tensors"

        always 500 contents holds)

let private foreignLayout =
    inFolder "a header without padding, its tensors in another order than the buffer's" (fun folder ->
        let header =
            """{"late":{"data_offsets":[4,12],"shape":[2],"dtype":"F32"}, "early":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}"""

        let _, found =
            readBytes folder (file header [| 1uy; 2uy; 3uy; 4uy; 0uy; 0uy; 0x80uy; 0x3fuy; 0uy; 0uy; 0uy; 0x40uy |])

        Expect.equal (List.map fst found) [ "early"; "late" ] "in the order of the buffer"
        Expect.equal (Tensor.toArray (snd found[0])) [| 1.0; 2.0; 3.0; 4.0 |] "early"
        Expect.equal (Tensor.toArray (snd found[1])) [| 1.0; 2.0 |] "late")

/// Damaged files, with where the error is and what is found there.
let private damaged =
    let tensor fields = file $"{{\"t\":{{%s{fields}}}}}" (Array.zeroCreate 8)
    let f32 shape offsets = tensor $"\"dtype\":\"F32\",\"shape\":%s{shape},\"data_offsets\":%s{offsets}"

    let two a b =
        let entry name offsets = $"\"%s{name}\":{{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":%s{offsets}}}"
        file $"""{{%s{entry "a" a},%s{entry "b" b}}}""" (Array.zeroCreate 8)

    let whole = f32 "[2]" "[0,8]"

    [
        "empty", [||], "header", "0 bytes"
        "shorter than a length", whole[..5], "header", "6 bytes"
        "header cut off", whole[..20], "header", "a length of"
        "buffer cut off", whole[.. whole.Length - 2], "", "7 bytes after the header"
        "bytes left over", Array.append whole [| 0uy |], "", "9 bytes after the header"
        "length beyond 64 bits signed", Array.append (Array.create 8 255uy) whole, "header", "18446744073709551615"
        "no JSON", file "{\"t\":" [||], "header", "no JSON"
        "no object", file "[]" [||], "header", "byte 0x5b"
        "no UTF-8",
        Array.concat [ file "{\"__\":{}}" [||] |> Array.map (fun b -> if b = byte '_' then 0xffuy else b) ],
        "header",
        "no JSON"
        "half a character", file "{\"\\ud800\":{}}" [||], "header", "no JSON"
        "one name twice",
        file
            """{"t":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"t":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}"""
            [||],
        "header",
        "no JSON"
        "metadata that is no text", file """{"__metadata__":{"a":1}}""" [||], "header.__metadata__.a", "1"
        "a tensor that is no object", file """{"t":[]}""" [||], "tensor 't'", "a list"
        "no dtype", tensor "\"shape\":[2],\"data_offsets\":[0,8]", "tensor 't'.dtype", "nothing"
        "unknown dtype", tensor "\"dtype\":\"F8\",\"shape\":[8],\"data_offsets\":[0,8]", "tensor 't'.dtype", "'F8'"
        "unknown field", tensor "\"dtype\":\"U8\",\"shape\":[8],\"data_offsets\":[0,8],\"x\":0", "tensor 't'.x", "'x'"
        "negative dimension", f32 "[-2]" "[0,8]", "tensor 't'.shape[0]", "-2"
        "half a dimension", f32 "[1.5]" "[0,8]", "tensor 't'.shape[0]", "1.5"
        "size beyond 64 bits", f32 "[4294967296,4294967296]" "[0,0]", "tensor 't'", "[4294967296, 4294967296]"
        "one dimension of 0", f32 "[9007199254740991,9007199254740991,0]" "[0,0]", "tensor 't'", "the shape"
        "65 dimensions", f32 $"""[%s{String.Join(",", Array.create 65 "1")}]""" "[0,4]", "tensor 't'", "65 dimensions"
        "shape and offsets disagree", f32 "[3]" "[0,8]", "tensor 't'", "[0, 8]"
        "offsets backwards", f32 "[2]" "[8,0]", "tensor 't'", "[8, 0]"
        "three offsets", f32 "[2]" "[0,8,8]", "tensor 't'", "3 data_offsets"
        "a checksum that is none", file """{"__metadata__":{"sha256":"abc"}}""" [||], "metadata 'sha256'", "'abc'"
        "a checksum of another file",
        file ("{\"__metadata__\":{\"sha256\":\"" + String('0', 64) + "\"}}") [||],
        "metadata 'sha256'",
        "damaged"
        "a gap", two "[0,4]" "[5,9]", "tensor 'b'", "a gap"
        "a gap at the beginning", two "[1,5]" "[5,9]", "tensor 'a'", "a gap"
        "an overlap", two "[0,4]" "[3,7]", "tensor 'b'", "an overlap"
        "beyond the file", (two "[0,4]" "[4,8]")[.. (two "[0,4]" "[4,8]").Length - 5], "", "4 bytes after the header"
    ]

let private refusals =
    testList "a damaged file is refused, naming what is wrong" [
        for name, content, place, found in damaged do
            inFolder name (fun folder ->
                let error = refusal (fun () -> readBytes folder content)
                Expect.equal error.Place place "where"
                Expect.stringContains error.Found found "what"
                Expect.stringContains error.Message (Path.Combine(folder, "given.safetensors")) "the file's name"
                Expect.isNotEmpty error.Expected "what was expected")
    ]

let private promises =
    inFolder "a header that promises 4 GB takes no memory" (fun folder ->
        let header = Array.append [| 0xffuy; 0xffuy; 0xffuy; 0xffuy; 0uy; 0uy; 0uy; 0uy |] (Array.zeroCreate 64)
        let tensor = file """{"t":{"dtype":"U8","shape":[4294967296],"data_offsets":[0,4294967296]}}""" [||]
        let large = 100_000_001L

        for content in [ header; tensor ] do
            let before = GC.GetAllocatedBytesForCurrentThread()
            refusal (fun () -> readBytes folder content) |> ignore
            Expect.isLessThan (GC.GetAllocatedBytesForCurrentThread() - before) 1_000_000L "bytes taken"

        // A header longer than the format allows, in a file that holds it.
        let path = Path.Combine(folder, "long.safetensors")

        do
            use stream = File.Create path
            stream.Write(BitConverter.GetBytes large, 0, 8)
            stream.SetLength(large + 8L)

        let before = GC.GetAllocatedBytesForCurrentThread()
        refusal (fun () -> read path) |> ignore
        Expect.isLessThan (GC.GetAllocatedBytesForCurrentThread() - before) 1_000_000L "bytes taken")

/// A change of a file: bytes changed, put in, left out or cut off anywhere, or a number of the header become another.
let private corruptions =
    let splice (at: int) (drop: int) (add: byte[]) (content: byte[]) =
        let at = at % content.Length
        Array.concat [ content[.. at - 1]; add; content[min content.Length (at + drop) ..] ]

    let number =
        Gen.elements [
            "-1"
            "0"
            "1"
            "3"
            "1e3"
            "1e400"
            "0.5"
            "4294967296"
            "9007199254740993"
            "99999999999999999999"
            "null"
            "[]"
            "\"\""
        ]

    let place = Gen.choose (0, 100_000)

    let some =
        Gen.choose (0, 3) |> Gen.bind (fun n -> Gen.arrayOfLength n (Gen.map byte (Gen.choose (0, 255))))

    Gen.oneof [
        Gen.map3 splice place (Gen.choose (0, 3)) some
        Gen.map (fun at -> splice at Int32.MaxValue [||]) (Gen.choose (0, 600))
        Gen.map2
            (fun nth (text: string) (content: byte[]) ->
                let size = BitConverter.ToInt32(content, 0)
                let header = Encoding.UTF8.GetString(content, 8, size)
                let numbers = RegularExpressions.Regex.Matches(header, "(?<=[\\[,])\\d+")
                let chosen = numbers[nth % numbers.Count]
                let changed = header.Remove(chosen.Index, chosen.Length).Insert(chosen.Index, text)
                file changed content[8 + size ..])
            place
            number
    ]

let private corrupted =
    inFolder "a corrupted file is read or refused by name, and nothing else" (fun folder ->
        let path = Path.Combine(folder, "whole.safetensors")
        use a = Tensor.ofArray Placement.float32 [| 2L; 3L |] (Array.init 6 float)
        use b = Tensor.ofArray Placement.float64 [| 5L |] (Array.init 5 float)
        use c = torch.zeros ([| 0L; 2L |], dtype = torch.ScalarType.Byte)
        Safetensors.write path [ "key", "a text of some length" ] [ "a", a; "b", b; "c", c ]
        let whole = File.ReadAllBytes path
        let mutable refused = 0

        let holds (change: byte[] -> byte[]) =
            use _ = torch.NewDisposeScope()

            try
                readBytes folder (change whole) |> ignore
            with :? StorageException as error ->
                refused <- refused + 1
                Expect.stringContains error.Message "given.safetensors" "the file"

        always 3000 corruptions holds
        Expect.isGreaterThan refused 1000 "most changes spoil the file")

let private badWrites =
    inFolder "what cannot be written is refused, and the file that was there stays" (fun folder ->
        let path = Path.Combine(folder, "kept.safetensors")
        use t = torch.zeros ([| 2L |], dtype = torch.ScalarType.Float32)
        use ints = torch.zeros ([| 2L |], dtype = torch.ScalarType.Int32)
        Safetensors.write path [] [ "t", t ]
        let before = File.ReadAllBytes path
        let gone = torch.zeros 2L
        gone.Dispose()

        let refused (word: string) metadata tensors =
            let error = refusalOf<System.ArgumentException, _>(fun () -> Safetensors.write path metadata tensors)
            Expect.stringContains error.Message word "the reason"
            Expect.equal (File.ReadAllBytes path) before "the old file"
            Expect.equal (Directory.GetFiles folder) [| path |] "nothing beside it"

        refused "'t' 2 times" [] [ "t", t; "t", t ]
        refused "'k' 2 times" [ "k", ""; "k", "" ] []
        refused "'__metadata__'" [] [ "__metadata__", t ]
        refused "'sha256'" [ "sha256", "mine" ] []
        refused "a header of" [ "long", String('x', 16_000_000) ] []
        refused "Int32" [] [ "t", ints ]
        refused "\\uD800" [ "half a character", String('\ud800', 1) ] []

        Expect.throws (fun () -> Safetensors.write path [] [ "t", t; "gone", gone ]) "a tensor that was disposed of"
        Expect.equal (File.ReadAllBytes path) before "the old file"
        Expect.equal (Directory.GetFiles folder) [| path |] "nothing beside it")

/// Sizes that only a sparse file has.
let private sparse =
    inFolder "a terabyte that is nowhere is refused by the file's name" (fun folder ->
        let path = Path.Combine(folder, "sparse.safetensors")
        let size = 1L <<< 42

        let header =
            file $"{{\"t\":{{\"dtype\":\"U8\",\"shape\":[%d{size}],\"data_offsets\":[0,%d{size}]}}}}" [||]

        do
            use stream = File.Create path
            stream.Write(header, 0, header.Length)

            try
                stream.SetLength(size + int64 header.Length)
            with :? IOException ->
                skiptest "the file system has no files of that size"

        let error = refusal (fun () -> read path)
        Expect.equal error.Place "tensor 't'" "where"
        Expect.stringContains error.Found $"%d{size} bytes" "what")

let private python =
    """
import array, json, struct, sys
with open(sys.argv[1], "rb") as f:
    (length,) = struct.unpack("<Q", f.read(8))
    header = json.loads(f.read(length).decode("utf-8"))
    buffer = f.read()
print(length % 8, header.pop("__metadata__"))
codes = {"F64": "d", "F32": "f", "I64": "q", "U8": "B"}
for name, t in header.items():
    begin, end = t["data_offsets"]
    values = array.array(codes[t["dtype"]])
    values.frombytes(buffer[begin:end])
    print(name, t["dtype"], t["shape"], values.tolist())
"""

let private readByPython =
    inFolder "python reads the files, by its standard library alone" (fun folder ->
        let path = Path.Combine(folder, "model.safetensors")

        let tensors = [
            "encoder.0.weight", Tensor.ofArray Placement.float32 [| 2L; 2L |] [| 1.5; -0.0; nan; 0.25 |]
            "encoder.0.bias", Tensor.ofArray Placement.float64 [| 2L |] [| 0.1; -infinity |]
            "count", torch.tensor -3L
            "pixels", torch.tensor [| 0uy; 255uy |]
        ]

        Safetensors.write path [ "model", "a \"small\" one" ] tensors
        let start = ProcessStartInfo("python3", [ "-c"; python; path ])
        start.RedirectStandardOutput <- true

        let checksum = Safetensors.checksum path |> Option.get

        let expected = [
            $"0 {{'model': 'a \"small\" one', 'sha256': '{checksum}'}}"
            "encoder.0.weight F32 [2, 2] [1.5, -0.0, nan, 0.25]"
            "encoder.0.bias F64 [2] [0.1, -inf]"
            "count I64 [] [-3]"
            "pixels U8 [2] [0, 255]"
        ]

        match
            (try
                Process.Start start |> Option.ofObj
             with :? Win32Exception ->
                 None)
        with
        | None -> skiptest "python3 is not on this machine"
        | Some running ->
            use running = running
            let output = running.StandardOutput.ReadToEnd()
            running.WaitForExit()

            Expect.equal
                (output.ReplaceLineEndings("\n").TrimEnd().Split '\n' |> Array.toList)
                expected
                "what python finds")

let tests =
    testList "Safetensors" [
        golden
        bitPatterns
        strided
        roundTrip
        foreignLayout
        refusals
        promises
        sparse
        corrupted
        badWrites
        readByPython
    ]
