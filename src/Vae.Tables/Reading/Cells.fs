namespace Vae.Tables

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
