module Vae.Tables.Tests.TableRowsTests

open System
open System.IO
open Expecto
open Vae.Core
open Vae.Tables
open Vae.Tables.Tests.Written

let private quick = { TableOptions.defaults with Epochs = Some 3; Hidden = [ 16 ]; Seed = 4 }

/// A table of every kind as a file, some of its values missing.
let private mixedFile (folder: string) (rows: int) : string * Schema =
    let table = EncodingTests.mixed rows
    let path = Path.Combine(folder, "mixed.csv")
    TableFile.write path table
    let lines = File.ReadAllLines path

    // The first column of every ninth row is empty.
    let holed =
        lines
        |> Array.mapi (fun i line -> if i > 0 && i % 9 = 0 then line.Substring(line.IndexOf ',') else line)

    File.WriteAllLines(path, holed)
    path, table.Schema

let private parameters (run: TableRun) : float[] = Tensor.toArray run.Run.Params.Trained

let tests =
    testList "Rows" [
        inFolder "a model of a file is that of the table in memory, wherever the vectors are" (fun folder ->
            let path, schema = mixedFile folder 9000
            use inMemory = TableRun.fit quick (Table.loadAs schema path)
            let rows = TableRows.ofFileBy Csv.defaults schema path

            for most in [ 0L; Int64.MaxValue ] do
                use run = TableRun.fitWithin most ignore quick rows
                Expect.equal run.Encoding inMemory.Encoding "moments"
                Expect.equal (parameters run) (parameters inMemory) "parameters"

                for kind in Calibration.kinds do
                    Expect.equal
                        (Calibration.scores kind run.Calibration)
                        (Calibration.scores kind inMemory.Calibration)
                        (Calibration.nameOf kind)

                Expect.equal run.Run.History inMemory.Run.History "epochs")

        inFolder "rows at even distances are those of the table" (fun folder ->
            let path, schema = mixedFile folder 9000
            let table = Table.loadAs schema path
            let numbers, thin = TableRows.thin 30 (TableRows.ofFileBy Csv.defaults schema path)
            Expect.equal numbers [| for i in 0..29 -> i * 300 |] "numbers"

            for column in schema.Columns do
                Expect.equal
                    (Table.texts column.Name thin)
                    (Table.texts column.Name (Table.pick numbers table))
                    column.Name

            let numbers, all = TableRows.thin 10_000 (TableRows.ofTable table)
            Expect.equal (numbers.Length, all.Rows) (9000, 9000) "all where there are no more")

        inFolder "a file that becomes another while it is read is refused" (fun folder ->
            let path, schema = mixedFile folder 300
            let rows = TableRows.ofFileBy Csv.defaults schema path
            let lines = File.ReadAllLines path

            for changed in [ lines[..250]; Array.append lines lines[200..] ] do
                File.WriteAllLines(path, changed)
                refused [ "where there were 300" ] (fun () -> TableRun.fitRows ignore quick rows))

        inFolder "what cannot be a table's rows is refused" (fun folder ->
            let path, schema = mixedFile folder 30
            File.WriteAllLines(path, (File.ReadAllLines path)[..0])
            refused [ "mixed.csv"; "no row" ] (fun () -> TableRows.ofFileBy Csv.defaults schema path)
            refused [ "mixed.csv" ] (fun () -> TableRows.ofFile path)
            let few = Table.pick [| 0..5 |] (EncodingTests.mixed 30) |> TableRows.ofTable
            refused [ "at least 10 rows" ] (fun () -> TableRun.fitRows ignore quick few))
    ]
