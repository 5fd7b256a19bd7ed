namespace Vae.Core

open System

/// A value of a JSON text and where it stands: "$.posterior.encoder[2].kernel" of a file.
type internal JsonAt = { File: string; Path: string; Value: Json }

/// Reading a JSON value as what it must be. Everything else raises a StorageException that names the value's path.
[<RequireQualifiedAccess>]
module internal JsonAt =
    let refuse at found expected : 'a = raise (StorageException(at.File, at.Path, found, expected))

    /// The whole of a text in UTF-8; its values stand below a path.
    let parse file path (utf8: byte[]) =
        match Json.parse utf8 with
        | Ok value -> { File = file; Path = path; Value = value }
        | Error message -> raise (StorageException(file, path, $"no JSON: %s{message}", "a JSON text"))

    let private describe at =
        match at.Value with
        | Json.Object _ -> "an object"
        | Json.List _ -> "a list"
        | scalar -> Json.print scalar

    let private wrong expected at = refuse at (describe at) expected

    /// The fields of an object, by name.
    let fields at : (string * JsonAt) list =
        match at.Value with
        | Json.Object fields ->
            fields
            |> List.map (fun (name, value) -> name, { at with Path = $"%s{at.Path}.%s{name}"; Value = value })
        | _ -> wrong "an object" at

    /// Refuses fields of other names: one that is misspelt would be passed over.
    let only (names: string list) at =
        for name, field in fields at do
            if not (List.contains name names) then
                let known = String.concat ", " names
                refuse field $"a field called '%s{name}'" $"none but %s{known}"

    let tryField name at = fields at |> List.tryFind (fun (known, _) -> known = name) |> Option.map snd

    let field name at =
        match tryField name at with
        | Some field -> field
        | None -> refuse { at with Path = $"%s{at.Path}.%s{name}" } "nothing" $"a field called '%s{name}'"

    let items at : JsonAt list =
        match at.Value with
        | Json.List items -> items |> List.mapi (fun i value -> { at with Path = $"%s{at.Path}[%d{i}]"; Value = value })
        | _ -> wrong "a list" at

    let text at =
        match at.Value with
        | Json.Text text -> text
        | _ -> wrong "a text" at

    /// A whole number from a least one on, of those that a float64 holds exactly.
    let whole (least: int64) at : int64 =
        match at.Value with
        | Json.Number value when value = floor value && value >= float least && abs value <= 9007199254740991.0 ->
            int64 value
        | _ -> wrong $"a whole number, at least %d{least}" at

    /// A whole number of 32 bits from a least one on.
    let integer (least: int) at : int =
        match whole (int64 least) at with
        | value when value <= int64 Int32.MaxValue -> int value
        | _ -> wrong $"a whole number, at least %d{least} and at most %d{Int32.MaxValue}" at

    /// A size of a layer or a law, from a least one on. A million is beyond any of use, and keeps products within 64 bits.
    let size (least: int) at : int =
        match whole (int64 least) at with
        | value when value <= 1_000_000L -> int value
        | value -> refuse at $"%d{value}" "at most 1000000"

    /// A finite number.
    let number at =
        match at.Value with
        | Json.Number value when Double.IsFinite value -> value
        | _ -> wrong "a finite number" at

    /// Any float64, as `Json.ofFloat` gives it.
    let float at =
        match at.Value with
        | Json.Text "NaN" -> nan
        | Json.Text "Infinity" -> infinity
        | Json.Text "-Infinity" -> -infinity
        | Json.Number value when Double.IsFinite value -> value
        | _ -> wrong "a number, or one of \"NaN\", \"Infinity\" and \"-Infinity\"" at

    /// What a function makes of values that stand at a place; an argument that it refuses is refused there.
    let build at expected (make: unit -> 'a) : 'a =
        try
            make ()
        with :? ArgumentException as error ->
            refuse at $"what cannot be used: %s{error.Message}" expected
