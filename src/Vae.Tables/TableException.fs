namespace Vae.Tables

open System
open Vae.Core

/// A table that is not what it should be: where, what was found there, and what would do.
type TableException(where: string, found: string, expected: string) =
    inherit Exception($"%s{Plain.text where}: found %s{Plain.short found}, expected %s{Plain.short expected}")

    /// The file, with the line and the column where these are known.
    member _.Where = where

    /// What is there.
    member _.Found = found

    /// What must be there.
    member _.Expected = expected

[<RequireQualifiedAccess>]
module internal TableException =
    let refuse where found expected : 'a = raise (TableException(where, found, expected))

    /// The beginning of a text from a file, in quotes, without what steers a terminal.
    let quoted (text: string) =
        let plain = text |> String.map (fun c -> if Char.IsControl c then '?' else c)
        if plain.Length > 60 then $"'%s{plain[..59]}...'" else $"'%s{plain}'"
