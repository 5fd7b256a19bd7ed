/// What every law does where numbers end: its own draws, infinities, points of another size or kind.
module Vae.Core.Tests.EdgeTests

open System
open Expecto
open TorchSharp
open Vae.Core
open Vae.Testing

let private places = [ Placement.float64; Placement.float32 ]
let private key = Key.ofSeed 11
let private at place (x: float) = Tensor.scalar place x
let private vector place (values: float list) = Tensor.ofArray place [| int64 values.Length |] (List.toArray values)

/// Laws whose draws come within rounding of an end of their support, or beyond the range of numbers.
let private extremes (place: Placement) : (string * Distribution) list =
    let number = at place
    let normal scale = Normal(number 0.0, number scale)
    let line (transform: Transform) (law: Univariate) = Transformed.univariate transform law :> Distribution

    let independent scale =
        Independent.create 1 (Normal(vector place [ 0.0; 0.0; 0.0 ], vector place [ scale; scale; scale ]))

    [
        "Gamma(1e-3, 1)", Gamma(number 1e-3, number 1.0)
        "Gamma(1e-2, 1e30)", Gamma(number 1e-2, number 1e30)
        "InverseGamma(1e-3, 1)", InverseGamma(number 1e-3, number 1.0)
        "Chi(1e-3)", Chi(number 1e-3)
        "Chi2(1e-3)", Chi2(number 1e-3)
        "Weibull(1, 0.01)", Weibull(number 1.0, number 0.01)
        "Pareto(1, 0.01)", Pareto(number 1.0, number 0.01)
        "Exponential(1e35)", Exponential(number 1e35)
        "Exponential(1e-35)", Exponential(number 1e-35)
        "Beta(0.1, 0.1)", Beta(number 0.1, number 0.1)
        "Beta(1e-3, 1e-3)", Beta(number 1e-3, number 1e-3)
        "Beta(1e3, 1e-2)", Beta(number 1e3, number 1e-2)
        "Kumaraswamy(0.01, 0.01)", Kumaraswamy(number 0.01, number 0.01)
        "LogNormal(0, 1e3)", LogNormal(number 0.0, number 1e3)
        "LogitNormal(0, 1e3)", LogitNormal(number 0.0, number 1e3)
        "RelaxedBernoulli(0.01, 3)", RelaxedBernoulli.OfLogits(number 0.01, number 3.0)
        "RelaxedOneHotCategorical(0.01)",
        RelaxedOneHotCategorical.OfLogits(number 0.01, vector place [ 1.0; 0.0; -9.0 ])
        "Dirichlet(0.01)", Dirichlet(vector place [ 0.01; 0.01; 0.01 ])
        "Dirichlet(1e-3, 1e3)", Dirichlet(vector place [ 1e-3; 1e3 ])
        "StudentT(0.05)", StudentT(number 0.05, number 0.0, number 1.0)
        "Cauchy(0, 1e35)", Cauchy(number 0.0, number 1e35)
        "HalfCauchy(1e35)", HalfCauchy(number 1e35)
        "Normal(0, 1e38)", normal 1e38
        "Laplace(0, 1e38)", Laplace(number 0.0, number 1e38)
        "Gumbel(0, 1e38)", Gumbel(number 0.0, number 1e38)
        "Logistic(0, 1e38)", Logistic(number 0.0, number 1e38)
        "Wishart(2.1, I)", Wishart(number 2.1, torch.eye (3L, dtype = place.DType))
        "Wishart(3, I)", Wishart(number 3.0, torch.eye (3L, dtype = place.DType))
        "LkjCholesky(6, 1e-2)", LkjCholesky(6, number 1e-2)
        "PowerSpherical(1e-3)", PowerSpherical(vector place [ 1.0; 0.0 ], number 1e-3)
        "VonMisesFisher(1e6)", VonMisesFisher(vector place [ 0.0; 1.0 ], number 1e6)
        "tanh of N(0, 4)", line Transform.tanh (normal 4.0)
        "sigmoid of N(0, 100)", line Transform.sigmoid (normal 100.0)
        "exp of N(0, 100)", line Transform.exp (normal 100.0)
        "softplus of N(-200, 1)", line Transform.softplus (Normal(number -200.0, number 1.0))
        "log of Gamma(1e-3, 1)", line (Transform.inverse Transform.exp) (Gamma(number 1e-3, number 1.0))
        "power -1 of Gamma(1e-2, 1)", line (Transform.power (number -1.0)) (Gamma(number 1e-2, number 1.0))
        "logit of Beta(0.01, 0.01)", line (Transform.inverse Transform.sigmoid) (Beta(number 0.01, number 0.01))
        "exp of exp of N(0, 3)", line (Transform.chain [ Transform.exp; Transform.exp ]) (normal 3.0)
        "2 - 3 tanh of N(0, 9)",
        line (Transform.chain [ Transform.tanh; Transform.affine (number 2.0) (number -3.0) ]) (normal 9.0)
        "sigmoid of HalfNormal(100)", line Transform.sigmoid (HalfNormal(number 100.0))
        "stick breaking of N(0, 30)", Transformed.create Transform.stickBreaking (independent 30.0)
        "tanh of three N(0, 9)", Transformed.create Transform.tanh (independent 9.0)
        "Independent(Gamma(1e-3, 1))",
        Independent.create 1 (Gamma(vector place [ 1e-3; 1.0 ], vector place [ 1.0; 1.0 ]))
        "Mixture of Beta(0.01, 0.01)",
        Mixture.create
            (Categorical.OfLogits(vector place [ 0.0; 1.0 ]))
            (Beta(vector place [ 0.01; 1.0 ], vector place [ 0.01; 2.0 ]))
        "MixtureOf Gamma(1e-3, 1), Weibull(1, 0.01)",
        MixtureOf.create (Categorical.OfLogits(vector place [ 0.0; 1.0 ])) [
            Gamma(number 1e-3, number 1.0)
            Weibull(number 1.0, number 0.01)
        ]
        "Product of Gamma(1e-3, 1) and Beta(0.01, 0.01)",
        Product.create [ "a", Gamma(number 1e-3, number 1.0); "b", Beta(number 0.01, number 0.01) ]
        "Truncated(Gamma(0.01, 1), 0, 2)", Truncated.create (number 0.0) (number 2.0) (Gamma(number 0.01, number 1.0))
    ]

