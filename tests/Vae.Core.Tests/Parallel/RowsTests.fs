module Vae.Core.Tests.Parallel.RowsTests

open Expecto
open Vae.Core

let private everyone size count = List.init size (fun rank -> Rows.ofRank rank size count)

let tests =
    testList "Rows" [
        testCase "the ranks' rows are the batch, in order, none twice"
        <| fun () ->
            for size in 1..7 do
                for count in [ 0; 1; 2; 5; 6; 7; 128 ] do
                    let rows = everyone size count
                    let all = rows |> List.collect (fun r -> [ r.Start .. r.Start + r.Count - 1 ])
                    Expect.equal all [ 0 .. count - 1 ] $"%d{count} rows of %d{size} ranks"
                    let counts = rows |> List.map _.Count
                    Expect.isLessThanOrEqual (List.max counts - List.min counts) 1 "no one has more than one more"
                    Expect.allEqual (rows |> List.map _.Of) count "rows of the batch"

        testCase "shares sum to 1"
        <| fun () -> Expect.floatClose Accuracy.veryHigh (everyone 3 10 |> List.sumBy _.Share) 1.0 "shares"

        testCase "a rank without rows passes one, which counts nothing"
        <| fun () ->
            let rows = everyone 3 2
            Expect.equal (rows |> List.map _.Count) [ 0; 1; 1 ] "counts"
            Expect.equal (Rows.passed rows[0]) { Start = 0; Count = 1; Of = 2 } "passed"
            Expect.equal rows[0].Share 0.0 "share"
            Expect.equal (Rows.passed rows[1]) rows[1] "a rank that has rows passes these"

        testCase "all of a batch is one rank's"
        <| fun () ->
            Expect.equal (Rows.ofRank 0 1 9) (Rows.all 9) "all"
            Expect.isTrue (Rows.all 9).AreAll "all"
            Expect.isFalse (Rows.ofRank 0 2 9).AreAll "half"
    ]
