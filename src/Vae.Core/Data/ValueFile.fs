namespace Vae.Core

open System
open System.IO
open System.Runtime.InteropServices
open Microsoft.Win32.SafeHandles

/// Numbers in a temporary file that is gone once it is disposed of, or its process ends. They are read at any place by the system's
/// plain reads, not by mapping: what the system caches of the file is no memory of the process.
[<Sealed>]
type internal ValueFile private (file: SafeFileHandle, length: int) =
    let size = int64 sizeof<float32>

    let check start count =
        if start < 0 || start > length - count then
            invalidArg (nameof start) $"%d{count} numbers from %d{start} on: the file holds %d{length}"

    /// A file of so many numbers, all of them 0. Raises IOException where the folder of temporary files has no room for them.
    static member Create(length: int) : ValueFile =
        let folder = Path.GetTempPath()
        let path = Path.Combine(folder, $"vae-%s{Path.GetRandomFileName()}")
        let bytes = int64 length * int64 sizeof<float32>

        let file =
            try
                File.OpenHandle(
                    path,
                    FileMode.CreateNew,
                    FileAccess.ReadWrite,
                    FileShare.Delete,
                    FileOptions.DeleteOnClose ||| FileOptions.RandomAccess,
                    preallocationSize = bytes
                )
            with
            | :? IOException
            | :? UnauthorizedAccessException as error ->
                let variable = if OperatingSystem.IsWindows() then "TMP" else "TMPDIR"

                raise (
                    IOException(
                        $"%s{folder}: found no room for %d{bytes} bytes of numbers (%s{error.Message}); expected as much, or another folder in %s{variable}",
                        error
                    )
                )

        // An open file needs no name there, and without one nothing is left by a process that is killed.
        if not (OperatingSystem.IsWindows()) then
            File.Delete path

        RandomAccess.SetLength(file, bytes)
        new ValueFile(file, length)

    /// How many numbers there are.
    member _.Length = length

    /// Writes numbers from a place on.
    member _.Write(start: int, numbers: ReadOnlySpan<float32>) : unit =
        check start numbers.Length
        RandomAccess.Write(file, MemoryMarshal.AsBytes numbers, int64 start * size)

    /// Reads the numbers from a place on, as many as the target holds.
    member _.Read(start: int, target: Span<float32>) : unit =
        check start target.Length
        // In parts, as a span of bytes holds at most 2 GB.
        let part = 1 <<< 26

        for first in 0..part .. target.Length - 1 do
            let bytes = MemoryMarshal.AsBytes(target.Slice(first, min part (target.Length - first)))

            let offset = int64 (start + first) * size
            let mutable read = 0

            while read < bytes.Length do
                match RandomAccess.Read(file, bytes.Slice read, offset + int64 read) with
                | 0 -> raise (EndOfStreamException "a file of numbers ended before them")
                | more -> read <- read + more

    interface IDisposable with
        member _.Dispose() = file.Dispose()