let private areScored (name: string) (law: Distribution) (draws: int64) =
    let x = law.Sample(key, [| draws |])
    Expect.equal x.dtype law.Placement.DType $"%s{name} draws in its precision"
    Expect.allEqual (Tensor.toArray (x.isfinite().to_type f64.DType)) 1.0 $"draws of %s{name} are finite"
    let scores = Tensor.toArray (law.LogProb x)
    let lost = scores |> Array.filter (Double.IsFinite >> not) |> Array.length
    Expect.equal lost 0 $"draws that %s{name} scores as impossible, of %d{scores.Length}"
    // By position they are the same points.
    let position = law.SampleAt(key, [| draws |])
    Expect.equal (Tensor.toArray position.X) (Tensor.toArray x) $"%s{name}: points of positions"

    Expect.allEqual
        (Tensor.toArray ((law.LogProbAt position).isfinite().to_type f64.DType))
        1.0
        $"positions of %s{name}"

let private ownDraws =
    testList "a law scores its own draws" [
        for place in places do
            for name, law in extremes place do
                testCase $"%s{name}, %A{place.DType}" <| fun () -> areScored name law 2000L

            for info in Laws.all do
                testCase $"%s{info.Name}, %A{place.DType}"
                <| fun () ->
                    for cases in LawTests.cases (EveryLawTests.optionsOf info) info do
                        areScored info.Name (info.Make(LawCases.tensors place cases)) 50L
    ]

let private infinities =
    testList "infinite numbers are impossible, and NaN stays" [
        for place in places do
            for info in Laws.all do
                testCase $"%s{info.Name}, %A{place.DType}"
                <| fun () ->
                    for cases in LawTests.cases (EveryLawTests.optionsOf info) info do
                        let law = info.Make(LawCases.tensors place cases)
                        let x = law.Sample key

                        for value in [ infinity; -infinity ] do
                            let scores = Tensor.toArray (law.LogProb(torch.full_like (x, value.ToScalar())))
                            Expect.allEqual scores -infinity $"%s{info.Name} at %g{value}"

                        let scores = Tensor.toArray (law.LogProb(torch.full_like (x, nan.ToScalar())))
                        Expect.isTrue (Array.forall Double.IsNaN scores) $"%s{info.Name} at NaN"
    ]

