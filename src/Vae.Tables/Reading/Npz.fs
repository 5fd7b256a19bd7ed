namespace Vae.Tables

open System
open System.IO
open System.IO.Compression

/// NumPy's archives: arrays by their names, compressed or not.
[<RequireQualifiedAccess>]
module Npz =
    /// What a byte of a compressed array can become at most: DEFLATE's limit.
    let private mostRatio = 1032L

    /// The arrays of an archive, in its order. Raises TableException for what is none.
    let read (path: string) : (string * NpyArray) list =
        use file = InputFile.opened path "an array of NumPy"

        let archive =
            try
                new ZipArchive(file, ZipArchiveMode.Read)
            with :? InvalidDataException ->
                TableException.refuse path "no archive" "one that numpy.savez wrote"

        use archive = archive

        let array (entry: ZipArchiveEntry) =
            let where = $"%s{path}, array %s{TableException.quoted entry.FullName}"

            let name =
                if entry.FullName.EndsWith ".npy" then
                    entry.FullName[.. entry.FullName.Length - 5]
                else
                    entry.FullName

            try
                use stream = entry.Open()
                name, Npy.ofStream where (entry.CompressedLength * mostRatio + 1024L) stream
            with :? InvalidDataException as error ->
                TableException.refuse
                    where
                    $"what cannot be unpacked: %s{error.Message}"
                    "an array that numpy.savez wrote"

        match [ for entry in archive.Entries -> array entry ] with
        | [] -> TableException.refuse path "an archive without arrays" "at least one"
        | arrays ->
            arrays
            |> List.countBy fst
            |> List.tryFind (fun (_, count) -> count > 1)
            |> Option.iter (fun (name, count) ->
                TableException.refuse
                    path
                    $"%d{count} arrays called %s{TableException.quoted name}"
                    "names that differ")

            arrays
