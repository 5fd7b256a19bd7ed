namespace Vae.Core

open System
open System.Buffers.Binary
open System.Numerics

/// TensorFlow's records: a length, its checksum, as many bytes, and theirs. Little endian.
[<RequireQualifiedAccess>]
module internal TfRecord =
    /// CRC-32C, rotated by 15 bits and moved by a constant, as a record's own bytes may contain checksums.
    let private masked (bytes: ReadOnlySpan<byte>) : uint32 =
        let mutable crc = UInt32.MaxValue

        for byte in bytes do
            crc <- BitOperations.Crc32C(crc, byte)

        BitOperations.RotateRight(~~~crc, 15) + 0xa282ead8u

    /// A record of some bytes.
    let ofBytes (payload: byte[]) : byte[] =
        let record = Array.zeroCreate<byte>(payload.Length + 16)
        let span = Span<byte> record
        BinaryPrimitives.WriteUInt64LittleEndian(span, uint64 payload.Length)
        BinaryPrimitives.WriteUInt32LittleEndian(span.Slice 8, masked (ReadOnlySpan(record, 0, 8)))
        payload.CopyTo(record, 12)
        BinaryPrimitives.WriteUInt32LittleEndian(span.Slice(12 + payload.Length), masked (ReadOnlySpan payload))
        record

    /// Where the contents of a file's records begin and end, without a record that was not finished. Raises StorageException
    /// where a checksum is another.
    let read (path: string) (bytes: byte[]) : (int * int) list =
        let expect at (start: int) (length: int) =
            let stored = BinaryPrimitives.ReadUInt32LittleEndian(ReadOnlySpan(bytes, start + length, 4))
            let found = masked (ReadOnlySpan(bytes, start, length))

            if stored <> found then
                raise (StorageException(path, $"byte %d{at}", $"the checksum %08x{found}", $"%08x{stored}"))

        let rec records found start =
            let left = bytes.Length - start

            if left < 12 then
                List.rev found
            else
                expect start start 8
                let length = BinaryPrimitives.ReadUInt64LittleEndian(ReadOnlySpan(bytes, start, 8))

                if left < 16 || length > uint64 (left - 16) then
                    List.rev found
                else
                    let first, length = start + 12, int length
                    expect start first length
                    records ((first, first + length) :: found) (first + length + 4)

        records [] 0