let private points =
    testList "points of another size or kind" [
        for info in Laws.all do
            testCase info.Name
            <| fun () ->
                let law = LawInfo.example info
                let x = law.Sample(key, [| 4L |])

                // The precision is the law's.
                let narrow = x.to_type torch.ScalarType.Float32
                Expect.equal (law.LogProb narrow).dtype torch.ScalarType.Float64 "float32 points of a float64 law"

                Expect.throwsC (fun () -> law.LogProb(x.gt (0.0.ToScalar())) |> ignore) (fun error ->
                    Expect.stringContains error.Message "x is a tensor of Bool" "booleans are refused by name")

                if law.EventShape.Length > 0 then
                    let sizes = [
                        x.narrow (-1L, 0L, 1L)
                        torch.cat ([| x; x |], -1L)
                        torch.ones ([||], dtype = f64.DType)
                    ]

                    for wrong in sizes |> List.filter (fun t -> t.shape <> x.shape) do
                        Expect.throwsC (fun () -> law.LogProb wrong |> ignore) (fun error ->
                            Expect.isTrue (error :? ArgumentException) $"an event of shape %A{wrong.shape}"
                            Expect.stringContains error.Message "x is of shape" "names the argument and its shape")
    ]

/// Divergences whose draws round to an end, by their closed forms and by 50-digit quadrature.
let private divergences place : (string * Distribution * Distribution * float) list =
    let number = at place

    [
        "Beta", Beta(number 0.1, number 0.1), Beta(number 1.0, number 1.0), 6.26112559784
        "Gamma", Gamma(number 1e-3, number 1.0), Gamma(number 2e-3, number 1.0), 0.306853640307
        "Weibull", Weibull(number 1.0, number 0.01), Weibull(number 1.0, number 0.02), 0.884068
        "Wishart",
        Wishart(number 2.1, torch.eye (3L, dtype = place.DType)),
        Wishart(number 4.0, torch.eye (3L, dtype = place.DType)),
        18.0522
        "log of Gamma",
        Transformed.univariate (Transform.inverse Transform.exp) (Gamma(number 1e-3, number 1.0)),
        Transformed.univariate (Transform.inverse Transform.exp) (Gamma(number 2e-3, number 1.0)),
        0.306853640307
    ]

let private estimates =
    testList "estimates" [
        for place in places do
            for name, q, p, expected in divergences place do
                testCase $"KL by draws that round to an end, %s{name}, %A{place.DType}"
                <| fun () ->
                    let estimate = Kl.estimate key 100_000 q p
                    let mean, error = Tensor.toFloat estimate.Mean, Tensor.toFloat estimate.StandardError
                    Expect.equal estimate.Doubts [| Doubt.Sound |] "it is to be believed"
                    // Fails falsely once in 2e-9 of each.
                    Expect.isLessThan
                        (abs (mean - expected))
                        (6.0 * error)
                        $"%g{mean} +- %g{error} against %g{expected}"

            for info in Laws.all do
                testCase $"KL of a law from itself, %s{info.Name}, %A{place.DType}"
                <| fun () ->
                    for cases in LawTests.cases (EveryLawTests.optionsOf info) info do
                        let law = info.Make(LawCases.tensors place cases)
                        let estimate = Kl.estimate key 100 law law
                        Expect.allEqual (Tensor.toArray estimate.Mean) 0.0 info.Name

        testCase "a mean without a standard error says so" (fun () ->
            let doubts (q: Distribution) (p: Distribution) = (Kl.estimate key 100_000 q p).Doubts
            // z^2 has a variance for more than 4 degrees of freedom.
            Expect.equal
                (doubts (StudentT(2.5, 0.0, 1.0)) (Normal(0.0, 1.0)))
                [| Doubt.NoVariance |]
                "2.5 degrees of freedom"

            Expect.equal
                (doubts (Cauchy(0.0, 1.0)) (Normal(0.0, 1.0)))
                [| Doubt.NoVariance |]
                "a divergence that is infinite"

            Expect.equal
                (doubts (StudentT(20.0, 0.0, 1.0)) (Normal(0.0, 1.0)))
                [| Doubt.Sound |]
                "20 degrees of freedom"

            Expect.equal (doubts (Normal(0.0, 1.0)) (Normal(3.0, 1.0))) [| Doubt.Sound |] "normal laws"
            Expect.equal (doubts (Exponential 1.0) (Exponential 2.0)) [| Doubt.Sound |] "exponential laws"

            Expect.equal
                (doubts (StudentT(3.0, 0.0, 1.0)) (Logistic(0.0, 1.0)))
                [| Doubt.Sound |]
                "a tail with a variance"

            Expect.equal
                (doubts (LogNormal(0.0, 2.0)) (Exponential 1.0))
                [| Doubt.Sound |]
                "values that crowd at a bound")
    ]

