/// Files that are there whole or not at all.
module internal Vae.Plots.Files

open System.IO

/// Writes beside the file and renames over it: a reader never sees half of it, nor does a crash leave that.
let writeAtomically (path: string) (bytes: byte[]) =
    let path = Path.GetFullPath path

    match Path.GetDirectoryName path with
    | null -> invalidArg (nameof path) $"\"%s{path}\" is not the path of a file"
    | folder -> Directory.CreateDirectory folder |> ignore

    let unfinished = path + ".tmp"
    File.WriteAllBytes(unfinished, bytes)
    File.Move(unfinished, path, overwrite = true)
