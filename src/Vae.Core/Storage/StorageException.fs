namespace Vae.Core

open System

/// A stored file is missing, cannot be read, or is not what it must be.
[<Sealed>]
type StorageException(path: string, place: string, found: string, expected: string) =
    inherit
        Exception(
            let at = if place = "" then "" else $", at %s{Plain.short place}"
            $"%s{Plain.text path}%s{at}: found %s{Plain.short found}; expected %s{Plain.short expected}"
        )

    /// The file.
    member _.Path = path

    /// Where in the file: the path of a JSON value, the name of a tensor, or nothing where it is about the whole file.
    member _.Place = place

    /// What is there.
    member _.Found = found

    /// What must be there.
    member _.Expected = expected