let private ends =
    testCase "log-densities at the ends of transformed laws are their limits" (fun () ->
        for place, tolerance in [ Placement.float64, 1e-11; Placement.float32, 1e-5 ] do
            let number = at place

            for law, expected in
                [
                    Exponential(number 1.0) :> Univariate, -infinity
                    HalfNormal(number 1.0), -infinity
                    Pareto(number 1.0, number 2.0), -infinity
                    Pareto(number 2.0, number 1.0), log 2.0
                    Pareto(number 1.0, number 0.5), infinity
                    HalfCauchy(number 1.0), log (2.0 / Math.PI)
                ] do
                let inverse = Transformed.univariate (Transform.power (number -1.0)) law
                let found = Tensor.toFloat (inverse.LogProb(number 0.0))

                Expect.isTrue
                    (found = expected || abs (found - expected) < tolerance)
                    $"1 / %s{law.Name} at 0: %g{found}, not %g{expected}")

let private transformed =
    testCase "moments and entropies of transformed laws, by 50-digit quadrature" (fun () ->
        for place, tolerance in [ Placement.float64, 1e-9; Placement.float32, 1e-6 ] do
            let number = at place
            let normal scale = Normal(number 0.0, number scale)

            let agrees (expected: float) (actual: Tensor) name =
                let found = Tensor.toFloat actual

                Expect.isLessThan
                    (abs (found - expected))
                    (tolerance * (1.0 + abs expected))
                    $"%s{name}: %g{found}, not %g{expected}"

            for scale, entropy in [ 1.0, 0.66980411822; 2.0, -0.00123341870; 8.0, -7.96314321191 ] do
                agrees
                    entropy
                    (Transformed.univariate Transform.tanh (normal scale)).Entropy.Value
                    $"entropy of tanh of N(0, %g{scale})"

            let exp = Transformed.univariate Transform.exp (normal 0.1)
            agrees 1.00501252086 exp.Mean "mean of exp"
            agrees 0.0101511729 exp.Variance "variance of exp"
            agrees -0.88364655979 exp.Entropy.Value "entropy of exp"
            let log = Transformed.univariate (Transform.inverse Transform.exp) (Gamma(number 0.01, number 1.0))
            agrees -100.56088545787 log.Mean "mean of log"
            agrees 10001.6212135 log.Variance "variance of log"
            agrees 5.61508873262 log.Entropy.Value "entropy of log")

/// Laws by another name, in which the transform takes the base law's ends to infinity.
let private renamed =
    testCase "transforms whose ends are infinite, of laws that have those ends" (fun () ->
        for place, tolerance in [ Placement.float64, 1e-11; Placement.float32, 1e-5 ] do
            let number = at place

            let logit =
                Transformed.univariate (Transform.inverse Transform.sigmoid) (Uniform(number 0.0, number 1.0))

            let power = Transformed.univariate (Transform.power (number -1.0)) (Gamma(number 3.0, number 1.0))
            let exp = Transformed.univariate Transform.exp (Exponential(number 3.0))

            let pairs: (Univariate * Univariate) list = [
                logit, Logistic(number 0.0, number 1.0)
                power, InverseGamma(number 3.0, number 1.0)
                exp, Pareto(number 1.0, number 3.0)
            ]

            for made, named in pairs do
                for quantity, a, b in
                    [
                        "mean", made.Mean, named.Mean
                        "variance", made.Variance, named.Variance
                        "entropy", made.Entropy.Value, named.Entropy.Value
                    ] do
                    let found, expected = Tensor.toFloat a, Tensor.toFloat b

                    Expect.isLessThan
                        (abs (found - expected))
                        (tolerance * (1.0 + abs expected))
                        $"%s{quantity} of %s{made.Name}: %g{found}, not %g{expected}")

let tests () = testList "Edges" [ ownDraws; infinities; points; estimates; ends; transformed; renamed ] |> scoped
