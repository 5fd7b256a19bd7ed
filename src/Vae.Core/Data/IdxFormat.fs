namespace Vae.Core

open System
open System.Buffers.Binary
open System.IO
open System.IO.Compression

/// A file of data is missing or is not what it must be.
[<Sealed>]
type DataFormatException(path: string, found: string, expected: string) =
    inherit Exception($"%s{Plain.text path}: found %s{Plain.short found}, expected %s{Plain.short expected}")

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

    /// How many bytes a gzip file of a length may unpack to. Images unpack to 5 times their length, black and white ones to 30;
    /// a file of zeros to a thousand times, and who made it need not decide how much memory reading it takes.
    let private mostOf (gzipped: int64) = 64L * gzipped + 64_000_000L

    /// Reads `size` bytes, which the file has or may have.
    let private body (path: string) (stream: Stream) (size: int) expected =
        let buffer = Array.zeroCreate<byte> size
        let length = stream.ReadAtLeast(buffer.AsSpan(), size, false)

        if length < size then
            fail path $"%d{length} bytes after the header" expected

        if stream.ReadByte() >= 0 then
            fail path $"more than %d{size} bytes after the header" expected

        buffer

    let private parse (path: string) (dimensions: int) (isGzip: bool) (fileLength: int64) (stream: Stream) =
        let header = Array.zeroCreate<byte>(4 + 4 * dimensions)
        let length = stream.ReadAtLeast(header.AsSpan(), header.Length, false)
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

        if isGzip && size > bigint (mostOf fileLength) then
            let limit = $"at most %d{mostOf fileLength}: unpacked beforehand, it can be read"
            fail path $"a gzip file of %d{fileLength} bytes for %O{size} bytes" limit

        if not isGzip && bigint fileLength <> size + bigint header.Length then
            fail path $"%d{fileLength - header.LongLength} bytes after the header" promised

        Array.map int sizes, body path stream (int size) promised

    /// The sizes and the values of a file of so many dimensions.
    let read (dimensions: int) (path: string) : int[] * byte[] =
        let refuse found = fail path found "an IDX file, plain or gzip-compressed"

        use file =
            try
                File.OpenRead path
            with
            | :? FileNotFoundException
            | :? DirectoryNotFoundException -> refuse "no such file"
            | :? UnauthorizedAccessException -> refuse "a file that may not be read"

        // By content, not by name: browsers unpack downloads and keep the name.
        let isGzip = file.ReadByte() = 0x1f && file.ReadByte() = 0x8b
        file.Position <- 0L

        if isGzip then
            use unzipped = new GZipStream(file, CompressionMode.Decompress)

            try
                parse path dimensions true file.Length unzipped
            with :? InvalidDataException as error ->
                fail path $"corrupt gzip (%s{error.Message})" "a sound gzip file"
        else
            parse path dimensions false file.Length file

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
