module Vae.Tables.Tests.TableRunTests

open System
open System.IO
open Expecto
open Vae.Core
open Vae.Tables
open Vae.Tables.Tests.Written

let private quick = { TableOptions.defaults with Epochs = Some 40; Hidden = [ 32 ]; Seed = 3 }

/// Rows of four numbers near a plane, with these far from it.
let private plane (odd: int) (count: int) : Table =
    let key = Key.ofSeed 21

    let normal stream i =
        sqrt (-2.0 * log (1.0 - Key.unitAt (int64 i) (Key.fold stream key)))
        * cos (2.0 * Math.PI * Key.unitAt (int64 i) (Key.fold (stream + 50) key))

    let row i =
        let a, b = normal 0 i, normal 1 i
        let e stream = 0.1 * normal stream i
        let row = [| a + e 2; b + e 3; a + b + e 4; a - b + e 5 |]

        if i < odd then
            row[i % 4] <- row[i % 4] + 5.0

        row

    Table.ofRows "plane" [ "a"; "b"; "sum"; "difference" ] (Array.init count row)

let private trained = lazy (TableRun.fit quick (EncodingTests.mixed 600))

let private trainedPlane =
    lazy (TableRun.fit { quick with Epochs = Some 150; Latent = Some 2 } (plane 0 1200))

/// Some values of a table removed.
let private withHoles (share: float) (table: Table) : Table =
    let names = table.Schema.Columns |> List.map _.Name
    let columns = names |> List.map (fun name -> Table.numbers name table)
    let key = Key.ofSeed 5
    let width = names.Length

    let rows =
        Array.init table.Rows (fun i ->
            let row = columns |> List.map (fun column -> column[i]) |> List.toArray
            let hole = if Key.unitAt (int64 i) key < share then i % width else -1
            Array.mapi (fun j x -> if j = hole then nan else x) row)

    Table.ofRows "holes" names rows

