/// Divergences of laws of counts against sums over the counts and 50-digit arithmetic.
module Vae.Core.Tests.CountKlTests

open System
open Expecto
open TorchSharp
open Vae.Core
open Vae.Testing

let private at (x: float) = Tensor.scalar f64 x

let private bernoulli = Bernoulli.OfLogits 0.8
let private categorical = Categorical.ofLogits (vector [ 0.1; 1.0; -2.0 ])
let private two = Categorical.ofLogits (vector [ 0.4; -0.6 ])
let private many = Categorical.ofLogits (vector [ 0.1; 1.0; -2.0; 0.3; 0.7; 0.2 ])
let private binomial = Binomial.OfLogits(5.0, -0.4)
let private one = Binomial.OfLogits(1.0, -0.4)
let private betaBinomial = BetaBinomial(4.0, 0.7, 2.0)
let private polya = BetaBinomial(1.0, 0.7, 2.0)
let private negativeBinomial = NegativeBinomial.OfLogits(1.7, 0.3)
let private geometric = Geometric.OfLogits -0.3
let private poisson = Poisson 2.2

/// Pairs with a rule on counts; the first law has little probability from 400 on.
let onCounts: (Distribution * Distribution) list = [
    for q in [ bernoulli :> Distribution; two; one; polya ] do
        q, bernoulli

    for q in [ bernoulli :> Distribution; binomial; betaBinomial; categorical ] do
        q, many

    for q in
        [
            bernoulli :> Distribution
            categorical
            betaBinomial
            Binomial.OfLogits(5.0, 1.0)
            Binomial.OfLogits(3.0, 1.0)
        ] do
        q, binomial

    for q in [ bernoulli :> Distribution; categorical; Binomial.OfLogits(4.0, 1.0); BetaBinomial(4.0, 3.0, 0.1) ] do
        q, betaBinomial

    for p in [ negativeBinomial :> Distribution; geometric; poisson ] do
        for q in [ bernoulli :> Distribution; categorical; binomial; betaBinomial ] do
            q, p

    Poisson 0.9, poisson
    Geometric.OfLogits 0.4, geometric
    NegativeBinomial.OfLogits(1.7, -0.6), negativeBinomial
]

let private hot (logits: float list) = OneHotCategorical.ofLogits (vector logits)
let private multinomial n (logits: float list) = Multinomial.ofLogits (at n) (vector logits)

/// Pairs with a rule on vectors and on (0, 1).
let others: (Distribution * Distribution) list = [
    hot [ 0.1; 1.0; -2.0 ], hot [ 0.5; 0.0; 0.3 ]
    hot [ 0.1; 1.0; -2.0 ], multinomial 1.0 [ 0.5; 0.0; 0.3 ]
    multinomial 1.0 [ 0.1; 1.0; -2.0 ], hot [ 0.5; 0.0; 0.3 ]
    multinomial 4.0 [ 0.1; 1.0; -2.0 ], multinomial 4.0 [ 0.5; 0.0; 0.3 ]
    RelaxedBernoulli.OfLogits(0.7, 0.2), RelaxedBernoulli.OfLogits(0.7, -1.0)
]

/// A pair with a rule for points.
let point: Distribution * Distribution = Delta 1.0, Normal(0.0, 1.0)

