/// Laws of counts against 50-digit arithmetic, in both tails and at extreme parameters.
module Vae.Core.Tests.CountTests

open System
open Expecto
open TorchSharp
open Vae.Core
open Vae.Testing

let private at (x: float) = Tensor.scalar f64 x

/// Tails keep relative precision. What p loses by its own rounding moves a tail by |k - n p| units of rounding more.
let private isNear tolerance (expected: float) (actual: float) message =
    let error = abs (actual - expected) / abs expected

    if not (actual = expected || error <= tolerance) then
        failtest $"%s{message}: expected %.17g{expected}, found %.17g{actual}, relatively off by %.3g{error}"

/// Log-masses by law and count, 50-digit arithmetic.
let private logMasses: (Distribution * float * float) list = [
    Poisson 1e-8, 0.0, -1.0e-8
    Poisson 1e-8, 3.0, -57.053801711085151417
    Poisson 1e6, 1000000.0, -7.8266938955201431272
    Poisson 1e6, 1005000.0, -20.308406260130049129
    Poisson 2.5, 20.0, -26.509801823270383726
    Poisson 2.5, 7.0, -4.6111262379463288439
    Binomial.OfLogits(1e6, 0.5), 622459.0, -7.1026175052542413441
    Binomial.OfLogits(1e6, 0.5), 620000.0, -19.961500167627505278
    Binomial.OfLogits(10.0, 200.0), 10.0, -1.3838965267367375306e-86
    Binomial.OfLogits(10.0, 200.0), 8.0, -396.19333751022968024
    Binomial.OfLogits(10.0, -200.0), 1.0, -197.69741490700595432
    Binomial.OfLogits(1e6, -200.0), 0.0, -1.3838965267367375306e-81
    Binomial.OfLogits(1e6, -9.0), 150.0, -6.1068874349705152012
    Binomial.OfLogits(25.0, 0.3), 0.0, -21.35888111171317797
    Binomial.OfLogits(0.0, 0.3), 0.0, 0.0
    NegativeBinomial.OfLogits(0.01, 2.0), 0.0, -0.021269280110429724964
    NegativeBinomial.OfLogits(0.01, 2.0), 30.0, -11.795940795215337013
    NegativeBinomial.OfLogits(0.01, -200.0), 1.0, -204.60517018598809137
    NegativeBinomial.OfLogits(3.5, 200.0), 5.0, -696.43919808782812251
    NegativeBinomial.OfLogits(1e6, 0.5), 1648721.0, -8.5637322818886031446
    NegativeBinomial.OfLogits(1e10, -20.0), 20.0, -2.4301340873112276771
    BetaBinomial(10.0, 0.1, 0.2), 0.0, -0.65603586951551431879
    BetaBinomial(10.0, 0.1, 0.2), 5.0, -3.8201818472487110659
    BetaBinomial(1e6, 2.0, 3.0), 400000.0, -13.268548387577479684
    BetaBinomial(1e6, 1e6, 2e6), 333333.0, -7.2184963409966682557
    BetaBinomial(50.0, 1e8, 1e8), 25.0, -2.1868026471852579694
    BetaBinomial(50.0, 1e-8, 3.0), 7.0, -20.658808126505290546
]

