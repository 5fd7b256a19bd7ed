namespace Vae.Tables

open Vae.Core

/// Values of a column as they are read, a row each.
[<RequireQualifiedAccess>]
type Cells =
    /// Empty where one is missing.
    | Texts of string[]
    /// NaN where one is missing.
    | Numbers of float[]

/// Some rows of a table, all of its columns.
type internal Chunk = {
    Count: int
    Cells: Cells[]
    /// Where a row of the chunk is, for messages: the file and the line.
    Where: int -> string
}

/// A table that can be read from its beginning as often as it takes, a chunk at a time: what is read need not fit in memory.
type internal TableSource = {
    /// A word fit for a file name.
    Name: string
    /// The file.
    Path: string
    Columns: string list
    /// How many rows there are, where that is known without reading them.
    Rows: int64 option
    Chunks: unit -> Chunk seq
}

[<RequireQualifiedAccess>]
module internal TableSource =
    /// Columns of texts and numbers by their names, as many of each.
    let ofColumns (name: string) (columns: (string * Cells) list) : TableSource =
        let length cells =
            match cells with
            | Cells.Texts texts -> texts.Length
            | Cells.Numbers numbers -> numbers.Length

        match columns |> List.map (snd >> length) |> List.distinct with
        | [ rows ] when rows > 0 -> {
            Name = name
            Path = name
            Columns = List.map fst columns
            Rows = Some(int64 rows)
            Chunks =
                fun () ->
                    Seq.singleton {
                        Count = rows
                        Cells = columns |> List.map snd |> List.toArray
                        Where = fun i -> $"%s{name}, row %d{i}"
                    }
          }
        | lengths ->
            let found = lengths |> List.map string |> String.concat ", "
            Check.refuse (nameof columns) $"of [%s{found}] rows" "at least one column, all of as many rows, one or more"

    /// Rows that are held at once.
    let chunkRows = 4096

    /// The source, if each of its columns has a name of its own; refuses another.
    let checkNames (source: TableSource) : TableSource =
        if source.Columns |> List.exists System.String.IsNullOrWhiteSpace then
            TableException.refuse source.Path "a column without a name" "a name for each column"

        source.Columns
        |> List.countBy id
        |> List.tryFind (fun (_, count) -> count > 1)
        |> Option.iter (fun (name, count) ->
            TableException.refuse
                source.Path
                $"%d{count} columns called %s{TableException.quoted name}"
                "names that differ")

        source

    /// Refuses a table without rows.
    let refuseNone (source: TableSource) : 'a =
        TableException.refuse source.Path "a line of names and no row" "at least one row"
