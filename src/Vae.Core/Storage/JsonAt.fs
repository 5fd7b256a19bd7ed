namespace Vae.Core

open System
open System.Text.Json

/// Where a value of a JSON text stands. It is spelt out only where something is refused: a large text has many places.
[<RequireQualifiedAccess>]
type internal Place =
    | Root of string
    | Field of Place * string
    | Item of Place * int

    /// "$.posterior.encoder[2].kernel"
    override this.ToString() =
        match this with
        | Root name -> name
        | Field(place, name) -> $"%O{place}.%s{name}"
        | Item(place, i) -> $"%O{place}[%d{i}]"

/// A value of a JSON text that was read, and where it stands.
[<Struct; NoEquality; NoComparison>]
type internal JsonAt = { File: string; Place: Place; Value: JsonElement }

/// Reading a JSON value as what it must be. Everything else raises a StorageException that names the value's place.
[<RequireQualifiedAccess>]
module internal JsonAt =
    let refuse (at: JsonAt) found expected : 'a = raise (StorageException(at.File, string at.Place, found, expected))

    /// Objects in objects: far above what any model needs, and far below what a stack holds.
    let private options = JsonDocumentOptions(MaxDepth = 256, AllowDuplicateProperties = false)

    /// Looks at every text of a value, as one that is not Unicode is noticed only then.
    let rec private lookAt (value: JsonElement) =
        match value.ValueKind with
        | JsonValueKind.Object ->
            for field in value.EnumerateObject() do
                field.Name |> ignore
                lookAt field.Value
        | JsonValueKind.Array ->
            for item in value.EnumerateArray() do
                lookAt item
        | JsonValueKind.String -> value.GetString() |> ignore
        | _ -> ()

    /// The whole of a text in UTF-8; its values stand below a name. Numbers are float64, so the text of one that `Json.print`
    /// wrote gives back the same bits.
    let parse file name (utf8: byte[]) : JsonAt =
        let wrong (message: string) = raise (StorageException(file, name, $"no JSON: %s{message}", "a JSON text"))

        try
            let value = JsonElement.Parse(ReadOnlySpan utf8, options)
            lookAt value
            { File = file; Place = Place.Root name; Value = value }
        with
        | :? JsonException as error -> wrong error.Message
        // How the parser says that a string is not Unicode.
        | :? InvalidOperationException as error -> wrong error.Message

    let private describe at =
        match at.Value.ValueKind with
        | JsonValueKind.Object -> "an object"
        | JsonValueKind.Array -> "a list"
        | _ -> at.Value.GetRawText()

    let private wrong expected at = refuse at (describe at) expected

    let private named at name value = { File = at.File; Place = Place.Field(at.Place, name); Value = value }

    /// The fields of an object, by name.
    let fields at : seq<string * JsonAt> =
        match at.Value.ValueKind with
        | JsonValueKind.Object -> at.Value.EnumerateObject() |> Seq.map (fun f -> f.Name, named at f.Name f.Value)
        | _ -> wrong "an object" at

    /// Refuses fields of other names: one that is misspelt would be passed over.
    let only (names: string list) at =
        for name, field in fields at do
            if not (List.contains name names) then
                let known = String.concat ", " names
                refuse field $"a field called '%s{name}'" $"none but %s{known}"

    let tryField (name: string) at : JsonAt option =
        match at.Value.ValueKind with
        | JsonValueKind.Object ->
            match at.Value.TryGetProperty name with
            | true, value -> Some(named at name value)
            | _ -> None
        | _ -> wrong "an object" at

    let field name at =
        match tryField name at with
        | Some field -> field
        | None -> refuse { at with Place = Place.Field(at.Place, name) } "nothing" $"a field called '%s{name}'"

    /// How many items a list has.
    let count at : int =
        match at.Value.ValueKind with
        | JsonValueKind.Array -> at.Value.GetArrayLength()
        | _ -> wrong "a list" at

    let items at : JsonAt list =
        match at.Value.ValueKind with
        | JsonValueKind.Array -> [
            for i, value in Seq.indexed (at.Value.EnumerateArray()) ->
                { File = at.File; Place = Place.Item(at.Place, i); Value = value }
          ]
        | _ -> wrong "a list" at

    let text at : string =
        match at.Value.ValueKind with
        | JsonValueKind.String -> at.Value.GetString() |> Option.ofObj |> Option.defaultValue ""
        | _ -> wrong "a text" at

    let private tryNumber at =
        match at.Value.ValueKind with
        | JsonValueKind.Number -> ValueSome(at.Value.GetDouble())
        | _ -> ValueNone

    /// A whole number from a least one on, of those that a float64 holds exactly.
    let whole (least: int64) at : int64 =
        match tryNumber at with
        | ValueSome value when value = floor value && value >= float least && abs value <= 9007199254740991.0 ->
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
        match tryNumber at with
        | ValueSome value when Double.IsFinite value -> value
        | _ -> wrong "a finite number" at

    /// Any float64, as `Json.ofFloat` gives it.
    let float at =
        match at.Value.ValueKind, tryNumber at with
        | JsonValueKind.String, _ when at.Value.ValueEquals "NaN" -> nan
        | JsonValueKind.String, _ when at.Value.ValueEquals "Infinity" -> infinity
        | JsonValueKind.String, _ when at.Value.ValueEquals "-Infinity" -> -infinity
        | _, ValueSome value when Double.IsFinite value -> value
        | _ -> wrong "a number, or one of \"NaN\", \"Infinity\" and \"-Infinity\"" at

    /// What a function makes of values that stand at a place; an argument that it refuses is refused there.
    let build at expected (make: unit -> 'a) : 'a =
        try
            make ()
        with :? ArgumentException as error ->
            refuse at $"what cannot be used: %s{error.Message}" expected