/// Law, count, P(X <= k), P(X > k), and the relative rounding that p allows, 50-digit arithmetic.
let private tails: (Univariate * float * float * float * float) list = [
    Poisson 1e-8, 1.0, 1.0, 4.9999999666666667917e-17, 0.0
    Poisson 1e6, 990000.0, 6.4777570152898862448e-24, 1.0, 0.0
    Poisson 1e6, 1010000.0, 1.0, 8.9488314821054420556e-24, 0.0
    Poisson 2.5, 40.0, 1.0, 5.3949472484365894419e-35, 0.0
    Poisson 100.0, 10.0, 1.1376879516952979195e-30, 1.0, 0.0
    Binomial.OfLogits(10.0, 200.0), 8.0, 8.6182631852130256276e-173, 1.0, 0.0
    Binomial.OfLogits(10.0, -200.0), 0.0, 1.0, 1.3838965267367375306e-86, 0.0
    Binomial.OfLogits(1e6, 0.5), 615000.0, 1.3669878048406864106e-53, 1.0, 1e-11
    Binomial.OfLogits(1e6, 0.5), 630000.0, 1.0, 5.2336407064950843669e-55, 1e-11
    Binomial.OfLogits(25.0, 0.3), 3.0, 3.3039527925253365444e-6, 0.99999669604720747466, 0.0
    Binomial.OfLogits(25.0, 0.3), 24.0, 0.99999904244350183235, 9.5755649816764635602e-7, 0.0
    NegativeBinomial.OfLogits(0.01, 2.0), 0.0, 0.97895531587781298008, 0.021044684122187019922, 0.0
    NegativeBinomial.OfLogits(0.01, 2.0), 300.0, 1.0, 7.2549379054629855845e-21, 0.0
    NegativeBinomial.OfLogits(3.5, 1.0), 80.0, 0.99999999270015711759, 7.2998428824136033765e-9, 0.0
    NegativeBinomial.OfLogits(3.5, 1.0), 0.0, 0.010087927104433263781, 0.98991207289556673622, 0.0
    NegativeBinomial.OfLogits(1000.0, 0.5), 1400.0, 0.000046075958861157857093, 0.99995392404113884214, 0.0
    NegativeBinomial.OfLogits(2.5, -200.0), 1.0, 1.0, 8.3788669856237749157e-174, 0.0
    BetaBinomial(10.0, 0.1, 0.2), 0.0, 0.51890426698046461031, 0.48109573301953538969, 0.0
    BetaBinomial(200.0, 60.0, 40.0), 20.0, 6.9488966738595119084e-20, 1.0, 0.0
    BetaBinomial(200.0, 60.0, 40.0), 190.0, 0.9999999999999799764, 2.0023598283636634406e-14, 0.0
]

/// 50-digit arithmetic.
let private entropies: (Distribution * float) list = [
    Poisson 1e-8, 1.942068074741810137e-7
    Poisson 0.7, 1.1045971987254764749
    Poisson 50.0, 3.3732662611702073252
    Poisson 9999.0, 6.0240503821090446049
    Poisson 10001.0, 6.02415038377621132
    Poisson 1e6, 8.3266937288534347938
    Binomial.OfLogits(25.0, 0.3), 2.3235437407807869695
    Binomial.OfLogits(2000.0, -1.0), 4.4060827401959208603
    NegativeBinomial.OfLogits(0.01, 2.0), 0.14474235980338102185
    NegativeBinomial.OfLogits(3.5, 1.0), 3.0937626256517890244
    NegativeBinomial.OfLogits(1.0, -4.59511985013459), 0.056567206419037714226
    NegativeBinomial.OfLogits(200.0, -1.0), 3.7222186212490122172
    NegativeBinomial.OfLogits(2.5, -30.0), 7.0378002208831357452e-12
    NegativeBinomial.OfLogits(0.3, 5.0), 4.2833072175762944479
    NegativeBinomial.OfLogits(3.5, 60.0), 61.943082000733966257
    BetaBinomial(10.0, 0.1, 0.2), 1.6213773358758747136
    BetaBinomial(200.0, 60.0, 40.0), 3.8981963260891791299
    // scipy 1.10 gives 3.17.
    Geometric.OfLogits -4.59511985013459, 5.600153435484734118
    Geometric.OfLogits 0.3, 1.1872771765057954591
    Geometric.OfLogits -200.0, 201.0
]

/// 25-digit quadrature: temperature, logit, mean and variance.
let private relaxedMoments = [
    0.1, 0.3, 0.57385662516591208336, 0.2202833169259028785
    0.7, -2.0, 0.17073954776769534316, 0.060768973184105226161
    2.0, 1.5, 0.65599156594194376977, 0.030455822008185909818
    0.5, -20.0, 3.2376523734006658455e-9, 1.6188262548124937959e-9
    1.0, 0.4, 0.56631313207562647653, 0.081577360094465401075
]

let private values (t: Tensor) = Tensor.toArray t

/// Every vector of n counts with a total.
let rec private compositions n total : float list list =
    if n = 1 then
        [ [ float total ] ]
    else
        [
            for first in 0..total do
                for rest in compositions (n - 1) (total - first) -> float first :: rest
        ]

