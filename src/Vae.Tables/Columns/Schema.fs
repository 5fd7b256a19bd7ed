namespace Vae.Tables

open Vae.Core

/// The columns of a table in their order, and the texts that stand for missing values.
type Schema = private {
    columns: Column list
    missing: string list
} with

    member this.Columns = this.columns
    /// Texts that say that a value is missing, beside none at all.
    member this.Missing = this.missing

    override this.ToString() =
        this.columns
        |> List.map (fun column ->
            let levels =
                match Column.levels column with
                | [] -> ""
                | levels when levels.Length <= 6 -> $""": %s{String.concat ", " levels}"""
                | levels -> $""": %s{levels |> List.truncate 5 |> String.concat ", "} and %d{levels.Length - 5} more"""

            $"%s{column.Name}  %s{Column.kindName column.Kind}%s{levels}")
        |> String.concat "\n"

[<RequireQualifiedAccess>]
module Schema =
    /// Texts that are read as missing where nothing else is said.
    let missingTexts = [ "NA"; "N/A"; "NaN"; "nan"; "null"; "NULL"; "None"; "?" ]

    /// A schema of columns. Refuses none, names that are there twice, and levels that cannot be.
    let create (columns: Column list) : Schema =
        let names = columns |> List.map _.Name

        if columns.IsEmpty then
            Check.refuse (nameof columns) "none" "at least one"

        names
        |> List.countBy id
        |> List.tryFind (fun (_, count) -> count > 1)
        |> Option.iter (fun (name, count) ->
            Check.refuse (nameof columns) $"'%s{name}' %d{count} times" "names that differ")

        columns |> List.iter Column.check
        { columns = columns; missing = missingTexts }

    /// The same with other texts for missing values.
    let withMissing (texts: string list) (schema: Schema) : Schema = { schema with missing = texts }

    /// The columns that a model is of.
    let modelled (schema: Schema) : Column list = schema.columns |> List.filter Column.isModelled

    let private known (schema: Schema) = schema.columns |> List.map _.Name |> String.concat ", "

    let private change (name: string) (change: Column -> Column) (schema: Schema) : Schema =
        if schema.columns |> List.forall (fun column -> column.Name <> name) then
            Check.refuse (nameof name) $"'%s{name}'" $"a column: %s{known schema}"

        create [ for column in schema.columns -> if column.Name = name then change column else column ]
        |> withMissing schema.missing

    /// The schema with a column of another kind, of that kind's own law. Refuses a name that it does not have.
    let withKind (name: string) (kind: ColumnKind) (schema: Schema) : Schema =
        change name (fun column -> Column.create column.Name kind) schema

    /// The schema with a column of another law, as text. Refuses a name that it does not have.
    let withLaw (name: string) (law: string) (schema: Schema) : Schema =
        change name (fun column -> { column with Law = Some law }) schema

    /// What is wrong with the columns that a table has, by their names, for a schema: None where each of its modelled columns is
    /// there. Others may be too, and in any order.
    let internal difference (found: string list) (schema: Schema) : string option =
        let there = set found

        match modelled schema |> List.filter (fun column -> not (there.Contains column.Name)) with
        | [] -> None
        | missing -> Some(missing |> List.map (fun column -> $"'%s{column.Name}'") |> String.concat ", ")
