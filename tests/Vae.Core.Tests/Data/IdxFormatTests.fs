module Vae.Core.Tests.Data.IdxFormatTests

open System
open System.IO
open System.IO.Compression
open Expecto
open Vae.Core
open Vae.Core.Tests.Data.Scratch

let private bigEndian (values: uint32 list) =
    values |> List.toArray |> Array.collect (fun v -> BitConverter.GetBytes v |> Array.rev)

let private images count rows columns = bigEndian [ 0x803u; count; rows; columns ]

let private zipped (bytes: byte[]) =
    use target = new MemoryStream()

    using (new GZipStream(target, CompressionLevel.Fastest)) (fun zip -> zip.Write(bytes, 0, bytes.Length))
    target.ToArray()

/// That reading these bytes as images, plain and compressed, is refused with these words.
let private refused (words: string list) (bytes: byte[]) =
    inFolder (fun folder ->
        for name, content in [ "plain", bytes; "zipped.gz", zipped bytes ] do
            let path = Path.Combine(folder, name)
            File.WriteAllBytes(path, content)
            raises<DataFormatException> (path :: words) (fun () -> IdxFormat.read 3 path |> ignore))

let tests =
    testList "IdxFormat" [
        test "what is written is read, plain and compressed" {
            inFolder (fun folder ->
                // Larger than the first buffer of the reader.
                let values = Array.init (3 * 1000 * 1000) (fun i -> byte (i * 7 >>> 3))

                for name in [ "a"; "a.gz" ] do
                    let path = Path.Combine(folder, name)
                    IdxFormat.write path [| 3; 1000; 1000 |] (ReadOnlySpan values)
                    let sizes, found = IdxFormat.read 3 path
                    Expect.equal sizes [| 3; 1000; 1000 |] "sizes"
                    Expect.isTrue (found = values) "values"

                let plain = FileInfo(Path.Combine(folder, "a")).Length
                Expect.equal plain (16L + values.LongLength) "length of the plain file")
        }

        test "the bytes of a file are those of the specification" {
            inFolder (fun folder ->
                let path = Path.Combine(folder, "labels")
                IdxFormat.write path [| 3 |] (ReadOnlySpan [| 5uy; 0uy; 255uy |])

                Expect.equal
                    (File.ReadAllBytes path)
                    [| 0uy; 0uy; 8uy; 1uy; 0uy; 0uy; 0uy; 3uy; 5uy; 0uy; 255uy |]
                    "bytes")
        }

        test "a gzip file is known by its content, whatever its name" {
            inFolder (fun folder ->
                let values = Array.append (images 1u 1u 2u) [| 7uy; 8uy |]

                for name, content in [ "named-plain", zipped values; "named-zipped.gz", values ] do
                    let path = Path.Combine(folder, name)
                    File.WriteAllBytes(path, content)
                    Expect.equal (IdxFormat.read 3 path) ([| 1; 1; 2 |], [| 7uy; 8uy |]) name)
        }

        test "a wrong magic number is named" {
            refused [ "0x0000abcd"; "images, 0x00000803" ] (bigEndian [ 0xabcdu; 1u; 1u; 1u ])
        }

        test "labels in place of images are recognised" {
            refused [ "labels, 0x00000801"; "images" ] (Array.append (bigEndian [ 0x801u; 2u ]) [| 1uy; 2uy |])
        }

        test "a truncated header is refused" {
            refused [ "a header of 10 bytes"; "16" ] (Array.take 10 (images 1u 28u 28u))
            refused [ "a header of 0 bytes" ] [||]
        }

        test "a truncated body is refused" {
            refused [ "7 bytes after"; "8, as it says 2 x 2 x 2" ] (Array.append (images 2u 2u 2u) (Array.zeroCreate 7))
        }

        test "trailing bytes are refused" {
            refused [ "8, as it says 2 x 2 x 2" ] (Array.append (images 2u 2u 2u) (Array.zeroCreate 9))
        }

        test "an empty set is refused" { refused [ "0 x 28 x 28" ] (images 0u 28u 28u) }

        test "a header beyond what memory can hold is refused" {
            refused [ "4294967295 x 4294967295 x 4294967295" ] (images UInt32.MaxValue UInt32.MaxValue UInt32.MaxValue)
        }

        test "a header that promises gigabytes costs no memory" {
            let bytes = Array.append (images 2000000u 32u 32u) (Array.zeroCreate 100)
            let before = GC.GetAllocatedBytesForCurrentThread()
            refused [ "2048000000" ] bytes
            Expect.isLessThan (GC.GetAllocatedBytesForCurrentThread() - before) 8_000_000L "bytes allocated"
        }

        test "a corrupt or truncated gzip file is refused" {
            inFolder (fun folder ->
                let random = Array.init 10_000 (fun i -> byte (Key.word (int64 i) (Key.ofSeed 3)))
                let sound = zipped (Array.append (images 1u 100u 100u) random)
                let path = Path.Combine(folder, "x.gz")
                let corrupt = Array.copy sound
                corrupt[5000] <- corrupt[5000] ^^^ 255uy

                for content in [ corrupt; sound[..5000]; sound[..9]; [| 0x1fuy; 0x8buy; 9uy; 9uy |] ] do
                    File.WriteAllBytes(path, content)
                    raises<DataFormatException> [ path ] (fun () -> IdxFormat.read 3 path |> ignore))
        }

        test "a missing file is refused" {
            inFolder (fun folder ->
                let path = Path.Combine(folder, "nothing")
                raises<DataFormatException> [ path; "no such file" ] (fun () -> IdxFormat.read 3 path |> ignore))
        }
    ]
