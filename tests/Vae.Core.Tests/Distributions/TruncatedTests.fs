/// Laws cut to intervals: both tails of both laws, far out, short, and half infinite.
module Vae.Core.Tests.TruncatedTests

open System
open Expecto
open TorchSharp
open Vae.Core
open Vae.Testing

let private place isDouble = if isDouble then Placement.float64 else Placement.float32
let private at place (x: float) = Tensor.scalar place x
let private cut place low high (law: Univariate) = Truncated.create (at place low) (at place high) law

let private agrees tolerance (expected: float) (actual: Tensor) name =
    let actual = Tensor.toFloat actual

    if not (actual = expected || abs (actual - expected) <= tolerance * abs expected) then
        failtest $"%s{name}: expected %.17g{expected}, found %.17g{actual}"

/// By 50-digit arithmetic, save those of the exponential law, which are elementary.
let private known = [
    testCase "an exponential law from 0 on is itself in both tails" (fun () ->
        for isDouble, tolerance in [ true, 1e-13; false, 2e-5 ] do
            let place = place isDouble
            let law = cut place 0.0 infinity (Exponential(at place 1.0))
            agrees tolerance 1.9287498479639178e-22 (law.Survival(at place 50.0)) "survival"
            agrees tolerance 46.051701859880914 (law.UpperQuantile(at place 1e-20)) "upper quantile"

            for quantity, name in [ law.Mean, "mean"; law.Variance, "variance"; law.Entropy.Value, "entropy" ] do
                agrees tolerance 1.0 quantity name)

    testCase "a normal law from -1 on" (fun () ->
        for isDouble, high, tolerance in [ true, infinity, 1e-13; true, 50.0, 1e-13; false, 1e6, 1e-6 ] do
            let place = place isDouble
            let law = cut place -1.0 high (Normal(at place 0.0, at place 1.0))
            agrees tolerance 0.28759997093918 law.Mean "mean"
            agrees tolerance 0.62968628577661 law.Variance "variance"
            agrees tolerance 1.10238476871163 law.Entropy.Value "entropy"
            agrees (100.0 * tolerance) 9.0567547485935681e-24 (law.Survival(at place 10.0)) "survival")

    testCase "a quantile beside an end keeps its digits" (fun () ->
        let law = cut f64 1e-20 infinity (Normal(0.0, 1.0))
        agrees 1e-12 (1e-20 + 1e-17 * sqrt (Math.PI / 2.0)) (law.Quantile(at f64 1e-17)) "quantile")

    testCase "beyond where the tails underflow" (fun () ->
        // An exponential tail has no memory.
        let far = cut f64 800.0 infinity (Exponential 1.0)
        agrees 1e-14 801.0 far.Mean "mean"
        agrees 1e-12 1.0 far.Variance "variance"
        agrees 1e-12 1.0 far.Entropy.Value "entropy"
        agrees 1e-14 (800.0 + 46.051701859880914) (far.UpperQuantile(at f64 1e-20)) "upper quantile"
        agrees 1e-12 (exp -5.0) (far.Survival(at f64 805.0)) "survival"
        let other = cut f64 -infinity -800.0 (Laplace(0.0, 1.0))
        agrees 1e-14 -801.0 other.Mean "mean of the lower tail"
        agrees 1e-14 (-800.0 - 46.051701859880914) (other.Quantile(at f64 1e-20)) "quantile of the lower tail")

    testCase "what a normal law's own truncation says" (fun () ->
        for low, high in [ 39.0, 40.0; -40.0, -39.0; 5.0, infinity; -infinity, 2.0; 1.0, 1.0 + 1e-9; -1e-9, 2e-9 ] do
            let own = TruncatedNormal(0.0, 1.0, low, high)
            let law = cut f64 low high (Normal(0.0, 1.0))

            for p in [ 1e-10; 0.1; 0.5; 0.9 ] do
                let x = own.Quantile(at f64 p)
                agrees 1e-12 (Tensor.toFloat x) (law.Quantile(at f64 p)) $"quantile %g{p} of [%g{low}, %g{high}]"
                let upper = own.UpperQuantile(at f64 p)

                agrees
                    1e-12
                    (Tensor.toFloat upper)
                    (law.UpperQuantile(at f64 p))
                    $"upper quantile of [%g{low}, %g{high}]"

                agrees 1e-9 (Tensor.toFloat (own.LogProb x)) (law.LogProb x) $"log-density in [%g{low}, %g{high}]"

            agrees 1e-12 (Tensor.toFloat own.Mean) law.Mean $"mean in [%g{low}, %g{high}]"
            agrees 1e-6 (Tensor.toFloat own.Variance) law.Variance $"variance in [%g{low}, %g{high}]"
            agrees 1e-9 (Tensor.toFloat own.Entropy.Value) law.Entropy.Value $"entropy in [%g{low}, %g{high}]")

    testCase "a normal law without ends is the normal law" (fun () ->
        for law in
            [
                TruncatedNormal(1.0, 2.0, -infinity, infinity) :> Univariate
                cut f64 -infinity infinity (Normal(1.0, 2.0))
            ] do
            let normal = Normal(1.0, 2.0)
            agrees 1e-13 1.0 law.Mean "mean"
            agrees 1e-12 4.0 law.Variance "variance"
            agrees 1e-13 (Tensor.toFloat normal.Entropy.Value) law.Entropy.Value "entropy"

            for x in [ -30.0; 0.0; 9.0 ] do
                agrees 1e-12 (Tensor.toFloat (normal.LogProb(at f64 x))) (law.LogProb(at f64 x)) "log-density"
                agrees 1e-11 (Tensor.toFloat (normal.Cdf(at f64 x))) (law.Cdf(at f64 x)) "cdf"
                agrees 1e-11 (Tensor.toFloat (normal.Survival(at f64 x))) (law.Survival(at f64 x)) "survival")
]

