namespace Vae.Core

open System
open System.IO

/// Files that a program makes for itself and loads from disk, kept for its next start.
/// Several processes may keep the same file at once: each finds it whole or writes it whole.
[<RequireQualifiedAccess>]
module internal PrivateCopy =
    let private ownerOnly = UnixFileMode.UserRead ||| UnixFileMode.UserWrite ||| UnixFileMode.UserExecute

    /// The user's folder for caches (XDG Base Directory Specification), where the user has one.
    let cacheFolder () : string option =
        let home = Environment.GetFolderPath Environment.SpecialFolder.UserProfile

        let chosen =
            match Environment.GetEnvironmentVariable "XDG_CACHE_HOME" with
            | null -> ""
            | folder -> folder

        [ chosen; Path.Combine(home, ".cache") ] |> List.tryFind Path.IsPathFullyQualified

    let private holds (bytes: byte[]) (path: string) =
        try
            FileInfo(path).Length = bytes.LongLength
            && File.ReadAllBytes(path).AsSpan().SequenceEqual(ReadOnlySpan bytes)
        with
        | :? IOException
        | :? UnauthorizedAccessException -> false

    /// The path of a file of this name that holds these bytes, in a folder that is made where it is missing.
    /// A file with other bytes is replaced, never written into: a process may have it mapped.
    /// Raises IOException or UnauthorizedAccessException where the folder cannot be written to.
    let keep (folder: string) (name: string) (bytes: byte[]) : string =
        Directory.CreateDirectory(folder, ownerOnly) |> ignore
        let path = Path.Combine(folder, name)

        if not (holds bytes path) then
            let fresh = Path.Combine(folder, $"{name}.{Guid.NewGuid():N}.tmp")

            try
                File.WriteAllBytes(fresh, bytes)
                File.Move(fresh, path, overwrite = true)
            finally
                File.Delete fresh

        path

    /// What `load` makes of the path of a file of this name that holds these bytes, kept in a folder.
    /// Where there is no folder, or it cannot be written to or loaded from (a read-only or `noexec` file system),
    /// the file is made in a new temporary folder that only this user can read, and deleted once it is loaded.
    let withFile (folder: string option) (name: string) (bytes: byte[]) (load: string -> 'loaded) : 'loaded =
        let temporarily () =
            let folder = Directory.CreateTempSubdirectory("vae-").FullName

            try
                load (keep folder name bytes)
            finally
                Directory.Delete(folder, recursive = true)

        match folder with
        | None -> temporarily ()
        | Some folder ->
            try
                load (keep folder name bytes)
            with
            | :? IOException
            | :? UnauthorizedAccessException
            | :? DllNotFoundException -> temporarily ()
