namespace Vae.Tables

open Vae.Core

/// Values of a column as they are read, a row each.
[<RequireQualifiedAccess>]
type Cells =
    /// Empty where one is missing.
    | Texts of string[]
    /// NaN where one is missing.
    | Numbers of float[]

/// The cells of a column's rows from one on, as many as are asked for.
type internal Cut = int -> int -> Cells

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
    /// Rows that are held at once.
    let chunkRows = 4096

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

    /// What a package reads of a file; whatever it raises says that the file is damaged.
    let reading (expected: string) (where: string) (read: unit -> 'a) : 'a =
        try
            read ()
        with
        | :? TableException -> reraise ()
        | error -> TableException.refuse where $"what cannot be read: %s{error.Message}" expected

    /// A column of a file, for messages.
    let column (path: string) (name: string) : string = $"%s{path}, column %s{TableException.quoted name}"

    /// Refuses a column of a file that says what its columns' types are.
    let refuseType (where: string) (found: string) : 'a =
        TableException.refuse
            where
            found
            "numbers, truths, texts, dates or timestamps, one a row: leave the column out, or make columns of them (a list's length, a field of a struct)"

    /// Rows of columns in chunks, the first of them being this one of the file.
    let cut (path: string) (before: int64) (rows: int) (columns: Cut[]) : Chunk seq =
        seq {
            for start in 0..chunkRows .. rows - 1 do
                let count = min chunkRows (rows - start)
                let first = before + int64 start

                {
                    Count = count
                    Cells = columns |> Array.map (fun cut -> cut start count)
                    Where = fun i -> $"%s{path}, row %d{first + int64 i}"
                }
        }

    /// The source, if each of its columns has a name of its own; refuses another.
    let checkNames (source: TableSource) : TableSource =
        if source.Columns.IsEmpty then
            TableException.refuse source.Path "no columns" "at least one"

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
