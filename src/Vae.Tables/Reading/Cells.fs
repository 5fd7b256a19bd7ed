namespace Vae.Tables

open Vae.Core

/// Values of a column as they are read.
[<RequireQualifiedAccess>]
type internal Cells =
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
