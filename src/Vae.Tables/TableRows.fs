namespace Vae.Tables

open System
open Vae.Core

/// Rows of a table, in memory or in a file, that are gone through as often as it takes, a part at a time: they need not fit in memory.
[<NoComparison; ReferenceEquality>]
type TableRows = private {
    name: string
    schema: Schema
    rows: int
    parts: unit -> Table seq
} with

    member this.Name = this.name
    member this.Schema = this.schema
    /// How many rows there are.
    member this.Rows = this.rows

    override this.ToString() = $"%s{this.name}: %d{this.rows} rows of %d{this.schema.Columns.Length} columns"

[<RequireQualifiedAccess>]
module TableRows =
    let private ofSource (schema: Schema) (rows: int64) (source: TableSource) : TableRows =
        if rows = 0L then
            TableSource.refuseNone source

        if rows > int64 Array.MaxLength then
            TableException.refuse source.Path $"%d{rows} rows" $"at most %d{Array.MaxLength}"

        {
            name = source.Name
            schema = Table.kept schema source
            rows = int rows
            parts = fun () -> Table.parts schema source
        }

    let private count (source: TableSource) : int64 =
        source.Rows
        |> Option.defaultWith (fun () -> source.Chunks() |> Seq.sumBy (fun chunk -> int64 chunk.Count))

    /// The rows of a file, and what its columns are, as `Table.infer` tells them. Raises TableException as that does.
    let ofFileInferred (options: CsvOptions) (missing: string list) (path: string) : TableRows * Inferred =
        let source = Files.source options path
        let inferred = Inference.ofSource missing source
        ofSource inferred.Schema inferred.Rows source, inferred

    /// The rows of a file, its columns as `Table.infer` tells them.
    let ofFile (path: string) : TableRows = ofFileInferred Csv.defaults Schema.missingTexts path |> fst

    /// The rows of a file, its columns as a schema tells them. Raises TableException for a file without some of these, and, where they
    /// are gone through, for a value that is none of its column.
    let ofFileBy (options: CsvOptions) (schema: Schema) (path: string) : TableRows =
        let source = Files.source options path
        ofSource schema (count source) source

    /// The rows of a table in memory.
    let ofTable (table: Table) : TableRows =
        let size = TableSource.chunkRows

        {
            name = table.Name
            schema = table.Schema
            rows = table.Rows
            parts =
                fun () ->
                    seq {
                        for start in 0..size .. table.Rows - 1 ->
                            Table.slice start (min size (table.Rows - start)) table
                    }
        }

    /// The rows part by part, each with the number of its first row. Raises TableException for a file that has become another.
    let internal parts (rows: TableRows) : (int * Table) seq =
        let check (found: int) (isWhole: bool) =
            if found > rows.rows || isWhole && found < rows.rows then
                TableException.refuse
                    rows.name
                    $"%d{found} rows, where there were %d{rows.rows}"
                    "a file that stays as it is while it is read"

        seq {
            let mutable start = 0

            for part in rows.parts () do
                check (start + part.Rows) false
                start, part
                start <- start + part.Rows

            check start true
        }

    /// So many rows at even distances, in memory, and all where there are no more; with their numbers.
    let thin (count: int) (rows: TableRows) : int[] * Table =
        Check.atLeast 1 (nameof count) count
        let count = min count rows.rows
        let wanted = Array.init count (fun i -> int (int64 i * int64 rows.rows / int64 count))

        let parts = [
            for start, part in parts rows do
                match wanted |> Array.filter (fun row -> row >= start && row < start + part.Rows) with
                | [||] -> ()
                | here -> Table.pick (here |> Array.map (fun row -> row - start)) part
        ]

        wanted, Table.concat parts
