namespace Vae.Tables

open System
open System.Reflection
open Vae.Core

/// Values of a program as columns: what a property is called is the column's name.
[<RequireQualifiedAccess>]
module internal Records =
    /// How values that are there become cells.
    [<RequireQualifiedAccess>]
    type private Reading =
        | Number of (obj -> float)
        | Text of (obj -> string)

    let private numbers = [
        typeof<sbyte>
        typeof<byte>
        typeof<int16>
        typeof<uint16>
        typeof<int>
        typeof<uint32>
        typeof<int64>
        typeof<uint64>
        typeof<float32>
        typeof<float>
        typeof<decimal>
    ]

    let private texts: (Type * (obj -> string)) list = [
        typeof<string>, string
        typeof<bool>, (fun value -> if unbox value then "true" else "false")
        typeof<DateTime>, (fun value -> Dates.ofMoment (unbox value))
        typeof<DateTimeOffset>, (fun value -> Dates.ofMoment (unbox<DateTimeOffset> value).UtcDateTime)
        typeof<DateOnly>, (fun value -> Dates.ofDate ((unbox<DateOnly> value).ToDateTime TimeOnly.MinValue))
    ]

    /// The type of values that may be missing, and what takes one out that is there.
    let private optional (kind: Type) : (Type * (obj -> obj)) option =
        if kind.IsGenericType && kind.GetGenericTypeDefinition() = typedefof<Nullable<_>> then
            // One that is boxed is the value, or null.
            Some(kind.GetGenericArguments()[0], id)
        elif kind.IsGenericType && kind.GetGenericTypeDefinition() = typedefof<option<_>> then
            let value = kind.GetProperty "Value" |> nonNull
            Some(kind.GetGenericArguments()[0], (fun some -> value.GetValue some |> nonNull))
        else
            None

    let rec private readingOf (kind: Type) : Reading option =
        match optional kind with
        | Some(inner, value) ->
            readingOf inner
            |> Option.map (function
                | Reading.Number number -> Reading.Number(value >> number)
                | Reading.Text text -> Reading.Text(value >> text))
        | None when kind.IsEnum -> Some(Reading.Text string)
        | None when List.contains kind numbers -> Some(Reading.Number Convert.ToDouble)
        | None -> texts |> List.tryFind (fun (known, _) -> known = kind) |> Option.map (snd >> Reading.Text)

    /// Properties in the order of their declaration, those of a base class first.
    let private propertiesOf (kind: Type) : PropertyInfo list =
        let rec depth (kind: Type | null) =
            match kind with
            | null -> 0
            | kind -> 1 + depth kind.BaseType

        kind.GetProperties(BindingFlags.Public ||| BindingFlags.Instance)
        |> Array.filter (fun property -> property.CanRead && property.GetIndexParameters().Length = 0)
        |> Array.sortBy (fun property -> depth property.DeclaringType, property.MetadataToken)
        |> Array.toList

    /// A word fit for a file name.
    let private nameOf (kind: Type) = if kind.Name |> Seq.forall Char.IsLetterOrDigit then kind.Name else "records"

    /// The public properties of values as columns, in the order of their declaration. Refuses a property of another type than numbers,
    /// truths, names of an enumeration, texts and dates, by its name.
    let columns (records: 'T seq) : string * (string * Cells) list =
        let kind = typeof<'T>
        let records: objnull[] = records |> Seq.map box |> Seq.toArray
        let properties = propertiesOf kind

        if properties.IsEmpty then
            Check.refuse
                (nameof records)
                $"of type %s{kind.Name}, without a public property"
                "values of a type with some"

        match Array.tryFindIndex isNull records with
        | Some i -> Check.refuse (nameof records) $"null at place %d{i}" "values that are there"
        | None -> ()

        nameOf kind,
        [
            for property in properties do
                match readingOf property.PropertyType with
                | None ->
                    Check.refuse
                        (nameof records)
                        $"of type %s{kind.Name}, whose property '%s{property.Name}' is a %s{property.PropertyType.Name}"
                        "numbers, truths, enumerations, texts and dates, each of which may be null: give records without the property, or with such ones instead"
                | Some reading ->
                    let values = records |> Array.map property.GetValue

                    property.Name,
                    match reading with
                    | Reading.Number number ->
                        values
                        |> Array.map (function
                            | null -> nan
                            | value -> number value)
                        |> Cells.Numbers
                    | Reading.Text text ->
                        values
                        |> Array.map (function
                            | null -> ""
                            | value -> text value)
                        |> Cells.Texts
        ]