let tests =
    scoped
    <| testList "Counts" [
        testCase "log-masses of 50-digit arithmetic"
        <| fun () ->
            for law, k, expected in logMasses do
                isClose 4e-14 expected (number (law.LogProb(at k))) $"%s{law.Name} at %g{k}"

        testCase "tails of 50-digit arithmetic, and quantiles that are their inverses"
        <| fun () ->
            for law, k, cdf, survival, rounding in tails do
                let what = $"%s{law.Name} at %g{k}"
                isNear (2e-12 + rounding) cdf (number (law.Cdf(at k))) $"%s{what}, cdf"
                isNear (2e-12 + rounding) survival (number (law.Survival(at k))) $"%s{what}, survival"
                let smaller, quantile = if cdf < survival then cdf, law.Quantile else survival, law.UpperQuantile
                let step = 1e-9
                // A little more and a little less of the probability, on either side of the jump.
                let inner, outer =
                    number (quantile (at (smaller * (1.0 - step)))), number (quantile (at (smaller * (1.0 + step))))

                if cdf < survival then
                    Expect.equal (inner, outer) (k, k + 1.0) $"%s{what}, quantile"
                else
                    Expect.equal (inner, outer) (k + 1.0, k) $"%s{what}, upper quantile"

        testCase "Geometric quantiles are right at and beside every jump"
        <| fun () ->
            for logit in [ -200.0; -12.0; -0.5; 0.3; 5.0; 200.0 ] do
                let law = Geometric.OfLogits logit

                for k in [ 0.0; 1.0; 2.0; 17.0; 150.0 ] do
                    let q = number (law.Survival(at k))

                    if q > 1e-300 && q < 1.0 then
                        Expect.equal (number (law.UpperQuantile(at q))) k $"logit %g{logit}"
                        Expect.equal (number (law.UpperQuantile(at (q * (1.0 + 1e-12))))) k $"logit %g{logit}, above"

        testCase "counts beyond 2^53 are found as numbers"
        <| fun () ->
            let law = NegativeBinomial.OfLogits(3.5, 60.0)
            isNear 1e-12 0.25 (number (law.Cdf(law.Quantile(at 0.25)))) "quantile"
            isNear 1e-12 1e-9 (number (law.Survival(law.UpperQuantile(at 1e-9)))) "upper quantile"

        testCase "entropies of 50-digit arithmetic"
        <| fun () ->
            for law, expected in entropies do
                isClose 4e-13 expected (number law.Entropy.Value) law.Name

            isNear 1e-12 1.942068074741810137e-7 (number (Poisson 1e-8).Entropy.Value) "small Poisson"

            isNear
                1e-12
                2.7497666236137399604e-84
                (number (Binomial.OfLogits(10.0, 200.0)).Entropy.Value)
                "nearly certain"

            isNear
                1e-12
                7.0378002208831357452e-12
                (number (NegativeBinomial.OfLogits(2.5, -30.0)).Entropy.Value)
                "small"

        testCase "entropies have the gradients of their sums"
        <| fun () ->
            let check name (law: Tensor -> Distribution) (x: float[]) =
                let entropy (x: Tensor) = (law x).Entropy.Value
                let gradient = Diff.grad entropy (vector (List.ofArray x)) |> values
                let expected = centralDifferences 1e-5 (fun x -> number (entropy x)) x
                Array.iter2 (fun e a -> isClose 1e-8 e a name) expected gradient

            check "Poisson" (fun x -> Poisson(x[0L])) [| 3.7 |]
            check "Binomial" (fun x -> Binomial.OfLogits(at 12.0, x[0L])) [| 0.4 |]
            check "NegativeBinomial" (fun x -> NegativeBinomial.OfLogits(x[0L], x[1L])) [| 0.7; 0.4 |]
            check "BetaBinomial" (fun x -> BetaBinomial(at 9.0, x[0L], x[1L])) [| 0.7; 2.4 |]
            check "Geometric" (fun x -> Geometric.OfLogits(x[0L])) [| 0.4 |]
            check "Multinomial" (fun x -> Multinomial.ofLogits (at 7.0) x) [| 0.4; -1.0; 0.2 |]
            check "DirichletMultinomial" (fun x -> DirichletMultinomial.create (at 7.0) x) [| 0.4; 1.5; 3.0 |]

        testCase "masses and entropies of vectors of counts are those of all vectors"
        <| fun () ->
            let all = compositions 3 8 |> matrix

            let laws: Distribution list = [
                Multinomial.ofLogits (at 8.0) (vector [ 0.4; -1.0; 2.0 ])
                DirichletMultinomial.create (at 8.0) (vector [ 0.4; 1.5; 3.0 ])
            ]

            for law in laws do
                let logMass = law.LogProb all
                let mass = logMass.exp ()
                isClose 1e-13 1.0 (number (mass.sum ())) law.Name

                isClose
                    1e-13
                    (number ((mass * logMass).sum().neg()))
                    (number law.Entropy.Value)
                    $"%s{law.Name}, entropy"

                let mean = (mass.unsqueeze -1L * all).sum [| 0L |]
                let variance = (mass.unsqueeze -1L * (all - mean).squared()).sum [| 0L |]
                Array.iter2 (fun e a -> isClose 1e-13 e a "mean") (values mean) (values law.Mean)
                Array.iter2 (fun e a -> isClose 1e-12 e a "variance") (values variance) (values law.Variance)

        testCase "two categories are binomial, and beta-binomial"
        <| fun () ->
            let n, k = 1e6, 622459.0
            let pair = vector [ k; n - k ]
            let multinomial = Multinomial.ofLogits (at n) (vector [ 0.5; 0.0 ])

            isClose
                1e-13
                (number (Binomial.OfLogits(n, 0.5).LogProb(at k)))
                (number (multinomial.LogProb pair))
                "multinomial"

            let urn = DirichletMultinomial.create (at n) (vector [ 2.0; 3.0 ])
            isClose 1e-13 (number (BetaBinomial(n, 2.0, 3.0).LogProb(at k))) (number (urn.LogProb pair)) "urn"

        testCase "each count of a draw follows its own law, and draws have the total"
        <| fun () ->
            let n = drawsToDetectDistance 0.03
            let logits, concentration = vector [ 0.4; -1.0; 0.8 ], vector [ 0.4; 1.5; 0.05 ]

            let check (law: Distribution) (marginal: int -> Univariate) =
                let draws = law.Sample(Key.ofSeed 5, [| int64 n |])
                Expect.isTrue (draws.sum(-1L).eq(6.0.AsScalar()).all().ToBoolean()) "totals"

                for i in 0..2 do
                    let table = (marginal i).Cdf(torch.arange (7, dtype = torch.ScalarType.Float64)) |> values
                    let column = draws.select (-1L, int64 i)
                    follows (fun x -> table[int x]) (values column) $"%s{law.Name}, count %d{i}"

            let p = logits.softmax -1L |> values
            check (Multinomial.ofLogits (at 6.0) logits) (fun i -> Binomial.OfLogits(6.0, log (p[i] / (1.0 - p[i]))))
            let a = values concentration

            check (DirichletMultinomial.create (at 6.0) concentration) (fun i ->
                BetaBinomial(6.0, a[i], Array.sum a - a[i]))

        testCase "relaxed Bernoulli laws have the moments of quadrature"
        <| fun () ->
            for temperature, logit, mean, variance in relaxedMoments do
                let law = RelaxedBernoulli.OfLogits(temperature, logit)
                isNear 1e-12 mean (number law.Mean) $"mean at %g{temperature}, %g{logit}"
                isNear 1e-11 variance (number law.Variance) $"variance at %g{temperature}, %g{logit}"

        testCase "a relaxed one-hot law of two categories is a relaxed Bernoulli law"
        <| fun () ->
            let pair = RelaxedOneHotCategorical.ofLogits (at 0.7) (vector [ 1.3; 0.2 ])
            let single = RelaxedBernoulli.OfLogits(0.7, 1.1)

            for x in [ 1e-9; 0.2; 0.7 ] do
                let expected = number (single.LogProb(at x))
                isClose 1e-13 expected (number (pair.LogProb(vector [ x; 1.0 - x ]))) "log-density"

        testCase "relaxed draws stay inside where they would round to an end"
        <| fun () ->
            for logit in [ -2000.0; 2000.0 ] do
                let single = RelaxedBernoulli.OfLogits(0.1, logit)
                let x = single.Sample(Key.ofSeed 1, [| 50L |])
                Expect.isTrue ((single.LogProb x).isfinite().all().ToBoolean()) "single"
                let pair = RelaxedOneHotCategorical.ofLogits (at 0.1) (vector [ logit; 0.0 ])
                let x = pair.Sample(Key.ofSeed 1, [| 50L |])
                Expect.isTrue ((pair.LogProb x).isfinite().all().ToBoolean()) "vector"

        testCase "straight-through draws are draws of the discrete law with the relaxed draws' gradients"
        <| fun () ->
            let weights = vector [ 0.3; -1.0; 2.0 ]
            let key, draws = Key.ofSeed 9, [| 40L |]

            let gradient (f: RelaxedOneHotCategorical -> Tensor) =
                Diff.grad
                    (fun logits -> (f (RelaxedOneHotCategorical.ofLogits (at 0.6) logits) * weights).sum())
                    (vector [ 0.4; 0.1; -0.5 ])
                |> values

            let hard law = (RelaxedOneHotCategorical.straightThrough law).Draw(key, draws)
            let soft law = (RelaxedOneHotCategorical.pathwise law).Draw(key, draws)
            Expect.equal (gradient hard) (gradient soft) "gradient"
            let law = RelaxedOneHotCategorical.ofLogits (at 0.6) (vector [ 0.4; 0.1; -0.5 ])
            let path = RelaxedOneHotCategorical.straightThrough law
            let n = drawsToDetectDistance 0.03
            let x = path.Draw(Key.ofSeed 2, [| int64 n |])
            Expect.isTrue ((path.Law.LogProb x).isfinite().all().ToBoolean()) "one-hot"
            let index = x.argmax(-1L).to_type torch.ScalarType.Float64
            let table = path.Law.LogProbs.exp().cumsum -1L |> values
            follows (fun x -> table[int x]) (values index) "categories"

            let single = RelaxedBernoulli.straightThrough (RelaxedBernoulli.OfLogits(0.6, 0.4))
            let x = single.Draw(Key.ofSeed 3, [| int64 n |])
            follows (fun x -> if x < 1.0 then 1.0 / (1.0 + exp 0.4) else 1.0) (values x) "zeros and ones"

        testCase "float32 counts agree with float64"
        <| fun () ->
            let single (t: Tensor) = t.to_type torch.ScalarType.Float32
            let k = vector [ 0.0; 1.0; 7.0 ]

            let check name (law: Tensor -> Tensor -> Distribution) a b =
                let wide, narrow = law (at a) (at b), law (single (at a)) (single (at b))
                let x = narrow.LogProb(single k)
                Expect.equal x.dtype torch.ScalarType.Float32 name
                Array.iter2 (fun e a -> isClose 2e-6 e a name) (values (wide.LogProb k)) (values x)
                Expect.equal narrow.Entropy.Value.dtype torch.ScalarType.Float32 name
                isClose 1e-5 (number wide.Entropy.Value) (number narrow.Entropy.Value) $"%s{name}, entropy"
                Expect.equal (narrow.Sample(Key.ofSeed 1)).dtype torch.ScalarType.Float32 $"%s{name}, draws"

            check "Binomial" (fun n l -> Binomial.OfLogits(n, l)) 10.0 0.3
            check "NegativeBinomial" (fun r l -> NegativeBinomial.OfLogits(r, l)) 2.5 -0.3
            check "BetaBinomial" (fun a b -> BetaBinomial(single(at 9.0).to_type a.dtype, a, b)) 2.5 0.3
            check "Poisson" (fun a _ -> Poisson a) 2.5 0.0
            check "Geometric" (fun a _ -> Geometric.OfLogits a) -0.5 0.0

        testCase "a law without spread is at its value"
        <| fun () ->
            let law = Delta.create 1 (matrix [ [ 1.0; 2.0 ]; [ 3.0; 4.0 ] ])
            Expect.equal (values (law.LogProb(vector [ 1.0; 2.0 ]))) [| 0.0; -infinity |] "log-density"
            Expect.equal (law.Sample(Key.ofSeed 0, [| 3L |])).shape [| 3L; 2L; 2L |] "draws"
            let draw = (Delta.pathwise law).Draw(Key.ofSeed 0, [| 3L |])
            Expect.equal (values draw) (values (law.Sample(Key.ofSeed 0, [| 3L |]))) "path"
            refused [ "eventRank" ] (fun () -> Delta.create 2 (vector [ 1.0 ]))

        testCase "parameters that are no parameters are refused"
        <| fun () ->
            refused [ "totalCount"; "2.5" ] (fun () -> Binomial.OfLogits(at 2.5, at 0.0))
            refused [ "totalCount"; "-1" ] (fun () -> BetaBinomial(at -1.0, at 1.0, at 1.0))
            refused [ "totalCount"; "0" ] (fun () -> NegativeBinomial.OfLogits(0.0, 1.0))
            refused [ "rate" ] (fun () -> Poisson 0.0)
            refused [ "concentration" ] (fun () -> DirichletMultinomial.create (at 3.0) (at 1.0))
            refused [ "temperature" ] (fun () -> RelaxedBernoulli.OfLogits(0.0, 1.0))
            refused [ "value" ] (fun () -> Delta nan)
    ]
