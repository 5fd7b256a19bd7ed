namespace Vae.Core

open System
open System.IO
open System.Text

/// Whole files: written so that no half of one is ever found under its name, and read from where they are.
[<RequireQualifiedAccess>]
module StoredFile =
    /// Deletes the unfinished files of a pattern. What is being written stays: its writer holds it open.
    let private clearAll (folder: string) (pattern: string) =
        let delete (partial: string) =
            try
                use held = new FileStream(partial, FileMode.Open, FileAccess.ReadWrite, FileShare.Delete)
                File.Delete partial
                held.Close()
            with
            | :? IOException
            | :? UnauthorizedAccessException -> ()

        try
            Directory.GetFiles(folder, pattern) |> Array.iter delete
        with :? UnauthorizedAccessException ->
            ()

    /// Deletes what processes that were killed while they wrote files of a folder have left in it.
    let clear (folder: string) : unit = clearAll folder "*.partial"

    /// Replaces a file by what a function writes. A process killed at any moment leaves the old file or the new one, whole,
    /// as a rename within a folder is atomic; what it leaves beside it is called ".partial", and is deleted when the file is
    /// next written.
    let write (path: string) (fill: Stream -> unit) : unit =
        let whole = Path.GetFullPath path

        Path.GetDirectoryName whole
        |> Option.ofObj
        |> Option.iter (fun folder -> clearAll folder $"%s{Path.GetFileName whole}.*.partial")

        let partial = $"%s{whole}.%s{Path.GetRandomFileName()}.partial"

        try
            use stream = new FileStream(partial, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 <<< 16)
            fill stream
            // The bytes reach the disk before the name does: otherwise a power cut could leave the name on an empty file.
            stream.Flush true
            stream.Close()
            File.Move(partial, whole, overwrite = true)
        with _ ->
            File.Delete partial
            reraise ()

    /// Replaces a file by a text, in UTF-8.
    let writeText (path: string) (text: string) : unit =
        let bytes = UTF8Encoding(false).GetBytes text
        write path (fun stream -> stream.Write(ReadOnlySpan bytes))

    /// What a function reads from a file. Raises StorageException where the system does not give the file.
    let internal read (path: string) (parse: Stream -> 'a) : 'a =
        let refuse found = raise (StorageException(path, "", found, "a file that can be read"))

        try
            use stream =
                new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read ||| FileShare.Delete, 1 <<< 16)

            parse stream
        with
        | :? FileNotFoundException
        | :? DirectoryNotFoundException -> refuse "no such file"
        | :? IOException as error -> refuse error.Message
        | :? UnauthorizedAccessException as error -> refuse error.Message

    /// All bytes of a file: as many as it has when it is opened, so that what has no end is not read forever.
    let internal readBytes (path: string) : byte[] =
        read path (fun stream ->
            let bytes = Array.zeroCreate<byte>(int (min stream.Length (int64 Array.MaxLength)))
            stream.ReadExactly bytes
            bytes)
