module Vae.Tables.Tests.ParquetTests

open System
open System.IO
open System.Threading.Tasks
open Expecto
open Parquet
open Parquet.Schema
open Vae.Tables
open Vae.Tables.Tests.Written

/// A column of a file: its field, and what writes the values of so many rows from one on.
type private Written = DataField * (ParquetRowGroupWriter -> int -> int -> Task)

let private all<'t when 't: struct and 't: (new: unit -> 't) and 't :> ValueType>
    (name: string)
    (value: int -> 't)
    : Written =
    let field = DataField<'t> name
    field, (fun group start count -> group.WriteAsync<'t>(field, Array.init count (fun i -> value (start + i))))

let private some<'t when 't: struct and 't: (new: unit -> 't) and 't :> ValueType>
    (name: string)
    (value: int -> 't Nullable)
    : Written =
    let field = DataField<'t Nullable> name

    field,
    (fun group start count ->
        group.WriteAsync<'t>(field, ReadOnlyMemory(Array.init count (fun i -> value (start + i)))))

let private texts (name: string) (value: int -> string | null) : Written =
    let field = DataField<string> name

    field,
    (fun group start count -> group.WriteAsync(field, Array.init count (fun i -> value (start + i)) :> _ seq :?> _))

let private write (path: string) (groups: int list) (columns: Written list) : string =
    let writing =
        task {
            use file = File.Create path
            let fields = columns |> List.map (fun (field, _) -> field :> Field)
            use! writer = ParquetWriter.CreateAsync(ParquetSchema fields, file)
            let mutable start = 0

            for rows in groups do
                use group = writer.CreateRowGroup()

                for _, write in columns do
                    do! write group start rows

                start <- start + rows
        }

    writing.GetAwaiter().GetResult()
    path

let private day (i: int) = DateTime(2024, 1, 31).AddDays(float i)

/// Columns of every type, their third value missing where it may be.
let private everything: Written list =
    let third (value: int -> 't) i = if i = 2 then Nullable() else Nullable(value i)

    [
        all "bool" (fun i -> i % 2 = 1)
        all "int8" (fun i -> sbyte -i)
        all "uint8" byte
        all "int16" (fun i -> int16 -i)
        all "uint16" uint16
        all "int32" (fun i -> -i)
        all "uint32" uint32
        all "int64" (fun i -> int64 -i)
        all "uint64" uint64
        all "float" (fun i -> float32 i + 0.5f)
        all "double" (fun i -> float i + 0.25)
        all "decimal" (fun i -> decimal i + 0.125m)
        all "timestamp" (fun i -> (day i).AddSeconds(float i))
        texts "text" (fun i -> if i = 2 then null else $"text %d{i}")
        some "int or null" (third int)
        some "double or null" (third (fun i -> if i = 3 then nan else float i))
        some "truth or null" (third (fun i -> i > 2))
        some "date or null" (third day)
    ]

let private cells (source: TableSource) : Map<string, string list> =
    source.Columns
    |> List.mapi (fun j name ->
        name,
        [
            for chunk in source.Chunks() do
                match chunk.Cells[j] with
                | Cells.Texts texts -> yield! texts
                | Cells.Numbers numbers -> yield! numbers |> Array.map string
        ])
    |> Map

let tests =
    testList "Parquet" [
        inFolder "every type of numbers, truths, texts and dates is read, in groups of rows" (fun folder ->
            let path = write (Path.Combine(folder, "all.parquet")) [ 3; 2 ] everything
            let found = cells (ParquetFile.source path)

            let expected = [
                "bool", [ "false"; "true"; "false"; "true"; "false" ]
                for name in [ "int8"; "int16"; "int32"; "int64" ] do
                    name, [ "0"; "-1"; "-2"; "-3"; "-4" ]
                for name in [ "uint8"; "uint16"; "uint32"; "uint64" ] do
                    name, [ "0"; "1"; "2"; "3"; "4" ]
                "float", [ "0.5"; "1.5"; "2.5"; "3.5"; "4.5" ]
                "double", [ "0.25"; "1.25"; "2.25"; "3.25"; "4.25" ]
                "decimal", [ "0.125"; "1.125"; "2.125"; "3.125"; "4.125" ]
                "timestamp",
                [
                    "2024-01-31T00:00:00"
                    "2024-02-01T00:00:01"
                    "2024-02-02T00:00:02"
                    "2024-02-03T00:00:03"
                    "2024-02-04T00:00:04"
                ]
                "text", [ "text 0"; "text 1"; ""; "text 3"; "text 4" ]
                "int or null", [ "0"; "1"; "NaN"; "3"; "4" ]
                "double or null", [ "0"; "1"; "NaN"; "NaN"; "4" ]
                "truth or null", [ "false"; "false"; ""; "true"; "true" ]
            ]

            for name, values in expected do
                Expect.equal found[name] values name

            let dates = found["date or null"]
            Expect.stringStarts dates.[4] "2024-02-04" "a date"
            Expect.equal dates.[2] "" "no date")

        inFolder "the ending tells the reader, and the columns are told by a look" (fun folder ->
            let path =
                write (Path.Combine(folder, "t.parquet")) [ 5000; 100; 3000 ] [
                    all "x" (fun i -> sin (float i))
                    some "n" (fun i -> if i % 10 = 7 then Nullable() else Nullable(int64 (i * 7 % 11)))
                    texts "kind" (fun i -> if i % 3 = 0 then "oak" else "fir")
                    all "when" (fun i -> day (i % 900))
                ]

            let table = Table.load path
            Expect.equal (table.Name, table.Rows) ("t", 8100) "name and rows"

            Expect.equal
                (table.Schema.Columns |> List.map _.Kind)
                [
                    ColumnKind.Real
                    ColumnKind.Count
                    ColumnKind.Binary [ "fir"; "oak" ]
                    ColumnKind.Date "yyyy-MM-ddTHH:mm:ss"
                ]
                "kinds"

            Expect.equal (Table.numbers "x" table |> Array.last) (sin 8099.0) "the last number"
            Expect.equal (Table.missing "n" table) 810 "missing"
            Expect.equal (Table.texts "kind" table |> Array.item 5001) "oak" "a level of the second group"
            Expect.equal (TableRows.ofFile path).Rows 8100 "told without reading"

            let schema = table.Schema |> Schema.withKind "x" ColumnKind.Positive
            refused [ "t.parquet, row 0, column 'x'"; "above 0" ] (fun () -> Table.loadAs schema path))

        inFolder "what is no column of values is refused by its name" (fun folder ->
            let path = Path.Combine(folder, "list.parquet")
            let item = DataField<int> "element"
            let list = ListField("sizes", item)

            let writing =
                task {
                    use file = File.Create path
                    let x = DataField<int> "x"
                    use! writer = ParquetWriter.CreateAsync(ParquetSchema [ x :> Field; list :> Field ], file)
                    use group = writer.CreateRowGroup()
                    do! group.WriteAsync<int>(x, [| 1; 2 |])
                    let present, lists = Array.create 3 item.MaxDefinitionLevel, [| 0; 1; 0 |]

                    do!
                        group.WriteAllPartsAsync<int>(
                            item,
                            ReadOnlyMemory [| 1; 2; 3 |],
                            Nullable(ReadOnlyMemory present),
                            Nullable(ReadOnlyMemory lists),
                            Threading.CancellationToken.None
                        )
                }

            writing.GetAwaiter().GetResult()
            refused [ "list.parquet, column 'sizes'"; "nested"; "leave the column out" ] (fun () -> Table.load path)
            let bytesField = DataField<byte[]> "photo"

            let photo: Written =
                bytesField,
                (fun group _ count -> group.WriteAsync(bytesField, Array.init count (fun i -> [| byte i |])))

            let path = write (Path.Combine(folder, "bytes.parquet")) [ 2 ] [ all "x" id; photo ]

            refused [ "bytes.parquet, column 'photo'"; "bytes that are no text" ] (fun () -> Table.load path))

        inFolder "a file with a byte changed is a table or refused, and nothing else" (fun folder ->
            let whole = File.ReadAllBytes(write (Path.Combine(folder, "t.parquet")) [ 60 ] everything)
            let key = Vae.Core.Key.ofSeed 8
            let mutable refusals = 0

            for i in 0..299 do
                let changed = Array.copy whole
                let at = int (Vae.Core.Key.unitAt (int64 (2 * i)) key * float whole.Length)
                changed[at] <- changed[at] ^^^ byte (1 + int (Vae.Core.Key.unitAt (int64 (2 * i + 1)) key * 255.0))

                try
                    ParquetFile.source (bytes folder "changed.parquet" changed) |> cells |> ignore
                with :? TableException ->
                    refusals <- refusals + 1

            Expect.isGreaterThan refusals 50 "some are found out")

        inFolder "what is no whole file is refused by its name" (fun folder ->
            let path = write (Path.Combine(folder, "t.parquet")) [ 400 ] everything
            let whole = File.ReadAllBytes path
            let refuses words name content = refused (name :: words) (fun () -> Table.load (bytes folder name content))
            refuses [ "whole file of Apache Parquet" ] "text.parquet" "a,b\n1,2\n"B
            refuses [ "whole file of Apache Parquet" ] "empty.parquet" [||]

            for share in 1..19 do
                refuses [ "whole file" ] "cut.parquet" whole[.. whole.Length * share / 20]

            // The pages are at the beginning, and what says where they are at the end.
            let damaged = Array.mapi (fun i b -> if i > 50 && i < 5000 && i % 7 = 0 then b ^^^ 0x55uy else b) whole
            refuses [ "column"; "whole file" ] "damaged.parquet" damaged
            refused [ "nowhere.parquet"; "no file" ] (fun () -> Table.load (Path.Combine(folder, "nowhere.parquet"))))
    ]
