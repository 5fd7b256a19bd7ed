module Vae.Core.Tests.Wasserstein2Tests

open System
open Expecto
open TorchSharp
open Vae.Core
open Vae.Testing

let private config = {
    FsCheckConfig.defaultConfig with
        maxTest = 100
        arbitrary = [ typeof<KlTests.NormalLaws> ]
}

let private exact (q: Distribution) (p: Distribution) = number (Discrepancy.exact Wasserstein2.squared q p)

let private correlated =
    MultivariateNormal(vector [ 0.1; 0.4 ], matrix [ [ 1.0; 0.0 ]; [ 0.4; sqrt 0.34 ] ])

let private skewed = MultivariateNormal(vector [ -0.5; 0.2 ], matrix [ [ 0.6; 0.0 ]; [ 0.8; 0.9 ] ])
let private diagonal = Independent.create 1 (Normal(vector [ 0.3; -0.2 ], vector [ 0.5; 1.7 ]))

let tests =
    scoped
    <| testList "Wasserstein2" [
        testCase "known numbers"
        <| fun () ->
            // 50-digit arithmetic.
            isClose 1e-14 0.81259232786044245 (exact skewed correlated) "full covariances"
            isClose 1e-15 (0.25 + 1.44) (exact (Normal(0.3, 0.5)) (Normal(-0.2, 1.7))) "normals"

        testCase "full covariances that are diagonal are products of normals"
        <| fun () ->
            let other = Independent.create 1 (Normal(vector [ 1.3; 0.2 ], vector [ 0.9; 0.1 ]))
            let full (law: Distribution) = (NormalVector.tryOf law).Value
            isClose 1e-14 (exact diagonal other) (exact (full diagonal) (full other)) "both full"
            isClose 1e-14 (exact diagonal other) (exact diagonal (full other)) "one full"

        testCase "equal laws are 0 apart, to the square of rounding"
        <| fun () ->
            let scaled = MultivariateNormal(skewed.Loc, 1e4 .* skewed.ScaleTril)
            Expect.isLessThan (exact scaled scaled) 1e-20 "where traces would leave 1e-8"

        property config "the distance is symmetric and has the triangle inequality"
        <| fun (a: Normal, b: Normal, c: Normal) ->
            let law (x: Normal) (y: Normal) (slant: float) =
                let tril = matrix [ [ number x.Scale; 0.0 ]; [ slant; number y.Scale ] ]
                MultivariateNormal(vector [ number x.Loc; number y.Loc ], tril)

            let q, p, r = law a b 0.4, law b c -0.7, law c a 1.3
            let distance x y = sqrt (exact x y)
            // The rounding of the largest scale and location.
            let size = [ a; b; c ] |> List.sumBy (fun n -> abs (number n.Loc) + number n.Scale)
            Expect.isLessThanOrEqual (abs (distance q p - distance p q)) (1e-7 * size) "symmetric"
            Expect.isLessThanOrEqual (distance q r) (distance q p + distance p r + 1e-7 * size) "triangle"

        testCase "its gradient is that of central differences"
        <| fun () ->
            let law (entries: Tensor) =
                let zero = torch.zeros_like entries[0L]
                let row (cells: Tensor list) = torch.stack (List.toArray cells, 0L)
                let tril = torch.stack ([| row [ entries[0L]; zero ]; row [ entries[1L]; entries[2L] ] |], 0L)
                MultivariateNormal.OfParts(vector [ 0.0; 0.0 ], tril)

            let entries = vector [ 0.7; 0.3; 1.2 ]
            let value (t: Tensor) = Discrepancy.exact Wasserstein2.squared (law t) correlated
            let expected = centralDifferences 1e-6 (fun t -> number (value t)) (Tensor.toArray entries)
            let point = entries.clone().requires_grad_()
            let gradient = (torch.autograd.grad ([| value point |], [| point |]))[0]
            Array.iter2 (fun e a -> isClose 1e-8 e a "entry") expected (Tensor.toArray gradient)

        testCase "laws on the line are estimated by their quantiles"
        <| fun () ->
            let covers expected q p =
                let estimate = Discrepancy.estimate (Key.ofSeed 6) 20000 Wasserstein2.squared q p
                let deviation = abs (number estimate.Mean - expected) / number estimate.StandardError
                Expect.isLessThan deviation threshold $"%O{q}"

            covers (0.25 + 1.44) (Normal(0.3, 0.5)) (Normal(-0.2, 1.7))
            // x / 2 of an exponential law: (1 / 1.3 - 1 / 2.6)^2 E[x^2] = 2 (1 / 2.6)^2.
            covers (2.0 / (2.6 * 2.6)) (Exponential 1.3) (Exponential 2.6)

        testCase "vectors without a closed form are refused by name"
        <| fun () ->
            let law = Dirichlet(vector [ 1.0; 2.0 ])

            let message =
                try
                    Discrepancy.estimate (Key.ofSeed 1) 10 Wasserstein2.squared law law |> ignore
                    ""
                with :? NotSupportedException as e ->
                    e.Message

            Expect.stringContains message "Dirichlet" "message"
            Expect.isNone (Discrepancy.tryExact Wasserstein2.squared law law) "no closed form"
    ]
