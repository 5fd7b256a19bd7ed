/// Divergences within kinds of laws of positive numbers, of the unit interval and of the simplex, against 50-digit arithmetic.
module Vae.Core.Tests.PositiveKlTests

open Expecto
open TorchSharp
open Vae.Core
open Vae.Testing

let private dirichlet (values: float list) = Dirichlet(vector values)

/// Laws far apart and laws that agree to six or nine digits.
let private known: (Distribution * Distribution * float) list = [
    Gamma(2.5, 3.0), Gamma(0.7, 0.2), 0.8041681366583987
    Gamma(0.01, 2.0), Gamma(5.0, 0.001), 538.371909684781
    Gamma(1000000.0, 1000.0), Gamma(1001000.0, 1000.0), 0.49983366645024147
    Gamma(2.0, 3.0), Gamma(2.000002, 2.999997), 4.28986926113644e-12
    Gamma(0.3, 1.0), Gamma(0.3000000003, 1.0), 5.510414954228657e-19
    Gamma(100000.0, 2.0), Gamma(100000.09999999999, 2.000002), 2.5000066662230247e-13
    Gamma(40.0, 1.0), Gamma(25.0, 1.0), 3.297879747991507
    Gamma(0.001, 1.0), Gamma(1000.0, 1.0), 1006472.8846005622
    InverseGamma(2.5, 3.0), InverseGamma(0.7, 0.2), 0.8041681366583987
    InverseGamma(2.0, 3.0), InverseGamma(2.000002, 2.999997), 4.28986926113644e-12
    Exponential 0.7, Exponential 2.0, 0.8073207326441796
    Exponential 1.0, Exponential 1.00000001, 4.999999905891958e-17
    Exponential 1.0e-05, Exponential 1000.0, 99999980.57931925
    Chi2 3.0, Chi2 1.0, 0.7296371545385218
    Chi2 1000.0, Chi2 1001.0, 0.0002501667082666168
    Chi2 0.1, Chi2 0.100000001, 5.0191544281549905e-17
    Chi 3.0, Chi 1.0, 0.7296371545385218
    Chi 5.0, Chi 5.0000005000000005, 1.5323679294521804e-14
    Weibull(2.0, 0.3), Weibull(1.0, 4.0), 238222720658.5536
    Weibull(2.0, 3.0), Weibull(2.0000002, 2.9999997), 6.680191062352148e-14
    Weibull(0.5, 50.0), Weibull(0.6, 40.0), 6.401196382967414
    Weibull(1.0, 2.0), Weibull(3.0, 0.01), 4.72121770663279
    Pareto(2.0, 1.5), Pareto(1.0, 3.0), 2.386294361119891
    Pareto(2.00000002, 3.0), Pareto(2.0, 3.00000003), 3.000000001767587e-08
    Pareto(5.0, 0.4), Pareto(0.001, 2.0), 19.424948470398373
    Beta(0.05, 0.1), Beta(3.0, 2.0), 40.34327466323827
    Beta(2.0, 3.0), Beta(2.0000002, 2.9999997), 2.956409972614079e-14
    Beta(500000.0, 200000.0), Beta(500000.49999999994, 200000.19999999998), 2.5000029757089494e-13
    Beta(300.0, 0.5), Beta(0.5, 300.0), 2295.854659971775
    Beta(0.001, 1000.0), Beta(1000.0, 0.001), 1007481.8196446319
    Beta(1.0, 1.0), Beta(1.0, 1.000000001), 5.00000082407041e-19
    Kumaraswamy(0.5, 3.0), Kumaraswamy(0.5, 0.7), 0.6886205659401754
    Kumaraswamy(0.5, 3.0), Kumaraswamy(2.0, 1.0), 4.545651260881552
    Kumaraswamy(2.5, 1.0), Kumaraswamy(0.6, 4.0), 5.639498850196697
    ContinuousBernoulli.OfLogits(-500.0), ContinuousBernoulli.OfLogits 20.0, 22.178875822807047
    ContinuousBernoulli.OfLogits 500.0, ContinuousBernoulli.OfLogits 501.0, 1.997337326943982e-06
    ContinuousBernoulli.OfLogits(-1000000.0), ContinuousBernoulli.OfLogits(-1000002.0), 1.999997333337333e-12
    ContinuousBernoulli.OfLogits 0.0, ContinuousBernoulli.OfLogits 1.0e-06, 4.1666666666666315e-14
    ContinuousBernoulli.OfLogits 20.0, ContinuousBernoulli.OfLogits(-500.0), 470.78112524899285
    ContinuousBernoulli.OfLogits 2.0, ContinuousBernoulli.OfLogits 2.00000001, 3.4492291939425427e-18
    ContinuousBernoulli.OfLogits(-3.0), ContinuousBernoulli.OfLogits 1.5, 0.7275145367878447
    ContinuousBernoulli.OfLogits 500.0, ContinuousBernoulli.OfLogits(-500.0), 498.0
    dirichlet [ 0.5; 2.0; 3.0 ], dirichlet [ 1.0; 1.0; 1.0 ], 1.221529810425861
    dirichlet [ 2.0; 3.0; 4.0 ], dirichlet [ 2.0000002; 2.9999997; 4.0 ], 3.0083154435489997e-14
    dirichlet [ 100000.0; 300000.0; 200000.0 ],
    dirichlet [ 100000.09999999999; 300000.3; 200000.19999999998 ],
    5.000010554792317e-13
]