let tests =
    scoped
    <| testList "KL of counts" [
        testCase "every divergence of counts is the sum over the counts"
        <| fun () ->
            let k = torch.arange (400, dtype = torch.ScalarType.Float64)

            for q, p in onCounts do
                let logQ = q.LogProb k
                let inside = logQ.isfinite ()
                let ratio = (logQ - p.LogProb k).masked_fill(inside.logical_not (), 0.0.AsScalar())
                let expected = number ((logQ.exp () * ratio).sum())
                isClose 2e-14 expected (number (Kl.exact q p)) $"%s{q.Name} || %s{p.Name}"

        testCase "divergences of vectors and relaxed laws are the means over draws"
        <| fun () ->
            for q, p in others do
                let z = q.Sample(Key.ofSeed 31, [| int64 (drawsToDetect 0.02) |])
                let logRatio = Tensor.toArray (q.LogProb z - p.LogProb z)
                meanIs (number (Kl.exact q p)) logRatio $"%s{q.Name} || %s{p.Name}"

        testCase "batches of either law broadcast"
        <| fun () ->
            let column = matrix [ [ 0.3 ]; [ 1.0 ] ]

            for q, p in
                [
                    Bernoulli.OfLogits(vector [ 0.1; 0.2; 0.3 ]) :> Distribution, Poisson column :> Distribution
                    Binomial.OfLogits(vector [ 2.0; 5.0; 9.0 ], vector [ 0.1; 0.2; 0.3 ]), Poisson column
                    Categorical.ofLogits (vector [ 0.1; 0.2; 0.3 ]), Poisson column
                    BetaBinomial(at 3.0, vector [ 0.1; 0.2; 0.3 ], at 1.0), Poisson column
                    Binomial.OfLogits(vector [ 2.0; 5.0; 9.0 ], at 0.5),
                    Binomial.OfLogits(5.0 .* torch.ones_like column, column)
                ] do
                let kl = Kl.exact q p
                let batch = Array.append [| 2L |] (if q :? Categorical then [| 1L |] else [| 3L |])
                Expect.equal kl.shape batch q.Name

        testCase "50-digit numbers of close and of distant laws"
        <| fun () ->
            let near tolerance (expected: float) actual name =
                let error = abs (number actual - expected) / expected
                Expect.isLessThanOrEqual error tolerance $"%s{name}: %.17g{number actual} for %.17g{expected}"

            near 1e-14 4.9999966666691666647e-7 (Kl.exact (Poisson 1e6) (Poisson 1000001.0)) "Poisson"
            near 1e-14 2.9999997948070696738 (Kl.exact (Poisson 1e-8) (Poisson 3.0)) "Poisson, distant"
            // Rates that differ in the ninth digit, as the numbers that they are: 2.00000001 - 2 is 9.99999993922529e-9.
            near 1e-14 2.4999999612793e-17 (Kl.exact (Poisson 2.0) (Poisson 2.00000001)) "Poisson, close"
            // The difference of log-probabilities, of about 1e-6, is known to 1e-16.
            near
                1e-9
                1.2222914977933752107e-13
                (Kl.exact (Bernoulli.OfLogits 0.3) (Bernoulli.OfLogits 0.300001))
                "Bernoulli, close"

            near
                1e-14
                0.69314718055994530942
                (Kl.exact (Bernoulli.OfLogits 200.0) (Bernoulli.OfLogits 0.0))
                "Bernoulli, certain"

            near
                1e-14
                19.306852819440054695
                (Kl.exact (Bernoulli.OfLogits 0.0) (Bernoulli.OfLogits 40.0))
                "Bernoulli, distant"

            near
                1e-14
                9.940277276225858151e-88
                (Kl.exact (Bernoulli.OfLogits -200.0) (Bernoulli.OfLogits -199.0))
                "Bernoulli, rare"

            near
                1e-14
                0.71828182845904523536
                (Kl.exact (Geometric.OfLogits -200.0) (Geometric.OfLogits -199.0))
                "Geometric, rare"

            near
                1e-14
                38.61370563888010939
                (Kl.exact (Geometric.OfLogits 0.0) (Geometric.OfLogits 40.0))
                "Geometric, distant"

            near
                1e-9
                1.2222914977933752107e-7
                (Kl.exact (Binomial.OfLogits(1e6, 0.3)) (Binomial.OfLogits(1e6, 0.300001)))
                "Binomial"

            let relaxed delta = Kl.exact (RelaxedBernoulli.OfLogits(0.5, delta)) (RelaxedBernoulli.OfLogits(0.5, 0.0))

            for delta, expected in
                [
                    1e-6, 1.6666666666666388889e-13
                    0.9, 0.13321195072901416893
                    2.5, 0.94712744916926006693
                    3.0, 1.3143741789475357118
                    400.0, 398.0
                ] do
                near 2e-15 expected (relaxed delta) $"RelaxedBernoulli, %g{delta}"

        testCase "the divergence of relaxed laws is smooth where they are equal"
        <| fun () ->
            let kl (x: Tensor) =
                Kl.exact (RelaxedBernoulli.OfLogits(at 0.5, x[0L])) (RelaxedBernoulli.OfLogits(at 0.5, at 0.3))

            Expect.equal (Diff.grad kl (vector [ 0.3 ]) |> Tensor.toArray) [| 0.0 |] "gradient"
            isClose 1e-14 (1.0 / 3.0) (Diff.hessian kl (vector [ 0.3 ]) |> number) "curvature"

        testCase "what one law can give and the other cannot makes it infinite"
        <| fun () ->
            let infinite (q: Distribution) (p: Distribution) =
                Expect.equal (number (Kl.exact q p)) infinity $"%s{q.Name} || %s{p.Name}"

            infinite (Binomial.OfLogits(6.0, 0.1)) binomial
            infinite poisson binomial
            infinite poisson bernoulli
            infinite categorical bernoulli
            infinite (hot [ 0.1; 0.2 ]) (multinomial 2.0 [ 0.1; 0.2 ])
            infinite (multinomial 2.0 [ 0.1; 0.2 ]) (hot [ 0.1; 0.2 ])
            infinite (multinomial 2.0 [ 0.1; 0.2 ]) (multinomial 3.0 [ 0.1; 0.2 ])
            infinite (Delta 0.5) poisson
            infinite (Delta 0.5) (Delta 0.25)
            infinite (Normal(0.0, 1.0)) (Delta 0.25)

            let mixed = Kl.exact (Binomial.OfLogits(vector [ 5.0; 6.0 ], at 0.1)) binomial |> Tensor.toArray
            isClose 1e-14 (number (Kl.exact (Binomial.OfLogits(5.0, 0.1)) binomial)) mixed[0] "the one within"
            Expect.equal mixed[1] infinity "the one beyond"

        testCase "a point against a law is the law's log-density there"
        <| fun () ->
            let p = Independent.create 1 (Normal(vector [ 0.0; 1.0 ], vector [ 1.0; 2.0 ]))
            let x = vector [ 0.3; -0.2 ]
            Expect.equal (number (Kl.exact (Delta.create 1 x) p)) (-(number (p.LogProb x))) "KL"
            Expect.equal (number (Kl.exact (Delta 2.0) poisson)) (-(number (poisson.LogProb(at 2.0)))) "KL"
            Expect.equal (number (Kl.exact (Delta 2.0) (Delta 2.0))) 0.0 "itself"

        testCase "pairs without a closed form have no rule"
        <| fun () ->
            Expect.isNone
                (Kl.tryExact (NegativeBinomial.OfLogits(1.0, 0.0)) (NegativeBinomial.OfLogits(2.0, 0.0)))
                "totals"

            Expect.isNone
                (Kl.tryExact (RelaxedBernoulli.OfLogits(1.0, 0.0)) (RelaxedBernoulli.OfLogits(2.0, 0.0)))
                "temperatures"

            Expect.isNone (Kl.tryExact poisson (NegativeBinomial.OfLogits(2.0, 0.0))) "families"
    ]
