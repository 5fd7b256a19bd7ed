namespace Vae.Core

open System
open System.IO

/// Whole files: written so that no half of one is ever found under its name, and read from where they are.
[<RequireQualifiedAccess>]
module internal StoredFile =
    /// Replaces a file by what a function writes. A process killed at any moment leaves the old file or the new one, whole,
    /// as a rename within a folder is atomic; what it leaves beside it is called ".partial".
    let write (path: string) (fill: Stream -> unit) : unit =
        let whole = Path.GetFullPath path
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

    /// What a function reads from a file. Raises StorageException where the system does not give the file.
    let read (path: string) (parse: Stream -> 'a) : 'a =
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
