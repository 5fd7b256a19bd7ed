module Vae.Core.Tests.KlTests

open System
open Expecto
open FsCheck.FSharp
open TorchSharp
open Vae.Core
open Vae.Testing

let private standard = Independent.create 1 (Normal(vector [ 0.0; 0.0 ], vector [ 1.0; 1.0 ]))
let private diagonal = Independent.create 1 (Normal(vector [ 0.3; -0.2 ], vector [ 0.5; 1.7 ]))

let private correlated =
    MultivariateNormal(vector [ 0.1; 0.4 ], matrix [ [ 1.0; 0.0 ]; [ 0.4; sqrt 0.34 ] ])

type NormalLaws =
    static member Normal() =
        Gen.zip Generate.real Generate.positive
        |> Gen.map (fun (loc, scale) -> Normal(loc, scale))
        |> Arb.fromGen

let private config = {
    FsCheckConfig.defaultConfig with
        maxTest = 500
        arbitrary = [ typeof<NormalLaws> ]
}

let tests =
    scoped
    <| testList "Kl" [
        property config "KL is positive for laws apart by more than rounding"
        <| fun (q: Normal, p: Normal) ->
            let shift = abs (number q.Loc - number p.Loc) / number p.Scale
            let ratio = abs (log (number q.Scale / number p.Scale))

            if shift > 1e-6 || ratio > 1e-6 then
                Expect.isGreaterThan (number (Kl.exact q p)) 0.0 "KL"

        property config "KL of normals does not change under a joint affine map"
        <| fun (q: Normal, p: Normal) ->
            let moved (law: Normal) = Normal((2.0 .+ (-3.0 .* law.Loc)), 3.0 .* law.Scale)

            let before, after = number (Kl.exact q p), number (Kl.exact (moved q) (moved p))
            // The shift's own rounding: 1e3 in units of a scale of 1e-4, squared.
            let rounding = 64.0 * epsilon * (1.0 + (1e3 / number p.Scale) ** 2.0)
            Expect.isLessThanOrEqual (abs (after - before)) (rounding + 1e-13 * before) "KL"

        testCase "known numbers"
        <| fun () ->
            // log 2 + 1/8 - 1/2, and 0.3 log(0.3/0.6) + 0.7 log(0.7/0.4)
            isClose 1e-15 (log 2.0 + 0.125 - 0.5) (number (Kl.exact (Normal(0.0, 1.0)) (Normal(0.0, 2.0)))) "normals"
            let logit p = log (p / (1.0 - p))
            let bernoulli = Kl.exact (Bernoulli.OfLogits(logit 0.3)) (Bernoulli.OfLogits(logit 0.6))
            isClose 1e-15 (0.3 * log 0.5 + 0.7 * log 1.75) (number bernoulli) "Bernoulli"
            // NumPyro's published example, from the float64 value.
            let q = MultivariateNormal(vector [ 0.0; 0.0 ], matrix [ [ 1.0; 0.0 ]; [ 0.0; 1.0 ] ])

            let p =
                MultivariateNormal(vector [ 1.0; 1.0 ], torch.linalg.cholesky (matrix [ [ 2.0; 0.8 ]; [ 0.8; 0.5 ] ]))

            isClose 1e-13 3.2113965984562327 (number (Kl.exact q p)) "multivariate"

        testCase "close laws keep their digits in float32"
        <| fun () ->
            let single (x: float) = Tensor.scalar Placement.float32 x
            let kl = Kl.exact (Normal(single 0.0, single 1.0001)) (Normal(single 0.0, single 1.0))
            let scale = float (float32 1.0001)
            let expected = 0.5 * (scale * scale - 1.0 - 2.0 * log scale)
            Expect.isLessThan (abs (number kl - expected) / expected) 1e-3 "relative error"

        testCase "saturated Bernoullis keep theirs"
        <| fun () ->
            isClose 1e-15 400.0 (number (Kl.exact (Bernoulli.OfLogits 400.0) (Bernoulli.OfLogits -400.0))) "opposite"

            isClose
                1e-14
                (20.0 - log 2.0)
                (number (Kl.exact (Bernoulli.OfLogits 0.0) (Bernoulli.OfLogits 40.0)))
                "even against sure"

            isClose
                1e-15
                (log 2.0)
                (number (Kl.exact (Bernoulli.OfLogits 200.0) (Bernoulli.OfLogits 0.0)))
                "sure against even"

        testCase "KL is +infinity where the supports say so, whatever the rules"
        <| fun () ->
            let infinite q p = Expect.equal (number (Kl.exact q p)) Double.PositiveInfinity $"KL(%O{q} || %O{p})"

            infinite (Normal(0.0, 1.0)) (Bernoulli.OfLogits 0.0)
            infinite (Categorical.ofLogits (vector [ 0.0; 0.0; 0.0 ])) (Categorical.ofLogits (vector [ 0.0; 0.0 ]))

        testCase "KL over a batch is the KL of each member, and batches broadcast"
        <| fun () ->
            let loc, scale = vector [ 0.0; 1.0; -2.0 ], vector [ 1.0; 0.5; 3.0 ]
            let kl = Kl.exact (Normal(loc, scale)) (Normal(0.5, 2.0)) |> Tensor.toArray

            let each =
                List.map2 (fun (l: float) (s: float) -> number (Kl.exact (Normal(l, s)) (Normal(0.5, 2.0)))) [
                    0.0
                    1.0
                    -2.0
                ] [ 1.0; 0.5; 3.0 ]

            Array.iter2 (fun a b -> isClose 1e-15 a b "member") (List.toArray each) kl

            let batch =
                Independent.create
                    1
                    (Normal(
                        Key.normal f64 [| 4L; 2L |] (Key.ofSeed 1),
                        torch.ones (4L, 2L, dtype = torch.ScalarType.Float64)
                    ))

            Expect.equal (Kl.exact batch correlated).shape [| 4L |] "against one law"

        testCase "a pair without a rule is answered by name, with the estimator"
        <| fun () ->
            let mixture =
                Mixture.create
                    (Categorical.ofLogits (vector [ 0.0; 0.0 ]))
                    (Normal(vector [ -1.0; 1.0 ], vector [ 0.5; 0.5 ]))

            Expect.isNone (Kl.tryExact mixture (Normal(0.0, 1.0))) "no rule"

            let message =
                try
                    Kl.exact mixture (Normal(0.0, 1.0)) |> ignore
                    ""
                with :? NotSupportedException as e ->
                    e.Message

            for part in [ "Mixture(Normal)"; "Normal"; "Kl.estimate" ] do
                Expect.stringContains message part "message"

        testCase "an estimate covers its integral and says that it is one"
        <| fun () ->
            let mixture =
                Mixture.create
                    (Categorical.ofLogits (vector [ 0.0; 0.0 ]))
                    (Normal(vector [ -1.0; 1.0 ], vector [ 0.5; 0.5 ]))

            let p = Normal(0.0, 1.0)

            let expected =
                integrate 0.0 1.0 30.0 (fun x ->
                    let logQ = mixture.LogProb x
                    logQ.exp () * (logQ - p.LogProb x))

            match Kl.between (Key.ofSeed 8) (drawsToDetect 0.02) mixture p with
            | Divergence.Exact _ -> failtest "there is no closed form"
            | Divergence.Estimated estimate ->
                let deviation = abs (number estimate.Mean - expected) / number estimate.StandardError
                Expect.isLessThan deviation threshold "standard errors off"

        testCase "KL by dimension sums to the KL"
        <| fun () ->
            let perDimension = (Kl.tryPerDimension diagonal standard).Value
            Expect.equal perDimension.shape [| 2L |] "shape"
            isClose 1e-15 (number (Kl.exact diagonal standard)) (number (perDimension.sum ())) "sum"
            Expect.isNone (Kl.tryPerDimension diagonal correlated) "a correlated prior has none"

        testCase "event shapes that differ are refused"
        <| fun () ->
            Expect.throwsT<ArgumentException> (fun () -> Kl.exact diagonal (Normal(0.0, 1.0)) |> ignore) "event shapes"

        testCase "a pair has one rule, and adding one leaves the old table as it was"
        <| fun () ->
            let rule = KlRule.create "0" "page" (fun (q: Mixture) (_: Normal) -> torch.zeros q.BatchShape)
            let more = Kl.rules.Add rule
            Expect.equal more.All.Length (Kl.rules.All.Length + 1) "one more"
            Expect.throwsT<ArgumentException> (fun () -> more.Add rule |> ignore) "a second"
    ]
