/// The standard error of MMD against its definition, by loops over distinct draws.
module Vae.Core.Tests.MmdErrorTests

open Expecto
open TorchSharp
open Vae.Core
open Vae.Testing

let private mean (values: float list) = List.average values

/// h(i, j) of two pairs of draws under a gaussian kernel of length 1.
let private pairs (x: float[]) (y: float[]) i j =
    let k (a: float) (b: float) = exp (-0.5 * (a - b) * (a - b))
    k x[i] x[j] + k y[i] y[j] - k x[i] y[j] - k x[j] y[i]

/// Hoeffding's variance of a mean over pairs (Serfling, 1980, section 5.2), each part kept from being below 0.
let private expected (x: float[]) (y: float[]) =
    let h, draws = pairs x y, [ 0 .. x.Length - 1 ]
    let distinct (indices: int list) = (List.distinct indices).Length = indices.Length
    let two = List.allPairs draws draws |> List.filter (fun (i, j) -> distinct [ i; j ])

    let shared =
        mean [
            for i, j in two do
                for k in draws do
                    if distinct [ i; j; k ] then
                        h i j * h i k
        ]

    let square = mean [ for i, j in two -> h i j * h i j ]

    let apart =
        mean [
            for i, j in two do
                for k, l in two do
                    if distinct [ i; j; k; l ] then
                        h i j * h k l
        ]

    let n = float x.Length
    let variance = 4.0 * (n - 2.0) * max 0.0 (shared - apart) + 2.0 * max 0.0 (square - apart)
    mean [ for i, j in two -> h i j ], sqrt (variance / (n * (n - 1.0)))

let tests =
    scoped
    <| testList "The error of MMD" [
        for name, x, y in
            [
                "laws far apart", [ 0.1; -0.4; 0.7; 0.2; -0.3; 0.5 ], [ 2.0; 1.4; 3.1; 2.6; 1.9; 0.2 ]
                "one law", [ 0.1; -0.4; 0.7; 1.2; -1.3 ], [ 0.3; 1.1; -0.6; -0.1; 0.4 ]
                "the least draws", [ 0.0; 1.0; 2.0; 4.0 ], [ 1.5; -1.0; 3.5; 0.5 ]
            ] do
            testCase name
            <| fun () ->
                let estimate = Mmd.estimate (Kernel.gaussian 1.0) (vector x) (vector y)
                let mean, error = expected (List.toArray x) (List.toArray y)
                isClose 1e-13 mean (number estimate.Mean) "mean"
                isClose 1e-13 error (number estimate.StandardError) "standard error"
                Expect.isGreaterThan error 0.0 "a case that tells"

        testCase "draws that are no numbers make an estimate that says so"
        <| fun () ->
            let good, bad = vector [ 0.1; 0.2; 0.3; 0.4 ], vector [ 0.1; nan; 0.3; 0.4 ]
            let doubts x y = (Mmd.estimate (Kernel.gaussian 1.0) x y).Doubts
            Expect.equal (doubts good (0.5 .+ good)) [| Doubt.Sound |] "sound"
            Expect.equal (doubts bad good) [| Doubt.NotANumber |] "first"
            Expect.equal (doubts good bad) [| Doubt.NotANumber |] "second"
    ]
