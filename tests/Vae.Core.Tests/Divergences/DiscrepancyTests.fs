module Vae.Core.Tests.DiscrepancyTests

open System
open Expecto
open FsCheck
open FsCheck.FSharp
open TorchSharp
open Vae.Core
open Vae.Testing
open Vae.Core.Tests.OnTheLine

/// Two laws of a family, and what the rounding of their measures is relative to.
type Pair = { Family: string; Q: Distribution; P: Distribution; Terms: float }

let private pairs: Gen<Pair> =
    let normal = Gen.zip Generate.real Generate.positive |> Gen.map (fun (loc, scale) -> Normal(loc, scale))

    let ofNormals (q: Normal) (p: Normal) =
        let spread = [ number q.Scale; number p.Scale ]
        let shift = abs (number (q.Loc - p.Loc)) / List.min spread

        {
            Family = "Normal"
            Q = q
            P = p
            Terms = shift ** 2.0 + (List.max spread / List.min spread) ** 2.0
        }

    let ofLogits family (make: float list -> Distribution) (q: float list) (p: float list) = {
        Family = family
        Q = make q
        P = make p
        Terms = List.sumBy abs (q @ p)
    }

    let logits n = Gen.listOfLength n Generate.logit
    let twice one family make = Gen.map2 (ofLogits family make) one one

    Gen.oneof [
        Gen.map2 ofNormals normal normal
        twice (logits 1) "Bernoulli" (fun x -> Bernoulli.OfLogits x.Head)
        twice (logits 4) "Categorical" (fun x -> Categorical.ofLogits (vector x))
    ]

type Arbitraries =
    static member Pair() = Arb.fromGen pairs

let private config = {
    FsCheckConfig.defaultConfig with
        maxTest = 300
        arbitrary = [ typeof<Arbitraries>; typeof<KlTests.NormalLaws> ]
}

let private exact measure (q: Distribution) (p: Distribution) = number (Discrepancy.exact measure q p)

let private every = [
    ReverseKl.discrepancy
    Jeffreys.discrepancy
    JensenShannon.discrepancy
    Renyi.order 0.5
    Renyi.order 3.0
    ChiSquared.discrepancy
    Hellinger.squared
    TotalVariation.distance
]

let private correlated =
    MultivariateNormal(vector [ 0.1; 0.4 ], matrix [ [ 1.0; 0.0 ]; [ 0.4; sqrt 0.34 ] ])

let private skewed = MultivariateNormal(vector [ -0.5; 0.2 ], matrix [ [ 0.6; 0.0 ]; [ 0.8; 0.9 ] ])

/// log of the integral of q^a p^(1 - a) as an expectation under the law that has the larger part in it.
let private byQuadrature a (q: Distribution) (p: Distribution) =
    let ratio (x: Tensor) = p.LogProb x - q.LogProb x

    if a < 0.5 then
        log (expectation (p :?> Univariate) (fun x -> (-a .* ratio x).exp()))
    else
        log (expectation (q :?> Univariate) (fun x -> ((1.0 - a) .* ratio x).exp()))

let private isLine (rule: ChernoffRule) = typeof<Univariate>.IsAssignableFrom rule.Law

/// A rule's integral for pairs of laws, inside and outside of the orders that always converge, to what the quadrature
/// loses at a kink.
let private agrees (rule: ChernoffRule) =
    testCase $"%s{rule.Law.Name}"
    <| fun () ->
        let cases = [
            for q, p in List.pairwise (lawsOf rule.Law) do
                for a in [ 0.3; 0.5; 1.05; -0.05 ] do
                    match Chernoff.tryLogIntegral a q p with
                    | Some log when Double.IsFinite(number log) && Support.within q.Support p.Support ->
                        q, p, a, number log
                    | _ -> ()
        ]

        Expect.isGreaterThan cases.Length 3 "cases"

        for q, p, a, log in cases do
            isClose 2e-6 (byQuadrature a q p) log $"%O{q} and %O{p} at %g{a}"

/// Kinds whose laws are chosen below.
let private conditional = [ typeof<Weibull>; typeof<Pareto>; typeof<Categorical>; typeof<Uniform>; typeof<Binomial> ]

