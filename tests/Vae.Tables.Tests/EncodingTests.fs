module Vae.Tables.Tests.EncodingTests

open System
open Expecto
open FsCheck
open Vae.Core
open Vae.Tables
open Vae.Tables.Tests.Written

/// A table of a column of each kind, with holes.
let mixed (count: int) : Table =
    let folder = IO.Directory.CreateTempSubdirectory("vae-tables").FullName

    try
        let key = Key.ofSeed 9
        let uniform stream i = Key.unitAt (int64 i) (Key.fold stream key)
        let hole i text = if uniform 8 i < 0.1 then "" else text
        let levels = [ "low"; "middle"; "high" ]

        let row i =
            let u = uniform 0 i

            String.Join(
                ",",
                [
                    hole i $"%.3f{10.0 * u + uniform 1 i}"
                    $"%.3f{exp (4.0 * u)}"
                    string (int (8.0 * u * uniform 2 i))
                    levels[min 2 (int (3.0 * u))]
                    hole (i + 100_000) (if uniform 3 i < u then "red" else "blue")
                    (if uniform 4 i < u then "yes" else "no")
                    DateTime(2018, 1, 1).AddDays(float (i % 1500)).ToString "yyyy-MM-dd"
                    $"row %d{i}"
                ]
            )

        let schema =
            Schema.create [
                Column.create "real" ColumnKind.Real
                Column.create "positive" ColumnKind.Positive
                Column.create "count" ColumnKind.Count
                Column.create "ordinal" (ColumnKind.Ordinal levels)
                Column.create "category" (ColumnKind.Category [ "blue"; "red" ])
                Column.create "binary" (ColumnKind.Binary [ "no"; "yes" ])
                Column.create "date" (ColumnKind.Date "yyyy-MM-dd")
                Column.create "label" ColumnKind.Label
            ]

        Table.loadAs schema (rows folder "real,positive,count,ordinal,category,binary,date,label" (Seq.init count row))
    finally
        IO.Directory.Delete(folder, true)

let tests =
    testList "Encoding" [
        testCase "what rows become is what they were" (fun () ->
            let table = mixed 400
            let encoding = Encoding.fit table
            let data = Encoding.data encoding table
            let vectors = Array.collect (fun i -> Data.item i data) [| 0..399 |]
            let back = Encoding.columns encoding vectors

            for column in Schema.modelled table.Schema do
                let before, after = Table.numbers column.Name table, back[column.Name]

                for i in 0..399 do
                    if not (Double.IsNaN(before[i])) then
                        let error = abs (before[i] - after[i])
                        Expect.isLessThan error (1e-5 * max 1.0 (abs before[i])) $"%s{column.Name} of row %d{i}"

                    let isHole = column.Name = "real" && Double.IsNaN(before[i])
                    Expect.equal (Double.IsNaN(after[i])) isHole "what is missing stays so, but for levels")

        testCase "numbers are standardised by the rows that the encoding is of" (fun () ->
            let table = Table.ofRows "t" [ "a"; "b" ] [| for i in 0..99 -> [| float i; 1e9 + float (i % 2) |] |]
            let encoding = Encoding.fit table
            let data = Encoding.data encoding table

            for j in 0..1 do
                let values = [| for i in 0..99 -> float ((Data.item i data)[j]) |]
                Expect.floatClose Accuracy.medium (Array.average values) 0.0 "mean"
                Expect.floatClose Accuracy.medium (values |> Array.averageBy (fun x -> x * x)) 1.0 "variance"

            let other = Table.ofRows "u" [ "a"; "b" ] [| [| 49.5; 1e9 |] |]

            Expect.floatClose
                Accuracy.medium
                (float ((Data.item 0 (Encoding.data encoding other))[0]))
                0.0
                "by the same")

        testCase "a column of one value has a scale all the same" (fun () ->
            let table = Table.ofRows "t" [ "a"; "b" ] [| for i in 0..9 -> [| 3.0; float i |] |]
            let data = Encoding.data (Encoding.fit table) table
            Expect.equal ((Data.item 4 data)[0]) 0.0f "at its mean")

        testCase "parts have names that differ, and columns with full stops have names" (fun () ->
            let columns = [
                Column.create "a.b" (ColumnKind.Category [ "x"; "y" ])
                Column.create "a_b" (ColumnKind.Category [ "x"; "y" ])
                Column.create "Normal" ColumnKind.Real
                Column.create "other" ColumnKind.Real
            ]

            let folder = IO.Directory.CreateTempSubdirectory("vae-tables").FullName

            let table =
                Table.loadAs (Schema.create columns) (rows folder "a.b,a_b,Normal,other" [ "x,y,1,2"; "y,x,2,3" ])

            IO.Directory.Delete(folder, true)
            let names = Encoding.parts (Encoding.fit table) |> List.map (fun (name, _, _) -> name)
            Expect.equal (List.distinct names) names "differ"
            Expect.equal names.Length 3 "numbers of one law are one part"
            TableModel.create TableOptions.defaults (Encoding.fit table) |> ignore)

        testCase "a law of one's choice is the column's" (fun () ->
            let table = mixed 50

            let changed =
                table.Schema
                |> Schema.withLaw "count" "zero-inflated NegativeBinomial"
                |> Schema.withLaw "real" "StudentT df=4 scale=each"

            let described law =
                let pieces = Encoding.fit table |> Encoding.pieces
                let column = changed.Columns |> List.find (fun column -> column.Name = law)

                pieces
                |> List.map (fun piece ->
                    if piece.Column = law then { piece with Law = Column.lawText column } else piece)
                |> Encoding.ofPieces
                |> TableModel.create TableOptions.defaults
                |> Vae.describe

            Expect.stringContains (described "count") "zero-inflated NegativeBinomial" "counts"
            Expect.stringContains (described "real") "StudentT (df 4, scale each)" "numbers")

        testCase "numbers are brought to a column's decimals and range" (fun () ->
            let grid = [ 0.25; nan; 3.0; -1.5 ] |> List.fold Grid.add Grid.none
            Expect.equal (grid.Least, grid.Greatest, grid.Decimals) (-1.5, 3.0, 2) "seen"
            Expect.equal (Grid.nearest grid 1.23456) 1.23 "decimals"
            Expect.equal (Grid.nearest grid 7.0) 3.0 "range"
            Expect.equal (Grid.nearest Grid.none 0.123) 0.123 "no number was seen"
            Expect.isTrue (Grid.isWhole ([ 181.0; 1e15 ] |> List.fold Grid.add Grid.none)) "whole numbers"
            let fine = Grid.add Grid.none (sqrt 2.0)
            Expect.equal (Grid.nearest fine (sqrt 2.0)) (sqrt 2.0) "numbers without an end are left as they are")
    ]