let tests =
    testList "Runs" [
        testCase "rows that are drawn are such as the table's: kinds, levels, decimals, ranges" (fun () ->
            let run, table = trained.Value, EncodingTests.mixed 600
            let drawn = TableRun.sample 4 500 run

            for column in Schema.modelled table.Schema do
                let seen = Table.numbers column.Name table |> Array.filter (Double.IsNaN >> not)
                let numbers = Table.numbers column.Name drawn

                let greatest =
                    match column.Kind with
                    // One level more stands for all others.
                    | ColumnKind.Category levels -> float levels.Length
                    | _ -> Array.max seen

                Expect.isLessThanOrEqual (Array.max numbers) greatest $"%s{column.Name}: the greatest"
                Expect.isGreaterThanOrEqual (Array.min numbers) (Array.min seen) $"%s{column.Name}: the least"

            for column in [ "real"; "positive" ] do
                for text in Table.texts column drawn do
                    let decimals = (text + ".").Split('.')[1]
                    Expect.isLessThanOrEqual decimals.Length 3 $"%s{column}: %s{text}")

        testCase "a threshold is where p-values reach the rate, which lies in its interval" (fun () ->
            let run = trainedPlane.Value
            let n = run.Calibration.Rows
            let scores = TableRun.score (Score.LogLikelihood 100) run (plane 0 1200)

            for k in [ 1; 5; 30 ] do
                let threshold = Threshold.ofRate (Score.LogLikelihood 100) (float k / float (n + 1)) run
                Expect.floatClose Accuracy.high threshold.Rate (float k / float (n + 1)) "the rate"
                Expect.isTrue (threshold.Low < threshold.Rate && threshold.Rate < threshold.High) "the interval"

                Array.iter2
                    (fun score p ->
                        Expect.equal (score > threshold.Score) (p <= threshold.Rate + 1e-12) $"%g{score}, p %g{p}")
                    scores.Score
                    scores.PValue

            Expect.equal
                (Threshold.ofRate (Score.LogLikelihood 100) 0.5 run).Rate
                (floor (0.5 * float (n + 1)) / float (n + 1))
                "the next lower"

            refused [ "rate"; "0.0001"; string n ] (fun () -> Threshold.ofRate (Score.LogLikelihood 100) 0.0001 run)
            refused [ "rate"; "between 0 and 1" ] (fun () -> Threshold.ofRate (Score.LogLikelihood 100) 1.0 run)
            refused [ "rate"; "between 0 and 1" ] (fun () -> Threshold.ofRate (Score.LogLikelihood 100) nan run))

        // Beta(1, n) has the distribution function 1 - (1 - x)^n.
        testCase "the interval of the lowest rate, by hand" (fun () ->
            let run = trainedPlane.Value
            let n = float run.Calibration.Rows
            let threshold = Threshold.ofRate (Score.LogLikelihood 100) (1.0 / (n + 1.0)) run
            Expect.floatClose Accuracy.high threshold.Low (1.0 - 0.975 ** (1.0 / n)) "low"
            Expect.floatClose Accuracy.high threshold.High (1.0 - 0.025 ** (1.0 / n)) "high")

        testCase "every row has a score, and its columns' shares and the latent's sum to it" (fun () ->
            let run, table = trained.Value, EncodingTests.mixed 600
            let scores = TableRun.score (Score.LogLikelihood 50) run table
            Expect.hasLength scores.Score 600 "scores"
            Expect.equal scores.Columns (Schema.modelled table.Schema |> List.map _.Name) "columns"

            for i in 0..599 do
                Expect.isTrue (Double.IsFinite(scores.Score[i])) "a number"
                let sum = Array.sum scores.Shares[i] + scores.Together[i]
                Expect.floatClose Accuracy.medium sum scores.Score[i] "sum"
                Expect.isTrue (scores.PValue[i] > 0.0 && scores.PValue[i] <= 1.0) "a probability"

            let again = TableRun.score (Score.LogLikelihood 50) run table
            Expect.equal again.Score scores.Score "the same in every call")

        testCase "each kind of score is calibrated by its own, and its parts sum to it" (fun () ->
            let run = trainedPlane.Value
            let fresh = Table.pick [| 1200..2199 |] (plane 0 2200)

            for kind in Calibration.kinds do
                let name = Calibration.nameOf kind
                let scores = TableRun.score kind run fresh
                let m = float run.Calibration.Rows

                for i in 0..999 do
                    let sum = Array.sum scores.Shares[i] + scores.Together[i]
                    Expect.floatClose Accuracy.medium sum scores.Score[i] $"%s{name}: sum"

                for level in [ 0.05; 0.5 ] do
                    let share = scores.PValue |> Array.filter (fun p -> p <= level) |> Array.length |> float
                    // Both chances within five standard errors, of a false failure in 3.5 million each side.
                    let error = sqrt (level * (1.0 - level) * (1.0 / 1000.0 + 1.0 / m))
                    let off = abs (share / 1000.0 - level)
                    Expect.isLessThan off (5.0 * error + 1.0 / m) $"%s{name} at %g{level}"

                let threshold = Threshold.ofRate kind 0.1 run
                let alarms = scores.Score |> Array.map (fun score -> score > threshold.Score)
                Expect.equal alarms (scores.PValue |> Array.map (fun p -> p <= threshold.Rate + 1e-12)) name)

        testCase "a run is saved, and loaded as it was" (fun () ->
            let folder = Directory.CreateTempSubdirectory("vae-tables").FullName
            let run, table = trained.Value, EncodingTests.mixed 100

            try
                TableRun.save folder run
                use back = TableRun.load folder
                let scores (run: TableRun) = TableRun.score (Score.LogLikelihood 20) run table
                Expect.equal (scores back).Score (scores run).Score "scores"
                Expect.equal (scores back).PValue (scores run).PValue "calibration"
                Expect.equal back.Schema.Columns run.Schema.Columns "schema"

                let file = Path.Combine(folder, "table.json")
                File.WriteAllText(file, (File.ReadAllText file).Replace("\"category\"", "\"kategorie\""))

                try
                    TableRun.load folder |> ignore
                    failtest "nothing was refused"
                with :? StorageException as error ->
                    Expect.stringContains error.Message "kategorie" "the column that differs"
            finally
                Directory.Delete(folder, true))

        testCase "rows off the plane are the odd ones, by the column that is off" (fun () ->
            let run = trainedPlane.Value
            let scores = TableRun.score (Score.LogLikelihood 100) run (plane 40 400)
            let least = Array.min scores.Score[..39]
            let usual = Array.sort scores.Score[40..]
            Expect.isGreaterThan least usual[usual.Length * 95 / 100] "odder than nineteen in twenty"

            for i in 0..39 do
                Expect.isLessThan scores.PValue[i] 0.05 "and said so")

        testCase "the column that is off is the one that adds most, and what is missing adds nothing" (fun () ->
            let run = trainedPlane.Value
            let scores = TableRun.score (Score.LogLikelihood 100) run (plane 40 400)
            let names = [| "a"; "b"; "sum"; "difference" |]

            let found =
                [ 0..39 ]
                |> List.filter (fun i ->
                    let shares = scores.Shares[i]
                    let most = Array.IndexOf(shares, Array.max shares)
                    scores.Columns[most] = names[i % 4])

            // Each of a and b is told by two others; four in forty may be closer to another column's being off.
            Expect.isGreaterThanOrEqual found.Length 36 "by the right column"
            let holes = withHoles 1.0 (plane 0 400)
            let scores = TableRun.score (Score.LogLikelihood 20) run holes

            for i in 0..399 do
                Expect.equal (scores.Shares[i][List.findIndex ((=) names[i % 4]) scores.Columns]) 0.0 "nothing")

        testCase "a row that is beyond all bounds has a score, and the highest" (fun () ->
            let run = trainedPlane.Value

            for far in [ 1e7; 1e30; 1e300; -1e300; Double.MaxValue ] do
                let rows = [| [| 0.1; 0.2; 0.3; -0.1 |]; [| 0.1; far; 0.3; -0.1 |] |]

                let scores =
                    TableRun.score
                        (Score.LogLikelihood 20)
                        run
                        (Table.ofRows "far" [ "a"; "b"; "sum"; "difference" ] rows)

                Expect.isTrue (scores.Score |> Array.forall Double.IsFinite) $"%g{far}: numbers"
                Expect.isTrue (scores.Shares |> Array.forall (Array.forall Double.IsFinite)) $"%g{far}: shares"
                Expect.isGreaterThan (scores.Score[1]) (1e3 + scores.Score[0]) $"%g{far}: far odder")

        testCase "p-values of rows like those it was trained on are no smaller than chance makes them" (fun () ->
            let run = trainedPlane.Value
            // Rows that were not in training: another part of the same law.
            let fresh = Table.pick [| 1200..3199 |] (plane 0 3200)
            let p = (TableRun.score (Score.LogLikelihood 50) run fresh).PValue
            let m = float run.Calibration.Rows

            for level in [ 0.05; 0.2; 0.5 ] do
                let share = p |> Array.filter (fun p -> p <= level) |> Array.length |> float
                // Beyond the rows' own chance, the calibration's: both within five standard errors, of a false failure in 3.5 million.
                let error = sqrt (level * (1.0 - level) * (1.0 / 2000.0 + 1.0 / m))
                Expect.isLessThan (share / 2000.0) (level + 5.0 * error) $"at %g{level}")

        testCase "holes are filled nearer to what was there than the column's mean" (fun () ->
            let run = TableRun.fit { quick with Epochs = Some 200; Latent = Some 2 } (withHoles 0.3 (plane 0 1200))
            let truth = Table.pick [| 1200..1599 |] (plane 0 1600)
            let holes = withHoles 1.0 truth
            let imputed = TableRun.impute 200 run holes

            let errors, spreads =
                Array.unzip [|
                    for column in truth.Schema.Columns do
                        let there = Table.numbers column.Name holes
                        let was, is = Table.numbers column.Name truth, Table.numbers column.Name imputed.Table

                        for i in 0 .. truth.Rows - 1 do
                            if Double.IsNaN(there[i]) then
                                (was[i] - is[i]) ** 2.0, was[i] ** 2.0

                                Expect.isGreaterThan
                                    (imputed.Uncertainty[column.Name][i])
                                    0.0
                                    "and says how sure it is"
                            else
                                Expect.equal is[i] was[i] "what is there stays"
                |]

            Expect.isLessThan (Array.average errors) (0.3 * Array.average spreads) "squared errors")

        testCase "a model of whole rows fills holes too" (fun () ->
            let run = trainedPlane.Value
            let truth = Table.pick [| 1200..1599 |] (plane 0 1600)
            let holes = withHoles 1.0 truth
            let imputed = TableRun.impute 200 run holes

            let errors =
                truth.Schema.Columns
                |> List.map (fun column ->
                    let there = Table.numbers column.Name holes
                    let was, is = Table.numbers column.Name truth, Table.numbers column.Name imputed.Table

                    Array.zip3 there was is
                    |> Array.filter (fun (there, _, _) -> Double.IsNaN there)
                    |> Array.averageBy (fun (_, was, is) -> (was - is) ** 2.0))

            // The values' variances are 1, 1, 2 and 2; the least errors that any predictor has are 0.015, 0.015, 0.03 and 0.03.
            Expect.isLessThan (List.max errors) 0.15 $"squared errors: %A{errors}")

        testCase "copies of a table are filled by draws whose spread is what is not known" (fun () ->
            let run = TableRun.fit { quick with Epochs = Some 200; Latent = Some 2 } (withHoles 0.3 (plane 0 1200))
            let truth = Table.pick [| 1200..1599 |] (plane 0 1600)
            let holes = withHoles 1.0 truth
            let copies = TableRun.complete 20 200 1 run holes
            let imputed = TableRun.impute 200 run holes
            Expect.hasLength copies 20 "so many"

            let off, spread, said =
                Array.unzip3 [|
                    for column in truth.Schema.Columns do
                        let there, was = Table.numbers column.Name holes, Table.numbers column.Name truth
                        let drawn = copies |> List.map (Table.numbers column.Name)

                        for i in 0 .. truth.Rows - 1 do
                            let values = drawn |> List.map (fun numbers -> numbers[i])

                            if Double.IsNaN(there[i]) then
                                let mean = List.average values
                                let variance = (values |> List.sumBy (fun x -> (x - mean) ** 2.0)) / 19.0
                                (was[i] - mean) ** 2.0, variance, imputed.Uncertainty[column.Name][i] ** 2.0
                            else
                                Expect.isTrue (values |> List.forall ((=) was[i])) "what is there stays"
                |]

            // Of a hole's variance by 20 draws the relative error is about a third; 400 rows of four columns have hundreds of holes.
            let ratio = Array.average spread / Array.average said
            Expect.isTrue (ratio > 0.7 && ratio < 1.4) $"as wide as the mean's uncertainty: %g{ratio}"
            let calibrated = Array.average off / Array.average spread
            Expect.isTrue (calibrated > 0.4 && calibrated < 2.5) $"and as the errors are: %g{calibrated}"
            let again = TableRun.complete 20 200 1 run holes
            let numbers = List.map (Table.numbers "sum")
            Expect.equal (numbers again) (numbers copies) "by the seed"
            Expect.notEqual (numbers (TableRun.complete 20 200 2 run holes)) (numbers copies) "of another, others")

        testCase "samples are rows of the schema" (fun () ->
            let table = TableRun.sample 1 300 trained.Value
            Expect.equal table.Rows 300 "rows"
            let counts = Table.numbers "count" table
            Expect.isTrue (counts |> Array.forall (fun x -> x >= 0.0 && x = floor x)) "counts"
            Expect.isTrue (Table.numbers "positive" table |> Array.forall (fun x -> x > 0.0)) "above 0"
            let levels = Table.texts "ordinal" table |> Array.distinct |> set
            Expect.isTrue (Set.isSubset levels (set [ "low"; "middle"; "high" ])) "levels"
            Expect.equal (Table.missing "real" table) 0 "nothing is missing"

            Expect.equal
                (Table.texts "date" (TableRun.sample 1 300 trained.Value))
                (Table.texts "date" table)
                "by the seed")

        testCase "a table that is not the run's is refused by its column" (fun () ->
            let run = trained.Value
            refused [ "without a column 'real'" ] (fun () -> TableRun.score (Score.LogLikelihood 10) run (plane 0 20))
            let other = EncodingTests.mixed 20
            let schema = other.Schema |> Schema.withKind "binary" (ColumnKind.Binary [ "yes"; "no" ])
            Expect.notEqual schema.Columns other.Schema.Columns "another order of levels"
            refused [ "at least 10 rows" ] (fun () -> TableRun.fit quick (Table.pick [| 0..5 |] other))
            refused [ "HeldBack" ] (fun () -> TableRun.fit { quick with HeldBack = 1.0 } other)
            refused [ "objective" ] (fun () -> TableRun.fit { quick with Objective = "elbow" } other))
    ]