/// Two laws of one kind with what Weibull and Pareto ask: one shape, and a first scale above the second.
let private partial = [
    Weibull(0.8, 1.7) :> Distribution, Weibull(1.9, 1.7) :> Distribution
    Pareto(1.4, 2.6), Pareto(0.8, 4.3)
    Uniform(0.2, 0.9), Uniform(-0.3, 1.4)
    Binomial.OfLogits(6.0, 0.4), Binomial.OfLogits(6.0, -1.1)
]

let tests =
    scoped
    <| testList "Discrepancy" [
        testList "the Chernoff integral" [
            yield!
                Chernoff.rules
                |> List.filter (fun rule -> isLine rule && not (List.contains rule.Law conditional))
                |> List.map agrees

            testCase "Weibull, Pareto, Uniform and Binomial"
            <| fun () ->
                for q, p in partial do
                    for a in [ 0.6; 1.1 ] do
                        let log = number (Chernoff.tryLogIntegral a q p).Value
                        isClose 2e-6 (byQuadrature a q p) log $"%O{q} at %g{a}"

                Expect.isNone (Chernoff.tryLogIntegral 0.5 (Weibull(1.0, 1.5)) (Weibull(1.0, 1.6))) "two shapes"

            testCase "Categorical, Dirichlet and MultivariateNormal"
            <| fun () ->
                let q, p = [ 0.2; 0.5; 0.3 ], [ 0.6; 0.3; 0.1 ]
                let law (values: float list) = Categorical.ofLogits (vector (List.map log values))
                let sum a = log (List.fold2 (fun sum q p -> sum + q ** a * p ** (1.0 - a)) 0.0 q p)

                for a in [ 0.3; 2.5; -1.0 ] do
                    isClose 1e-14 (sum a) (number (Chernoff.tryLogIntegral a (law q) (law p)).Value) "Categorical"

                // A Dirichlet of two numbers is a Beta.
                let pair (a: float) (b: float) = Dirichlet(vector [ a; b ])

                for a in [ 0.3; 1.4 ] do
                    let beta = number (Chernoff.tryLogIntegral a (Beta(2.6, 4.3)) (Beta(1.4, 0.9))).Value

                    isClose
                        1e-13
                        beta
                        (number (Chernoff.tryLogIntegral a (pair 2.6 4.3) (pair 1.4 0.9)).Value)
                        "Dirichlet"

                // The mean of sqrt(p/q) over draws.
                let z = skewed.Sample(Key.ofSeed 5, [| int64 (drawsToDetect 0.02) |])
                let roots = (0.5 .* (correlated.LogProb z - skewed.LogProb z)).exp() |> Tensor.toArray
                let log = number (Chernoff.tryLogIntegral 0.5 skewed correlated).Value
                meanIs (exp log) roots "MultivariateNormal"

            testCase "orders that diverge are +infinity"
            <| fun () ->
                let infinite a q p =
                    Expect.equal (number (Chernoff.tryLogIntegral a q p).Value) Double.PositiveInfinity $"%O{q}, %g{a}"

                infinite 2.0 (Normal(0.0, 2.0)) (Normal(0.0, 1.0))
                infinite 2.0 (Exponential 1.0) (Exponential 2.5)
                infinite -1.0 (Gamma(3.0, 1.0)) (Gamma(1.0, 1.0))
                infinite 2.0 (Pareto(1.0, 2.0)) (Pareto(1.5, 2.0))
                let wide = MultivariateNormal(vector [ 0.0; 0.0 ], matrix [ [ 2.0; 0.0 ]; [ 0.0; 0.5 ] ])
                infinite 2.0 wide (MultivariateNormal(vector [ 0.0; 0.0 ], matrix [ [ 1.0; 0.0 ]; [ 0.0; 1.0 ] ]))

            property config "swapping the laws is swapping a and 1 - a"
            <| fun (pair: Pair) ->
                let there = number (Chernoff.tryLogIntegral 0.3 pair.Q pair.P).Value
                let back = number (Chernoff.tryLogIntegral 0.7 pair.P pair.Q).Value
                Expect.isLessThanOrEqual (abs (there - back)) (64.0 * epsilon * (1.0 + pair.Terms)) pair.Family
        ]

        testCase "known numbers"
        <| fun () ->
            // 50-digit arithmetic.
            let q, p = Normal(0.3, 0.5), Normal(-0.2, 1.7)
            isClose 1e-14 1.5715728909326383 (exact ChiSquared.discrepancy q p) "chi-squared"
            isClose 1e-15 0.27870114943045844 (exact Hellinger.squared q p) "Hellinger"
            isClose 1e-14 1.0098719627381606 (exact (Renyi.order 3.0) q p) "Renyi"
            // The divergence of concentrations is a quadrature, good to 1e-10.
            isClose 1e-10 0.49478572142267947 (exact Hellinger.squared (Gamma(2.6, 1.7)) (Gamma(4.3, 0.8))) "gamma"
            isClose 1e-14 0.23832715957791574 (exact Hellinger.squared skewed correlated) "multivariate"
            let q, p = Bernoulli.OfLogits 0.8, Bernoulli.OfLogits -1.5
            isClose 1e-15 0.5075489573212561 (exact TotalVariation.distance q p) "total variation"
            isClose 1e-15 0.13789774237298787 (exact JensenShannon.discrepancy q p) "Jensen-Shannon"
            isClose 1e-14 1.7272012877410939 (exact ChiSquared.discrepancy q p) "chi-squared, Bernoulli"
            let rates = exact TotalVariation.distance (Exponential 2.0) (Exponential 0.5)
            isClose 1e-15 0.47247039371057744 rates "exponential"
            let shifted = exact TotalVariation.distance (Normal(0.3, 0.7)) (Normal(-0.2, 0.7))
            isClose 1e-15 0.27901513809832925 shifted "normals of one scale"
            let laplace = exact TotalVariation.distance (Laplace(0.0, 0.5)) (Laplace(0.7, 0.5))
            isClose 1e-15 (1.0 - exp -0.7) laplace "Laplace laws of one scale"
            isClose 1e-15 0.625 (exact TotalVariation.distance (Uniform(0.0, 1.0)) (Uniform(0.25, 2.25))) "uniform"
            isClose 1e-15 0.0 (exact TotalVariation.distance (Exponential 2.0) (Exponential 2.0)) "one law"

        property config "bounds between the measures"
        <| fun (pair: Pair) ->
            let q, p = pair.Q, pair.P
            let slack = 64.0 * epsilon * (1.0 + pair.Terms)
            let atMost a b name = Expect.isLessThanOrEqual a (b + slack) $"%s{name}, %s{pair.Family}"
            let hellinger, kl = exact Hellinger.squared q p, number (Kl.exact q p)
            let half, two = exact (Renyi.order 0.5) q p, exact (Renyi.order 2.0) q p
            atMost 0.0 hellinger "Hellinger is at least 0"
            atMost hellinger 1.0 "and at most 1"
            atMost half kl "orders increase below 1"
            atMost kl two "orders increase above 1"

            for measure in [ TotalVariation.distance; JensenShannon.discrepancy ] do
                match Discrepancy.tryExact measure q p with
                | None -> ()
                | Some value ->
                    let value = number value
                    let back = exact measure p q
                    Expect.isLessThanOrEqual (abs (value - back)) slack $"%s{measure.Name} is symmetric"
                    atMost 0.0 value $"%s{measure.Name} is at least 0"

                    if measure.Name = JensenShannon.discrepancy.Name then
                        atMost value (log 2.0) "Jensen-Shannon is at most log 2"
                    else
                        atMost hellinger value "Le Cam, below"
                        atMost value (sqrt (hellinger * (2.0 - hellinger)) + 1e-7) "Le Cam, above"
                        atMost value (sqrt (kl / 2.0) + 1e-7) "Pinsker"

        property config "Renyi's divergence of normals does not change under a joint affine map"
        <| fun (q: Normal, p: Normal) ->
            let moved (law: Normal) = Normal((2.0 .+ (-3.0 .* law.Loc)), 3.0 .* law.Scale)
            let before, after = exact (Renyi.order 0.6) q p, exact (Renyi.order 0.6) (moved q) (moved p)
            // The rounding of a shift of 1e3 in units of the smaller scale.
            let shift = 1e3 / min (number p.Scale) (number q.Scale)

            Expect.isLessThanOrEqual
                (abs (after - before))
                (64.0 * epsilon * (1.0 + shift) ** 2.0 + 1e-13 * before)
                "Renyi"

        testCase "orders near 1 are near KL, and order 1 is KL"
        <| fun () ->
            let q, p = Gamma(2.6, 1.7), Gamma(4.3, 0.8)
            let kl = number (Kl.exact q p)
            Expect.equal (exact (Renyi.order 1.0) q p) kl "order 1"
            isClose 1e-5 kl (exact (Renyi.order 1.000001) q p) "above"
            isClose 1e-5 kl (exact (Renyi.order 0.999999) q p) "below"

        testCase "products sum Renyi's divergences, and a common transform changes none"
        <| fun () ->
            let q = Normal(vector [ 0.3; -0.1 ], vector [ 0.5; 1.1 ])
            let p = Normal(vector [ -0.2; 0.4 ], vector [ 1.7; 0.9 ])
            let each = number ((Discrepancy.exact (Renyi.order 0.5) q p).sum())
            isClose 1e-15 each (exact (Renyi.order 0.5) (Independent.create 1 q) (Independent.create 1 p)) "product"
            let squash (law: Normal) = Transformed.univariate Transform.sigmoid law
            let transformed = exact (Renyi.order 0.5) (squash (Normal(0.3, 0.5))) (squash (Normal(-0.2, 1.7)))
            isClose 1e-15 (exact (Renyi.order 0.5) (Normal(0.3, 0.5)) (Normal(-0.2, 1.7))) transformed "transformed"

        testCase "estimates cover the closed forms"
        <| fun () ->
            let cases: (Distribution * Distribution) list = [
                Normal(0.3, 0.8), Normal(-0.2, 0.8)
                Bernoulli.OfLogits 0.8, Bernoulli.OfLogits -0.5
                Exponential 1.3, Exponential 0.8
            ]

            for q, p in cases do
                for measure in every do
                    match Discrepancy.tryExact measure q p with
                    | None -> ()
                    | Some value ->
                        let estimate = Discrepancy.estimate (Key.ofSeed 3) 20000 measure q p
                        let deviation = abs (number estimate.Mean - number value) / number estimate.StandardError
                        Expect.isLessThan deviation threshold $"%s{measure.Name} of %O{q}"

        testCase "the Jensen-Shannon divergence of normals is its integral"
        <| fun () ->
            // 50-digit arithmetic.
            let estimate =
                Discrepancy.estimate
                    (Key.ofSeed 4)
                    20000
                    JensenShannon.discrepancy
                    (Normal(0.3, 0.5))
                    (Normal(-0.2, 1.7))

            let deviation = abs (number estimate.Mean - 0.22692345048481797) / number estimate.StandardError
            Expect.isLessThan deviation threshold "standard errors off"

        testCase "a measure without a closed form is answered by name, and batches broadcast"
        <| fun () ->
            let message =
                try
                    exact TotalVariation.distance (Normal(0.0, 1.0)) (Normal(0.0, 2.0)) |> ignore
                    ""
                with :? NotSupportedException as e ->
                    e.Message

            for part in [ "total variation"; "Normal"; "Discrepancy.estimate" ] do
                Expect.stringContains message part "message"

            match
                Discrepancy.between (Key.ofSeed 1) 100 TotalVariation.distance (Normal(0.0, 1.0)) (Normal(0.0, 2.0))
            with
            | Divergence.Estimated _ -> ()
            | Divergence.Exact _ -> failtest "there is no closed form"

            refused [ "order"; "positive" ] (fun () -> Renyi.order 0.0)
            refused [ "event shape" ] (fun () -> exact Hellinger.squared skewed (Normal(0.0, 1.0)))
            let many = Normal(vector [ 0.0; 1.0; 2.0 ], vector [ 1.0; 1.0; 1.0 ])

            for measure in every do
                let one = Normal(0.5, 1.0)
                let shape = (Discrepancy.estimate (Key.ofSeed 1) 10 measure one many).Mean.shape
                Expect.equal shape [| 3L |] $"%s{measure.Name} against a batch"
    ]