/// A pair for each rule.
let pairs: (Distribution * Distribution) list = [
    Gamma(2.5, 3.0), Gamma(1.7, 2.0)
    InverseGamma(2.5, 3.0), InverseGamma(1.7, 2.0)
    Exponential 0.7, Exponential 0.9
    Chi2 3.0, Chi2 4.5
    Chi 3.0, Chi 4.5
    Weibull(2.0, 3.0), Weibull(1.8, 2.5)
    Pareto(2.0, 4.0), Pareto(1.5, 3.0)
    Beta(2.0, 3.0), Beta(1.5, 3.5)
    Kumaraswamy(2.0, 3.0), Kumaraswamy(2.0, 1.5)
    ContinuousBernoulli.OfLogits -3.0, ContinuousBernoulli.OfLogits 1.5
    dirichlet [ 0.5; 2.0; 3.0 ], dirichlet [ 1.0; 1.0; 1.0 ]
]

let tests =
    scoped
    <| testList "Positive and unit KL" [
        testCase "all digits, of laws far apart and of laws that are nearly equal"
        <| fun () ->
            for q, p, nats in known do
                let found = number (Kl.exact q p)

                // A relative error: the parameters are read as exact, so nearly equal laws keep their digits.
                if not (abs (found - nats) <= 1e-12 * nats) then
                    failtest $"KL(%O{q} || %O{p}): expected %.17g{nats}, found %.17g{found}"

        testCase "a law is at no distance from itself"
        <| fun () ->
            for q, _ in pairs do
                Expect.equal (number (Kl.exact q q)) 0.0 $"%O{q}"

        testCase "Pareto laws that begin below the second one are infinitely far"
        <| fun () ->
            let q = Pareto(vector [ 1.0; 2.0; 3.0 ], vector [ 3.0 ])
            let nats = Tensor.toArray (Kl.exact q (Pareto(2.0, 3.0)))
            Expect.equal nats[0] infinity "a smaller scale"
            Expect.equal nats[1] 0.0 "the same scale"
            isClose 1e-15 (3.0 * log 1.5) nats[2] "a larger scale"

        testCase "Kumaraswamy laws of different powers have a closed form only where one is a power's"
        <| fun () ->
            let tryExact (q: Distribution) p = Kl.tryExact q p
            Expect.isNone (tryExact (Kumaraswamy(2.0, 3.0)) (Kumaraswamy(3.0, 2.0))) "neither"
            Expect.isSome (tryExact (Kumaraswamy(2.0, 1.0)) (Kumaraswamy(3.0, 2.0))) "the first"
            Expect.isSome (tryExact (Kumaraswamy(2.0, 3.0)) (Kumaraswamy(3.0, 1.0))) "the second"

        testCase "gradients of divergences are those of the integrals, also where the laws are equal"
        <| fun () ->
            // Of KL(Gamma(a, 2) || Gamma(1.5, 3)) by a: (a - c) trigamma(a) + d / b - 1.
            let kl (a: Tensor) = Kl.exact (Gamma(a, Tensor.scalar f64 2.0)) (Gamma(1.5, 3.0))

            for a in [ 0.4; 1.4; 1.5; 1.6; 9.0 ] do
                let expected = (a - 1.5) * LogGamma.trigamma a + 0.5
                isClose 1e-13 expected (number (Diff.diff kl (Tensor.scalar f64 a))) $"by a concentration of %g{a}"

            // Of KL(t || s) by t: (t - s) A''(t).
            let kl (t: Tensor) = Kl.exact (ContinuousBernoulli.OfLogits t) (ContinuousBernoulli.OfLogits 0.5)

            for t in [ -40.0; -1.0; 0.0; 0.5; 0.6; 700.0 ] do
                let variance = number (ContinuousBernoulli.OfLogits t).Variance

                isClose
                    1e-13
                    ((t - 0.5) * variance)
                    (number (Diff.diff kl (Tensor.scalar f64 t)))
                    $"by a logit of %g{t}"

            let equal (c: Tensor) = Kl.exact (Dirichlet c) (dirichlet [ 0.5; 2.0; 3.0 ])

            Expect.equal
                (Tensor.toArray (Diff.grad equal (vector [ 0.5; 2.0; 3.0 ])))
                [| 0.0; 0.0; 0.0 |]
                "at the least"
    ]
