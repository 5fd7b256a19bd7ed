module Vae.Tables.Tests.RowByRowTests

open System
open Expecto
open Vae.Core
open Vae.Tables

let private run =
    lazy
        (TableRun.fit
            { TableOptions.defaults with Epochs = Some 20; Hidden = [ 32 ]; Seed = 4 }
            (EncodingTests.mixed 300))

/// What is said of a row of a table, from the texts of its cells.
let private read (table: Table) : int -> RowReading =
    let read = RowByRow.reader run.Value

    let columns =
        Schema.modelled run.Value.Schema
        |> List.map (fun column -> RowByRow.cell run.Value.Schema column, Table.texts column.Name table)

    fun i -> columns |> List.map (fun (cell, texts) -> cell texts[i]) |> List.toArray |> read

let tests =
    testList "RowByRow" [
        testCase "of a row it says what the run says of a table of no other row" (fun () ->
            let table = EncodingTests.mixed 40
            let read = read table

            for i in [ 0; 3; 17; 39 ] do
                let reading, alone = read i, Table.pick [| i |] table
                let scores = TableRun.score (Score.LogLikelihood 100) run.Value alone
                Expect.floatClose Accuracy.high reading.Score scores.Score[0] $"score of row %d{i}"
                Expect.equal reading.PValue scores.PValue[0] $"p-value of row %d{i}"
                let code = (TableRun.encode run.Value alone)[0]
                Expect.equal (reading.Latent |> Array.map float) code $"code of row %d{i}")

        testCase "what it expects is in the columns' units, of levels their probabilities" (fun () ->
            let table = EncodingTests.mixed 40
            let columns = Schema.modelled run.Value.Schema
            let expected = (read table 0).Expected

            for column, numbers in List.zip columns (List.ofArray expected) do
                Expect.hasLength numbers (RowByRow.width column) column.Name
                Expect.isTrue (numbers |> Array.forall Single.IsFinite) column.Name

            let at name = expected[columns |> List.findIndex (fun column -> column.Name = name)]
            let sum = at "category" |> Array.sum |> float
            Expect.floatClose Accuracy.medium sum 1.0 "probabilities"
            let binary = Array.head (at "binary")
            Expect.isTrue (binary > 0f && binary < 1f) "a probability"
            Expect.isGreaterThan (Array.head (at "positive")) 0f "a positive number"
            let date, was = float (Array.head (at "date")), (Table.numbers "date" table)[0]
            Expect.isLessThan (abs (date - was)) 2000.0 "a date, in days")

        testCase "a value that a column cannot have makes a row odder than all" (fun () ->
            let schema = run.Value.Schema
            let columns = Schema.modelled schema

            let cell name text = RowByRow.cell schema (columns |> List.find (fun column -> column.Name = name)) text

            for name, text in [ "count", "-1"; "positive", "0"; "ordinal", "lowest"; "real", "infinity" ] do
                Expect.equal (cell name text) infinity $"%s{name} of %s{text}"

            Expect.isTrue (Double.IsNaN(cell "real" "NA")) "a missing number"

            let number name value =
                let schema = schema |> Schema.withMissing [ "-999.0" ]
                RowByRow.cellOfNumber schema (columns |> List.find (fun column -> column.Name = name)) value

            for name, value in [ "count", -1.0; "positive", 0.0; "real", infinity ] do
                Expect.equal (number name value) infinity $"%s{name} of %g{value}"

            Expect.equal (number "real" -998.0) -998.0 "a number"
            Expect.isTrue (Double.IsNaN(number "real" nan)) "no number"
            Expect.isTrue (Double.IsNaN(number "real" -999.0)) "one that is given as missing, however it is written"
            let numbers = columns |> List.map (fun column -> if column.Name = "count" then infinity else nan)
            let reading = RowByRow.reader run.Value (List.toArray numbers)
            Expect.equal reading.Score infinity "score"
            Expect.equal reading.PValue (1.0 / float (run.Value.Calibration.Rows + 1)) "p-value"
            Expect.isTrue (reading.Expected |> Array.forall (Array.forall Single.IsFinite)) "all is filled")
    ]
