namespace Vae.Tables

open System
open Vae.Core

/// What the values of a column are.
[<RequireQualifiedAccess>]
type ColumnKind =
    /// Any number.
    | Real
    /// A number above 0, told from others by its ratio to them: a price, a duration.
    | Positive
    /// A whole number from 0 on: of events, of things.
    | Count
    /// One of levels that have an order, in that order.
    | Ordinal of levels: string list
    /// One of levels without an order. What is none of them is one more, "other".
    | Category of levels: string list
    /// One of two levels, the second of which is 1.
    | Binary of levels: string list
    /// A date in a format of .NET, such as yyyy-MM-dd.
    | Date of format: string
    /// What is known of a row beside its values: no model sees it.
    | Label
    /// Neither modelled nor looked at.
    | Ignored

/// A column of a table.
type Column = {
    Name: string
    Kind: ColumnKind
    /// The law of its values where it is not its kind's own, as text: `StudentT df=4 scale=each`.
    Law: string option
}

[<RequireQualifiedAccess>]
module Column =
    /// A column whose law is its kind's own.
    let create (name: string) (kind: ColumnKind) : Column = { Name = name; Kind = kind; Law = None }

    /// Whether a model is of the column.
    let isModelled (column: Column) =
        match column.Kind with
        | ColumnKind.Label
        | ColumnKind.Ignored -> false
        | _ -> true

    /// The levels of a column that has some.
    let levels (column: Column) : string list =
        match column.Kind with
        | ColumnKind.Ordinal levels
        | ColumnKind.Category levels
        | ColumnKind.Binary levels -> levels
        | _ -> []

    /// What a kind is called in files and on the command line.
    let kindName (kind: ColumnKind) =
        match kind with
        | ColumnKind.Real -> "real"
        | ColumnKind.Positive -> "positive"
        | ColumnKind.Count -> "count"
        | ColumnKind.Ordinal _ -> "ordinal"
        | ColumnKind.Category _ -> "category"
        | ColumnKind.Binary _ -> "binary"
        | ColumnKind.Date _ -> "date"
        | ColumnKind.Label -> "label"
        | ColumnKind.Ignored -> "ignored"

    let private defaultLaw (column: Column) : string =
        match column.Kind with
        | ColumnKind.Real
        | ColumnKind.Positive
        | ColumnKind.Date _ -> "Normal scale=each"
        | ColumnKind.Count -> "NegativeBinomial"
        | ColumnKind.Ordinal levels -> $"DiscretizedLogistic bins=%d{levels.Length}"
        | ColumnKind.Category _ -> "OneHotCategorical"
        | ColumnKind.Binary _ -> "Bernoulli"
        | ColumnKind.Label
        | ColumnKind.Ignored -> ""

    /// The law of a modelled column's values, as text.
    let lawText (column: Column) : string = column.Law |> Option.defaultWith (fun () -> defaultLaw column)

    /// Refuses levels that are too few, or there twice.
    let internal check (column: Column) =
        let levels = levels column
        let name = $"column '%s{column.Name}'"

        if String.IsNullOrWhiteSpace column.Name then
            Check.refuse "column" "without a name" "a name that is no blank"

        if (List.distinct levels).Length <> levels.Length then
            Check.refuse name "one with a level that is there twice" "levels that differ"

        match column.Kind with
        | ColumnKind.Binary levels when levels.Length <> 2 ->
            Check.refuse name $"binary with %d{levels.Length} levels" "two levels"
        | ColumnKind.Ordinal levels when levels.Length < 2 ->
            Check.refuse name $"ordinal with %d{levels.Length} levels" "at least two levels"
        | ColumnKind.Category levels when levels.IsEmpty ->
            Check.refuse name "a category without levels" "at least one level"
        | _ -> ()
