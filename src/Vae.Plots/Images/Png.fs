/// An 8-bit grey PNG file, written by hand: three chunks around a zlib stream.
/// W3C, "Portable Network Graphics (PNG) Specification".
module internal Vae.Plots.Png

open System
open System.Buffers.Binary
open System.IO
open System.IO.Compression

let private signature = [| 137uy; 80uy; 78uy; 71uy; 13uy; 10uy; 26uy; 10uy |]

/// What one byte adds to the CRC-32 of the specification's annex D, reflected polynomial 0xEDB88320.
let private crcOfByte =
    Array.init 256 (fun n ->
        let mutable c = uint32 n

        for _ in 1..8 do
            c <- if c &&& 1u = 1u then 0xEDB88320u ^^^ (c >>> 1) else c >>> 1

        c)

let private crc (bytes: byte[]) =
    let mutable c = UInt32.MaxValue

    for b in bytes do
        c <- crcOfByte[int ((c ^^^ uint32 b) &&& 0xFFu)] ^^^ (c >>> 8)

    ~~~c

let private bigEndian (value: uint32) =
    let bytes = Array.zeroCreate 4
    BinaryPrimitives.WriteUInt32BigEndian(Span bytes, value)
    bytes

let private chunk (kind: string) (data: byte[]) =
    let body = Array.append (Text.Encoding.ASCII.GetBytes kind) data
    Array.concat [ bigEndian (uint32 data.Length); body; bigEndian (crc body) ]

/// The bytes of a PNG file whose pixels are given row by row, 0 for black and 255 for white.
let encode (width: int) (height: int) (pixels: byte[]) : byte[] =
    let bitDepth, greyscale, deflate, adaptive, notInterlaced = 8uy, 0uy, 0uy, 0uy, 0uy

    let header =
        Array.concat [
            bigEndian (uint32 width)
            bigEndian (uint32 height)
            [| bitDepth; greyscale; deflate; adaptive; notInterlaced |]
        ]

    use compressed = new MemoryStream()

    do
        use zlib = new ZLibStream(compressed, CompressionLevel.SmallestSize, leaveOpen = true)

        for y in 0 .. height - 1 do
            zlib.WriteByte 0uy // no filter on this row
            zlib.Write(pixels, y * width, width)

    Array.concat [ signature; chunk "IHDR" header; chunk "IDAT" (compressed.ToArray()); chunk "IEND" [||] ]
