namespace Vae.Tables

open System
open System.IO

/// Files that tables are read from.
[<RequireQualifiedAccess>]
module internal InputFile =
    /// A file to be read. Refuses one that is not there, or may not be read, as what was expected.
    let opened (path: string) (expected: string) : FileStream =
        try
            new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 <<< 16)
        with
        | :? FileNotFoundException
        | :? DirectoryNotFoundException -> TableException.refuse path "no file" expected
        | :? UnauthorizedAccessException -> TableException.refuse path "a file that may not be read" expected

    /// A file's name without its folder and its endings.
    let name (path: string) : string =
        let file = Path.GetFileName path |> Option.ofObj |> Option.defaultValue ""
        (file.Split '.')[0]
