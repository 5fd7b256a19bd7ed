module Vae.Tables.Tests.FidelityTests

open System
open Expecto
open Vae.Core
open Vae.Tables

let private uniform stream i = Key.unitAt (int64 i) (Key.fold stream (Key.ofSeed 8))

/// Rows of two numbers, the second the first and noise, and of a level.
let private table stream count : Table =
    let rows =
        Array.init count (fun i ->
            let x = uniform stream i
            [| x; x + 0.3 * uniform (stream + 1) i |])

    Table.ofRows "t" [ "x"; "y" ] rows

let tests =
    testList "Fidelity" [
        testCase "distances of distributions, by hand" (fun () ->
            Expect.equal
                (Fidelity.kolmogorovSmirnov [| 1.0; 2.0; 3.0; 4.0 |] [| 3.0; 4.0; 5.0; 6.0 |])
                0.5
                "half apart"

            Expect.equal (Fidelity.kolmogorovSmirnov [| 1.0; 1.0; 2.0 |] [| 1.0; 1.0; 2.0 |]) 0.0 "ties"
            Expect.equal (Fidelity.kolmogorovSmirnov [| 1.0 |] [| 2.0 |]) 1.0 "apart"

            Expect.floatClose
                Accuracy.high
                (Fidelity.totalVariation [| 0.0; 0.0; 1.0; 2.0 |] [| 0.0; 1.0; 1.0; 1.0 |])
                0.5
                "a quarter of each of two levels")

        // The two-sample statistic exceeds 1.95 sqrt(2/n) with probability 0.001 (n = 2,000): 0.062.
        testCase "rows of the same law are near, in columns, correlations and neighbors" (fun () ->
            let measured = Fidelity.measure (table 0 2000) (table 10 500) (table 20 2000)

            for column in measured.Columns do
                Expect.isLessThan column.Distance 0.062 column.Column

            let _, _, ofData, ofSamples = List.exactlyOne measured.Correlations
            Expect.isGreaterThan ofData 0.9 "they go together"
            Expect.isLessThan (abs (ofData - ofSamples)) 0.02 "in the samples too"
            Expect.isGreaterThan measured.NearestRatio 0.7 "no copies"
            Expect.isLessThan measured.NearestRatio 1.4 "no strangers")

        testCase "copied rows are told by their neighbors, though every column is right" (fun () ->
            let training = table 0 2000
            let measured = Fidelity.measure training (table 10 500) (Table.pick [| 0..1999 |] training)
            Expect.equal measured.NearestRatio 0.0 "copies"
            Expect.equal (measured.Columns |> List.map _.Distance) [ 0.0; 0.0 ] "columns")

        testCase
            "a column that is missing in one of the tables has no distance, and rows are near over what both have"
            (fun () ->
                let holed = Table.ofRows "t" [ "x"; "y" ] (Array.init 100 (fun i -> [| uniform 30 i; nan |]))

                let measured = Fidelity.measure (table 0 500) (table 10 100) holed
                Expect.isTrue (Double.IsNaN measured.Columns[1].Distance) "y"
                Expect.isFalse (Double.IsNaN measured.Columns[0].Distance) "x"
                Expect.isEmpty measured.Correlations "no pair"
                Expect.isTrue (Double.IsFinite measured.NearestRatio) "by x alone")
    ]
