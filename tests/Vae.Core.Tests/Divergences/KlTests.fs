module Vae.Core.Tests.KlTests

open System
open Expecto
open TorchSharp
open Vae.Core
open Vae.Core.Tests.Numerics
open Vae.Core.Tests.Generators

let private epsilon = 2.220446049250313e-16

let private standard = Independent.create 1 (Normal(vector [ 0.0; 0.0 ], vector [ 1.0; 1.0 ]))
let private diagonal = Independent.create 1 (Normal(vector [ 0.3; -0.2 ], vector [ 0.5; 1.7 ]))

let private correlated =
    MultivariateNormal(vector [ 0.1; 0.4 ], matrix [ [ 1.0; 0.0 ]; [ 0.4; sqrt 0.34 ] ])

let private skewed = MultivariateNormal(vector [ -0.5; 0.2 ], matrix [ [ 0.6; 0.0 ]; [ 0.8; 0.9 ] ])

let private sigmoid (law: Normal) = Transformed.univariate Transform.sigmoid law
let private doubled = Transform.affine (vector [ 0.0; 0.0 ]) (vector [ 2.0; 2.0 ])

/// One pair for each rule that is not composed: those are held to their integrals in CrossRulesTests.
let private examples: (Distribution * Distribution) list = [
    Normal(0.3, 0.5), Normal(-0.2, 1.7)
    Bernoulli 0.8, Bernoulli -1.5
    Categorical.create (vector [ 0.1; 1.0; -2.0 ]), Categorical.create (vector [ 2.0; 0.0; 0.3 ])
    skewed, correlated
    diagonal, correlated
    skewed, diagonal
    diagonal, standard
    Product.create [ "a", Normal(0.3, 0.5); "b", Bernoulli 0.8 ],
    Product.create [ "a", Normal(-0.2, 1.7); "b", Bernoulli -1.5 ]
    sigmoid (Normal(0.3, 0.5)), sigmoid (Normal(-0.2, 1.7))
    Transformed.create doubled diagonal, Transformed.create doubled standard
    Masked.create (torch.tensor true) (Normal(0.3, 0.5)), Masked.create (torch.tensor true) (Normal(-0.2, 1.7))
]

let private ruleOf (q: Distribution, p: Distribution) =
    Kl.rules.All
    |> Array.find (fun r -> r.Q = q.GetType() && (r.P = p.GetType() || r.P = typeof<Distribution>))

/// Those that have tests of their own.
let private examplesElsewhere =
    CountKlTests.onCounts
    @ CountKlTests.others
    @ [ CountKlTests.point ]
    @ PositiveKlTests.pairs

let tests =
    scoped
    <| testList "Kl" [
        property config "KL(q || p) is not negative"
        <| fun (pair: Pair) ->
            let kl = number (Kl.exact pair.Q pair.P)
            Expect.isGreaterThanOrEqual kl (-8.0 * epsilon * pair.Terms) pair.Family

        property config "KL(p || p) is 0"
        <| fun (pair: Pair) ->
            let kl = number (Kl.exact pair.P pair.P)
            Expect.isLessThanOrEqual (abs kl) (8.0 * epsilon * (1.0 + pair.Terms)) pair.Family

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

        property { config with maxTest = 100 } "KL of normals is its integral"
        <| fun (q: Normal, p: Normal) ->
            let byQuadrature =
                integrate (number q.Loc) (number q.Scale) 40.0 (fun x ->
                    let logQ = q.LogProb x
                    logQ.exp () * (logQ - p.LogProb x))

            isClose 1e-8 byQuadrature (number (Kl.exact q p)) "KL"

        testCase "every rule agrees with the mean of log q - log p over draws"
        <| fun () ->
            for q, p in examples do
                let n = drawsToDetect 0.02
                let z = q.Sample(Key.ofSeed 31, [| int64 n |])
                let logRatio = Tensor.toArray (q.LogProb z - p.LogProb z)
                meanIs (number (Kl.exact q p)) logRatio $"%O{ruleOf (q, p)}"

        testCase "every rule has an example above, a formula and a page"
        <| fun () ->
            let covered = examples @ examplesElsewhere |> List.map ruleOf |> List.distinct
            let written = Kl.rules.All |> Array.filter (fun rule -> rule.Page <> "kl-expectations")
            Expect.equal covered.Length written.Length "rules with an example"

            for rule in Kl.rules.All do
                Expect.isNotEmpty rule.Tex (string rule)
                Expect.isNotEmpty rule.Page (string rule)

        testCase "known numbers"
        <| fun () ->
            // log 2 + 1/8 - 1/2, and 0.3 log(0.3/0.6) + 0.7 log(0.7/0.4)
            isClose 1e-15 (log 2.0 + 0.125 - 0.5) (number (Kl.exact (Normal(0.0, 1.0)) (Normal(0.0, 2.0)))) "normals"
            let logit p = log (p / (1.0 - p))
            let bernoulli = Kl.exact (Bernoulli(logit 0.3)) (Bernoulli(logit 0.6))
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
            isClose 1e-15 400.0 (number (Kl.exact (Bernoulli 400.0) (Bernoulli -400.0))) "opposite"
            isClose 1e-14 (20.0 - log 2.0) (number (Kl.exact (Bernoulli 0.0) (Bernoulli 40.0))) "even against sure"
            isClose 1e-15 (log 2.0) (number (Kl.exact (Bernoulli 200.0) (Bernoulli 0.0))) "sure against even"

        testCase "KL is +infinity where the supports say so, whatever the rules"
        <| fun () ->
            let infinite q p = Expect.equal (number (Kl.exact q p)) Double.PositiveInfinity $"KL(%O{q} || %O{p})"

            infinite (Normal(0.0, 1.0)) (Bernoulli 0.0)
            infinite (Categorical.create (vector [ 0.0; 0.0; 0.0 ])) (Categorical.create (vector [ 0.0; 0.0 ]))

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
                    (Categorical.create (vector [ 0.0; 0.0 ]))
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
                    (Categorical.create (vector [ 0.0; 0.0 ]))
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
