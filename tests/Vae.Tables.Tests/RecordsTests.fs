module Vae.Tables.Tests.RecordsTests

open System
open Expecto
open Vae.Tables
open Vae.Tables.Tests.Written

type Kind =
    | Oak = 0
    | Fir = 1

type Tree = {
    Height: float
    Rings: int
    Kind: Kind
    Felled: DateOnly Nullable
    IsHollow: bool
    Girth: float32 option
    Seen: DateTimeOffset
    Place: string | null
}

let private tree (i: int) : Tree = {
    Height = sin (float i)
    Rings = i * 7 % 30
    Kind = enum (i % 2)
    Felled =
        if i % 5 = 0 then
            Nullable()
        else
            Nullable(DateOnly(2020, 1, 1).AddDays(i % 800))
    IsHollow = i % 3 = 0
    Girth = if i % 4 = 0 then None else Some(float32 (cos (float i)))
    Seen = DateTimeOffset(2024, 1, 1 + i % 20, 1, 30, i % 60, TimeSpan.FromHours 2.0)
    Place = if i = 3 then null else $"place %d{i % 12}"
}

let private kinds (table: Table) = table.Schema.Columns |> List.map (fun column -> column.Name, column.Kind)

let tests =
    testList "Records" [
        testCase "properties are columns in the order of their declaration" (fun () ->
            let table = Table.ofRecords (Seq.init 200 tree)
            Expect.equal (table.Name, table.Rows) ("Tree", 200) "name and rows"

            Expect.equal
                (kinds table)
                [
                    "Height", ColumnKind.Real
                    "Rings", ColumnKind.Count
                    "Kind", ColumnKind.Binary [ "Fir"; "Oak" ]
                    "Felled", ColumnKind.Date "yyyy-MM-dd"
                    "IsHollow", ColumnKind.Binary [ "false"; "true" ]
                    "Girth", ColumnKind.Real
                    "Seen", ColumnKind.Date "yyyy-MM-ddTHH:mm:ss"
                    "Place", ColumnKind.Category(List.sort [ for i in 0..11 -> $"place %d{i}" ])
                ]
                "kinds"

            Expect.equal (Table.texts "Seen" table |> Array.item 7) "2024-01-07T23:30:07" "a moment in UTC"
            Expect.equal (Table.texts "Kind" table |> Array.truncate 3) [| "Oak"; "Fir"; "Oak" |] "names"
            Expect.equal (Table.missing "Felled" table, Table.missing "Girth" table) (40, 50) "missing"
            Expect.equal (Table.missing "Place" table) 1 "null is missing")

        testCase "what cannot be a column is refused by its property" (fun () ->
            refused [ "property 'Sizes'"; "Int32[]"; "without the property" ] (fun () ->
                Table.ofRecords [ {| A = 1; Sizes = [| 1 |] |} ])

            refused [ "null at place 1" ] (fun () -> Table.ofRecords ([ "a"; null ]: (string | null) list))
            refused [ "without a public property" ] (fun () -> Table.ofRecords [ obj () ])
            refused [ "one or more" ] (fun () -> Table.ofRecords (List.empty<Tree>)))

        testCase "columns are a table, told by a look or a schema" (fun () ->
            let columns = [
                "x", Cells.Numbers(Array.init 50 (fun i -> if i = 9 then nan else cos (float i)))
                "y", Cells.Texts(Array.init 50 (fun i -> if i = 4 then "" else string (i * 3 % 7)))
            ]

            let table = Table.ofColumns "t" columns
            Expect.equal (kinds table) [ "x", ColumnKind.Real; "y", ColumnKind.Count ] "kinds"
            Expect.equal (Table.missing "x" table, Table.missing "y" table) (1, 1) "missing"
            let schema = table.Schema |> Schema.withKind "x" ColumnKind.Positive
            refused [ "t, row 2, column 'x'"; "above 0" ] (fun () -> Table.ofColumnsBy schema "t" columns)
            refused [ "[50, 1] rows" ] (fun () -> Table.ofColumns "t" (columns @ [ "z", Cells.Numbers [| 1.0 |] ]))
            refused [ "2 columns called 'x'" ] (fun () -> Table.ofColumns "t" (columns @ [ columns.Head ])))

        testCase "a number that stands for a missing value is one wherever it is read" (fun () ->
            let x = Array.init 50 (fun i -> if i % 10 = 0 then -999.0 else sin (float i))
            let columns = [ "x", Cells.Numbers x; "y", Cells.Texts(x |> Array.map (fun x -> x.ToString "R")) ]
            let table, inferred = Table.ofColumnsInferred "t" [ "-999" ] columns
            Expect.equal (List.map snd inferred.Notes) [ "real; 5 missing"; "real; 5 missing" ] "as it looks"
            Expect.equal (Table.missing "x" table, Table.missing "y" table) (5, 5) "as it is read")
    ]
