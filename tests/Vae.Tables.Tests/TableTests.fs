module Vae.Tables.Tests.TableTests

open System
open System.IO
open Expecto
open Vae.Tables
open Vae.Tables.Tests.Written

let private lines = [
    "1.5,red,no,small,2020-02-29,first"
    ",blue,yes,large,2021-01-01,\"second, with a comma\""
    "-3,green,1,middle,,third"
]

let private schema =
    Schema.create [
        Column.create "x" ColumnKind.Real
        Column.create "colour" (ColumnKind.Category [ "red"; "blue" ])
        Column.create "member" (ColumnKind.Binary [ "no"; "yes" ])
        Column.create "size" (ColumnKind.Ordinal [ "small"; "middle"; "large" ])
        Column.create "day" (ColumnKind.Date "yyyy-MM-dd")
        Column.create "note" ColumnKind.Label
    ]

let private path folder = rows folder "x,colour,member,size,day,note" (lines |> List.map _.Replace(",1,", ",yes,"))

let tests =
    testList "Table" [
        inFolder "values are read as the schema tells them" (fun folder ->
            let table = Table.loadAs schema (path folder)
            Expect.equal (table.Rows, table.Name) (3, "table") "rows"
            let x = Table.numbers "x" table
            Expect.equal (x[0], Double.IsNaN x[1], x[2]) (1.5, true, -3.0) "numbers"
            Expect.equal (Table.numbers "colour" table) [| 0.0; 1.0; 2.0 |] "levels, and another"
            Expect.equal (Table.others "colour" table) 1 "which is counted"
            Expect.equal (Table.numbers "size" table) [| 0.0; 2.0; 1.0 |] "in their order"
            Expect.equal ((Table.numbers "day" table)[0]) 7364.0 "days since 2000"
            Expect.equal (Table.missing "day" table) 1 "missing"
            Expect.equal ((Table.texts "note" table)[1]) "second, with a comma" "as it is")

        inFolder "a table is written, and read as it was" (fun folder ->
            let table = Table.loadAs schema (path folder)
            let copy = Path.Combine(folder, "copy.csv")
            TableFile.write copy table
            let back = Table.loadAs schema copy

            for column in schema.Columns do
                let before, after = Table.texts column.Name table, Table.texts column.Name back
                Expect.equal after before column.Name)

        inFolder "columns may stand in another order, and others beside them" (fun folder ->
            let path = rows folder "b,other,a" [ "2,x,1"; "4,y,3" ]
            let schema = Schema.create [ Column.create "a" ColumnKind.Real; Column.create "b" ColumnKind.Real ]
            let table = Table.loadAs schema path
            Expect.equal (Table.numbers "a" table) [| 1.0; 3.0 |] "a"
            Expect.equal (Table.numbers "b" table) [| 2.0; 4.0 |] "b")

        inFolder "columns that are not there are named" (fun folder ->
            let path = rows folder "x,size" [ "1,small" ]
            refused [ "'colour', 'member', 'day'"; "'x', 'size'" ] (fun () -> Table.loadAs schema path))

        inFolder "a value that is none of its column is refused by its line" (fun folder ->
            let refuses words (change: string -> string) =
                let path = file folder "changed.csv" (change (File.ReadAllText(path folder)))
                refused words (fun () -> Table.loadAs schema path)

            refuses [ "line 4"; "column 'member'"; "'1'"; "no, yes" ] _.Replace("green,yes", "green,1")
            refuses [ "line 2"; "column 'x'"; "'1.5e999'"; "finite" ] _.Replace("1.5", "1.5e999")
            refuses [ "line 2"; "'day'"; "yyyy-MM-dd" ] _.Replace("2020-02-29", "29.02.2020")
            refuses [ "line 2"; "'size'"; "small, middle, large" ] _.Replace("small", "tiny"))

        testCase "rows of numbers are a table, and what is none is refused" (fun () ->
            let table = Table.ofRows "t" [ "a"; "b" ] [| [| 1.0; nan |]; [| 2.0; 3.0 |] |]
            Expect.equal (Table.missing "b" table) 1 "missing"
            Expect.equal (Table.numbers "a" (Table.pick [| 1; 0; 1 |] table)) [| 2.0; 1.0; 2.0 |] "picked"
            refused [ "of 1 numbers in row 0" ] (fun () -> Table.ofRows "t" [ "a"; "b" ] [| [| 1.0 |] |])
            refused [ "infinite in row 0" ] (fun () -> Table.ofRows "t" [ "a" ] [| [| infinity |] |])
            refused [ "'c'"; "a, b" ] (fun () -> Table.numbers "c" table))
    ]
