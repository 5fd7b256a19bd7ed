namespace Vae.Core

open System
open System.Buffers.Binary
open System.IO
open System.IO.Compression

/// A file of data is missing or is not what it must be.
[<Sealed>]
type DataFormatException(path: string, found: string, expected: string) =
    inherit Exception($"%s{path}: found %s{found}, expected %s{expected}")

    /// The file, or the folder where a file is missing.
    member _.Path = path

    /// What is there.
    member _.Found = found

    /// What must be there.
    member _.Expected = expected

/// The IDX file format: a big-endian magic number (0, 0, type of the values, number of dimensions), the size of each
/// dimension in 32 bits, then the values; plain or gzip-compressed. Only unsigned bytes (type 8) are read.
/// Y. LeCun, C. Cortes, C. J. C. Burges, "The MNIST database of handwritten digits".
[<RequireQualifiedAccess>]
module internal IdxFormat =
    let private unsignedBytes = 0x800u

    let private describe (magic: uint32) =
        match magic with
        | 0x801u -> "the magic number of labels, 0x00000801"
        | 0x803u -> "the magic number of images, 0x00000803"
        | other -> $"the magic number 0x%08x{other}"

    let private fail path found expected = raise (DataFormatException(path, found, expected))

    /// Reads until the buffer is full or the stream ends; the number of bytes read.
    let private fill (stream: Stream) (buffer: byte[]) start =
        start + stream.ReadAtLeast(buffer.AsSpan start, buffer.Length - start, false)

    /// Reads `size` bytes, holding no more than twice what has come so far: a header may promise anything.
    let private body (path: string) (stream: Stream) (size: int) expected =
        let mutable buffer = Array.zeroCreate (min size (1 <<< 20))
        let mutable length = fill stream buffer 0

        while length = buffer.Length && length < size do
            Array.Resize(&buffer, int (min (int64 size) (2L * int64 length)))
            length <- fill stream buffer length

        if length < size then
            fail path $"%d{length} bytes after the header" expected

        if stream.ReadByte() >= 0 then
            fail path $"more than %d{size} bytes after the header" expected

        buffer

    let private parse (path: string) (dimensions: int) (plainLength: int64 option) (stream: Stream) =
        let header = Array.zeroCreate<byte>(4 + 4 * dimensions)
        let length = fill stream header 0
        let expected = unsignedBytes + uint32 dimensions

        let word i = BinaryPrimitives.ReadUInt32BigEndian(ReadOnlySpan(header, 4 * i, 4))

        if length >= 4 && word 0 <> expected then
            fail path (describe (word 0)) (describe expected)

        if length < header.Length then
            fail path $"a header of %d{length} bytes" $"one of %d{header.Length}"

        let sizes = Array.init dimensions (fun i -> word (i + 1))
        let size = sizes |> Array.fold (fun product d -> product * bigint d) 1I
        let shape = String.Join(" x ", sizes)

        if size.IsZero || size > bigint Array.MaxLength then
            fail path $"a header for %s{shape} bytes" $"at least 1 and at most %d{Array.MaxLength}"

        let promised = $"%O{size}, as it says %s{shape}"

        match plainLength with
        | Some length when bigint length <> size + bigint header.Length ->
            fail path $"%d{length - header.LongLength} bytes after the header" promised
        | _ -> Array.map int sizes, body path stream (int size) promised

    /// The sizes and the values of a file of so many dimensions.
    let read (dimensions: int) (path: string) : int[] * byte[] =
        if not (File.Exists path) then
            fail path "no such file" "an IDX file, plain or gzip-compressed"

        use file = File.OpenRead path
        // By content, not by name: browsers unpack downloads and keep the name.
        let isGzip = file.ReadByte() = 0x1f && file.ReadByte() = 0x8b
        file.Position <- 0L

        if isGzip then
            use unzipped = new GZipStream(file, CompressionMode.Decompress)

            try
                parse path dimensions None unzipped
            with :? InvalidDataException as error ->
                fail path $"corrupt gzip (%s{error.Message})" "a sound gzip file"
        else
            parse path dimensions (Some file.Length) file

    /// Writes a file, gzip-compressed where its name ends in .gz.
    let write (path: string) (sizes: int[]) (values: ReadOnlySpan<byte>) =
        let header = Array.zeroCreate<byte>(4 + 4 * sizes.Length)
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(), unsignedBytes + uint32 sizes.Length)

        for i in 0 .. sizes.Length - 1 do
            BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4 * (i + 1)), sizes[i])

        use file = File.Create path

        use stream: Stream =
            if path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) then
                new GZipStream(file, CompressionLevel.Optimal)
            else
                file

        stream.Write(ReadOnlySpan header)
        stream.Write values
