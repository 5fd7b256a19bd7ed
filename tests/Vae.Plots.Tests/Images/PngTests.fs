module Vae.Plots.Tests.PngTests

open System
open System.Buffers.Binary
open System.IO
open System.IO.Compression
open System.Text
open Expecto
open Vae.Plots

/// CRC-32 bit by bit, as the specification defines it: the writer's table has no part in it.
let private crc (bytes: byte[]) =
    let mutable c = UInt32.MaxValue

    for b in bytes do
        for bit in 0..7 do
            let odd = (c ^^^ (uint32 b >>> bit)) &&& 1u = 1u
            c <- (c >>> 1) ^^^ (if odd then 0xEDB88320u else 0u)

    ~~~c

let private uint32At (bytes: byte[]) at = BinaryPrimitives.ReadUInt32BigEndian(ReadOnlySpan(bytes, at, 4))

/// The kinds and data of a file's chunks, each with its length and CRC checked.
let private chunks (png: byte[]) =
    Expect.equal png[..7] [| 0x89uy; 0x50uy; 0x4Euy; 0x47uy; 0x0Duy; 0x0Auy; 0x1Auy; 0x0Auy |] "signature"

    8
    |> List.unfold (fun at ->
        if at = png.Length then
            None
        else
            let length = int (uint32At png at)
            let body = png[at + 4 .. at + 7 + length]
            Expect.equal (uint32At png (at + 8 + length)) (crc body) "the CRC of a chunk"
            Some((Encoding.ASCII.GetString body[..3], body[4..]), at + 12 + length))

/// Width, height and pixels of an 8-bit grey PNG.
let decode (png: byte[]) : int * int * byte[] =
    match chunks png with
    | [ "IHDR", header; "IDAT", data; "IEND", [||] ] ->
        Expect.equal header[8..] [| 8uy; 0uy; 0uy; 0uy; 0uy |] "8 bits, grey, deflate, not interlaced"
        let width, height = int (uint32At header 0), int (uint32At header 4)
        use zlib = new ZLibStream(new MemoryStream(data), CompressionMode.Decompress)
        use inflated = new MemoryStream()
        zlib.CopyTo inflated
        let rows = inflated.ToArray() |> Array.chunkBySize (width + 1)
        Expect.equal rows.Length height "rows"
        Expect.all rows (fun row -> row[0] = 0uy && row.Length = width + 1) "rows without a filter"
        width, height, rows |> Array.collect (fun row -> row[1..])
    | other -> failtest $"unexpected chunks %A{List.map fst other}"

let tests =
    testList "Png" [
        testCase "a picture is read back as it was written"
        <| fun () ->
            let random = Random 5

            for width, height in [ 1, 1; 3, 2; 28, 28; 301, 40 ] do
                let pixels = Array.zeroCreate<byte>(width * height)
                random.NextBytes pixels
                Expect.equal (decode (Png.encode width height pixels)) (width, height, pixels) $"%d{width} x %d{height}"

        testCase "the last chunk is the one every PNG file ends with"
        <| fun () ->
            let png = Png.encode 1 1 [| 7uy |]

            Expect.equal
                png[png.Length - 12 ..]
                [| 0uy; 0uy; 0uy; 0uy; 0x49uy; 0x45uy; 0x4Euy; 0x44uy; 0xAEuy; 0x42uy; 0x60uy; 0x82uy |]
                "IEND with its CRC, AE426082"
    ]