/// Laws of every family on the line, each cut in its middle, in a tail, and half infinite.
let private bases: (string * Univariate * (float * float) list) list = [
    "Normal", Normal(0.0, 1.0), [ -1.0, 2.0; 6.0, 7.0; 45.0, infinity ]
    "Laplace", Laplace(0.0, 1.0), [ -1.0, 2.0; 30.0, 31.0; 900.0, infinity ]
    "Logistic", Logistic(0.0, 1.0), [ -1.0, 2.0; 800.0, 801.0; -infinity, -800.0 ]
    "Gumbel", Gumbel(0.0, 1.0), [ -1.0, 2.0; 800.0, infinity; -infinity, -7.0 ]
    "Gamma", Gamma(2.5, 1.0), [ 0.0, 2.0; 1000.0, 1001.0; 900.0, infinity ]
    "Weibull", Weibull(1.0, 2.0), [ 0.5, 2.0; 40.0, infinity ]
    "HalfNormal", HalfNormal 1.0, [ 0.0, 1.0; 41.0, infinity ]
    "Cauchy", Cauchy(0.0, 1.0), [ -1.0, 5.0; 1e10, 1.1e10 ]
    "StudentT", StudentT(1000.0, 0.0, 1.0), [ 2.0, 3.0; 200.0, 201.0 ]
    "Beta", Beta(200.0, 3.0), [ 0.1, 0.9; 1e-3, 2e-3 ]
    "LogNormal", LogNormal(0.0, 1.0), [ 0.5, 3.0; 1e30, infinity ]
    "Pareto", Pareto(1.0, 3.0), [ 2.0, infinity; 1e200, 1.1e200 ]
]

let private everyBase =
    testList "every family" [
        for name, law, intervals in bases do
            for low, high in intervals ->
                testCase $"%s{name} on [%g{low}, %g{high}]"
                <| fun () ->
                    let cutLaw = cut f64 low high law
                    let shares = [| 1e-12; 1e-3; 0.3; 0.5; 0.7; 0.999 |]
                    let p = Tensor.ofArray f64 [| int64 shares.Length |] shares
                    let x, y = cutLaw.Quantile p, cutLaw.UpperQuantile p

                    let place (x: Tensor) =
                        Tensor.toArray (x.le(at f64 high).logical_and(x.ge (at f64 low)).to_type f64.DType)

                    Expect.allEqual (place x) 1.0 "quantiles lie in the interval"

                    // A share that the rounding of x can tell.
                    let slack (t: Tensor) (tail: Tensor) =
                        Tensor.toArray ((cutLaw.LogProb t).exp() * t.abs () * at f64 4.5e-16 / tail)

                    let near (found: Tensor) (t: Tensor) =
                        Array.iteri2
                            (fun i (f: float) (s: float) ->
                                if abs (f - shares[i]) > shares[i] * (1e-9 + s) then
                                    failtest $"%g{shares[i]} came back as %.17g{f}")
                            (Tensor.toArray found)
                            (slack t found)

                    near (cutLaw.Cdf x) x
                    near (cutLaw.Survival y) y
                    let ones = Tensor.toArray (cutLaw.Cdf x + cutLaw.Survival x)

                    ones
                    |> Array.iter (fun one ->
                        Expect.floatClose { absolute = 1e-9; relative = 0.0 } one 1.0 "both tails")
    ]

let private refusals =
    testCase "an interval without probability is refused by name" (fun () ->
        Expect.throwsT<ArgumentException> (fun () -> cut f64 -3.0 -2.0 (Exponential 1.0) |> ignore) "below the support"

        Expect.throwsT<ArgumentException>
            (fun () -> cut f64 2.0 1.0 (Normal(0.0, 1.0)) |> ignore)
            "ends in the wrong order"

        Expect.throwsT<ArgumentException>
            (fun () -> TruncatedNormal(0.0, 1.0, nan, 1.0) |> ignore)
            "an end that is NaN"

        Expect.throwsT<ArgumentException>
            (fun () -> TruncatedNormal(0.0, 1.0, infinity, infinity) |> ignore)
            "no interval")

let tests () = testList "Truncated" [ testList "known" known; everyBase; refusals ] |> scoped
