namespace Vae.Core

open System
open System.Globalization
open System.Text
open System.Text.Encodings.Web

/// A JSON value to be written (RFC 8259). Fields keep their order, and no two of one object have the same name.
[<RequireQualifiedAccess>]
type internal Json =
    | Number of float
    | Text of string
    | List of Json list
    | Object of (string * Json) list

[<RequireQualifiedAccess>]
module internal Json =
    let private strict = UTF8Encoding(false, true)

    let private quoted (text: string) =
        strict.GetByteCount text |> ignore
        $"\"%s{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode text}\""

    let rec private inLine space json =
        let comma, colon, pad = (if space then ", ", ": ", " " else ",", ":", "")

        match json with
        | Json.Number value -> value.ToString("R", CultureInfo.InvariantCulture)
        | Json.Text text -> quoted text
        | Json.List items -> items |> List.map (inLine space) |> String.concat comma |> sprintf "[%s]"
        | Json.Object [] -> "{}"
        | Json.Object fields ->
            let inside =
                fields
                |> List.map (fun (name, value) -> quoted name + colon + inLine space value)
                |> String.concat comma

            "{" + pad + inside + pad + "}"

    /// The text of a value on one line, without spaces. Numbers must be finite; a text that is not Unicode is refused.
    let print json = inLine false json

    /// The text of a value for people to read: what fits on a line stands on one.
    let printIndented json =
        let rec lines indent json =
            let inner = indent + "  "

            let block (first: string) parts (last: string) =
                let inside = parts |> List.map ((+) inner) |> String.concat ",\n"
                $"%s{first}\n%s{inside}\n%s{indent}%s{last}"

            match json with
            | Json.Object fields when indent = "" || (inLine true json).Length > 100 - indent.Length ->
                block "{" (fields |> List.map (fun (name, value) -> $"%s{quoted name}: %s{lines inner value}")) "}"
            | Json.List items when (inLine true json).Length > 100 - indent.Length ->
                block "[" (items |> List.map (lines inner)) "]"
            | _ -> inLine true json

        lines "" json + "\n"

    /// A float that JSON has no number for is its name, as System.Text.Json spells it.
    let ofFloat (value: float) =
        if Double.IsNaN value then Json.Text "NaN"
        elif Double.IsPositiveInfinity value then Json.Text "Infinity"
        elif Double.IsNegativeInfinity value then Json.Text "-Infinity"
        else Json.Number value

    let ofInt (value: int) = Json.Number(float value)

    /// A whole number of those that a float64 holds exactly.
    let ofWhole (value: int64) = Json.Number(float value)
