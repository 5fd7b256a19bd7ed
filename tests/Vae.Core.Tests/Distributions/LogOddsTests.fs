/// Laws by probabilities and by logits, and outcomes that are impossible or certain, in both precisions.
module Vae.Core.Tests.LogOddsTests

open System
open Expecto
open TorchSharp
open Vae.Core
open Vae.Testing

let private places = [ "float64", Placement.float64, 1e-12; "float32", Placement.float32, 2e-5 ]

let private on (place: Placement) (values: float list) =
    Tensor.ofArray place [| int64 values.Length |] (List.toArray values)

let private at place (x: float) = Tensor.scalar place x
let private values (t: Tensor) = Tensor.toArray t

/// Laws with impossible or certain outcomes among their own kind without, and some to compare with, all on counts.
let private onCounts place : (string * Univariate) list =
    let at, vector = at place, on place

    [
        for p in [ 0.0; 0.3; 1.0 ] do
            $"Bernoulli %g{p}", Bernoulli.ofProbs (at p)

        for p in [ 0.0; 0.3; 1.0 ] do
            $"Binomial 3 %g{p}", Binomial.ofProbs (at 3.0) (at p)

        "Binomial 5 0", Binomial.ofProbs (at 5.0) (at 0.0)
        "Binomial 5 0.6", Binomial.ofProbs (at 5.0) (at 0.6)
        "Binomial 0 1", Binomial.ofProbs (at 0.0) (at 1.0)

        for p in [ 0.3; 1.0 ] do
            $"Geometric %g{p}", Geometric.ofProbs (at p)

        for p in [ 0.0; 0.4 ] do
            $"NegativeBinomial 2.5 %g{p}", NegativeBinomial.ofProbs (at 2.5) (at p)

        "NegativeBinomial 4 0.4", NegativeBinomial.ofProbs (at 4.0) (at 0.4)

        for p in
            [
                [ 0.0; 0.25; 0.0; 0.75; 0.0 ]
                [ 0.25; 0.0; 0.75; 0.0 ]
                [ 0.4; 0.6; 0.0 ]
                [ 0.4; 0.6 ]
                [ 0.0; 1.0 ]
                [ 1.0; 0.0; 0.0; 0.0 ]
                [ 0.1; 0.2; 0.3; 0.4 ]
            ] do
            $"Categorical %A{p}", Categorical.ofProbs (vector p)

        let largest = if place.DType = torch.ScalarType.Float64 then 1.7e308 else 3e38
        "Categorical of finite logits out of range", Categorical.ofLogits (vector [ largest; -largest ])
        "BetaBinomial", BetaBinomial(at 3.0, at 0.7, at 2.0)
        "Poisson", Poisson(at 1.2)
    ]

/// Counts beyond which the laws above have no probability to rounding.
let private counts place = torch.arange (0L, 200L, dtype = place.DType, device = place.Device)

let private masses (law: Univariate) = (law.LogProb(counts law.Placement)).exp() |> values

/// sum f(q, p) over the counts.
let private over (f: float -> float -> float) (q: Univariate) (p: Univariate) =
    Array.map2 f (masses q) (masses p) |> Array.sum

let private klOf q p =
    if q = 0.0 then 0.0
    elif p = 0.0 then infinity
    else q * log (q / p)

let private vectors place : (string * Distribution) list =
    let at, vector = at place, on place

    [
        for p in [ [ 0.25; 0.0; 0.75 ]; [ 0.5; 0.5; 0.0 ]; [ 0.0; 0.0; 1.0 ]; [ 0.2; 0.3; 0.5 ] ] do
            $"OneHotCategorical %A{p}", OneHotCategorical.ofProbs (vector p)

            for n in [ 0.0; 1.0; 3.0 ] do
                $"Multinomial %g{n} %A{p}", Multinomial.ofProbs (at n) (vector p)
    ]

/// Every vector of three counts up to 3.
let private triples place =
    let all = [
        for a in 0..3 do
            for b in 0..3 do
                for c in 0..3 -> [ float a; float b; float c ]
    ]

    Tensor.ofArray place [| int64 all.Length; 3L |] (all |> List.concat |> List.toArray)

let private vectorMasses (law: Distribution) = (law.LogProb(triples law.Placement)).exp() |> values

/// A gradient whose numbers are finite, and 0 where the logit is not.
let private gradientIsFinite (logits: Tensor) what (f: Tensor -> Tensor) =
    use _ = torch.NewDisposeScope()
    let x = logits.detach().clone().requires_grad_ true
    let y = f x

    if y.requires_grad then
        y.sum().backward()

        match x.grad with
        | null -> ()
        | gradient ->
            Array.iter2
                (fun (logit: float) (g: float) ->
                    Expect.isTrue (Double.IsFinite g) $"%s{what}: the gradient at logit %g{logit} is %g{g}"

                    if Double.IsInfinity logit then
                        Expect.equal g 0.0 $"%s{what}: the gradient at logit %g{logit}")
                (values logits)
                (values gradient)

let private readings =
    testList "by probabilities" [
        for name, place, tolerance in places do
            let at, vector = at place, on place

            testCase $"KL of probabilities that were read as logits, %s{name}"
            <| fun () ->
                let nats = number (Kl.exact (Bernoulli.ofProbs (at 0.3)) (Bernoulli.ofProbs (at 0.6)))
                isClose tolerance 0.1837868973868122 nats "KL"

            testCase $"a law by probabilities is the law by their logits, %s{name}"
            <| fun () ->
                let p = vector [ 0.2; 0.5; 0.9 ]
                let logits = p.log () - p.neg().log1p()
                let n = at 4.0

                let pairs: (Distribution * Distribution) list = [
                    Bernoulli.ofProbs p, Bernoulli.ofLogits logits
                    ContinuousBernoulli.ofProbs p, ContinuousBernoulli.ofLogits logits
                    Geometric.ofProbs p, Geometric.ofLogits logits
                    Binomial.ofProbs n p, Binomial.ofLogits n logits
                    NegativeBinomial.ofProbs n p, NegativeBinomial.ofLogits n logits
                    RelaxedBernoulli.ofProbs n p, RelaxedBernoulli.ofLogits n logits
                    Categorical.ofProbs p, Categorical.ofLogits (p.log ())
                    OneHotCategorical.ofProbs p, OneHotCategorical.ofLogits (p.log ())
                    Multinomial.ofProbs n p, Multinomial.ofLogits n (p.log ())
                    RelaxedOneHotCategorical.ofProbs n p, RelaxedOneHotCategorical.ofLogits n (p.log ())
                ]

                for a, b in pairs do
                    let x = b.Sample(Key.ofSeed 3, [| 5L |])
                    Expect.equal a.Placement.DType place.DType $"precision of %O{a}"
                    Array.iter2 (fun e a -> isClose tolerance e a b.Name) (values (b.LogProb x)) (values (a.LogProb x))

            testCase $"probabilities of categories are divided by their sum, %s{name}"
            <| fun () ->
                let found = (Categorical.ofProbs (vector [ 1.0; 0.0; 3.0 ])).LogProbs |> values
                Array.iter2 (fun e a -> isClose tolerance e a "log p") [| log 0.25; -infinity; log 0.75 |] found

            testCase $"what is no probability is refused by name and value, %s{name}"
            <| fun () ->
                let one: (string * (Tensor -> Distribution)) list = [
                    "Bernoulli", (fun p -> Bernoulli.ofProbs p)
                    "ContinuousBernoulli", (fun p -> ContinuousBernoulli.ofProbs p)
                    "Geometric", (fun p -> Geometric.ofProbs p)
                    "Binomial", (fun p -> Binomial.ofProbs (at 3.0) p)
                    "NegativeBinomial", (fun p -> NegativeBinomial.ofProbs (at 3.0) p)
                    "RelaxedBernoulli", (fun p -> RelaxedBernoulli.ofProbs (at 3.0) p)
                ]

                for _, make in one do
                    for bad, word in [ -0.25, "-0.25"; 1.25, "1.25"; nan, "NaN" ] do
                        refused [ "probs"; word; "expected" ] (fun () -> make (vector [ 0.5; bad ]))

                refused [ "probs"; "0"; "Bernoulli" ] (fun () -> ContinuousBernoulli.ofProbs (at 0.0))
                refused [ "probs"; "1"; "Bernoulli" ] (fun () -> RelaxedBernoulli.ofProbs (at 1.0) (at 1.0))
                refused [ "probs"; "0"; "above 0" ] (fun () -> Geometric.ofProbs (at 0.0))
                refused [ "probs"; "1"; "below 1" ] (fun () -> NegativeBinomial.ofProbs (at 1.0) (at 1.0))

                let many: (Tensor -> Distribution) list = [
                    fun p -> Categorical.ofProbs p
                    fun p -> OneHotCategorical.ofProbs p
                    fun p -> Multinomial.ofProbs (at 3.0) p
                    fun p -> RelaxedOneHotCategorical.ofProbs (at 3.0) p
                ]

                for make in many do
                    refused [ "probs"; "-0.25"; "expected" ] (fun () -> make (vector [ 0.5; -0.25 ]))
                    refused [ "probs"; "NaN"; "expected" ] (fun () -> make (vector [ 0.5; nan ]))
                    refused [ "probs"; "Infinity" ] (fun () -> make (vector [ 0.5; infinity ]))
                    refused [ "probs"; "0" ] (fun () -> make (vector [ 0.0; 0.0 ]))
                    refused [ "probs"; "[batch..., categories]" ] (fun () -> make (at 0.5))

                refused [ "probs"; "0"; "OneHotCategorical" ] (fun () ->
                    RelaxedOneHotCategorical.ofProbs (at 1.0) (vector [ 0.0; 1.0 ]))

        testCase "one number, in float64"
        <| fun () ->
            Expect.equal (number (Bernoulli.OfProbs 0.0).Mean, number (Bernoulli.OfProbs 1.0).Mean) (0.0, 1.0) "certain"
            isClose 1e-15 0.3 (number (Bernoulli.OfProbs 0.3).Mean) "Bernoulli"
            isClose 1e-14 1.2 (number (Binomial.OfProbs(4.0, 0.3)).Mean) "Binomial"
            refused [ "probs"; "1.5"; "a probability from 0 to 1" ] (fun () -> Bernoulli.OfProbs 1.5)
            refused [ "probs"; "NaN" ] (fun () -> Geometric.OfProbs nan)

        testCase "logits that are no logits are refused"
        <| fun () ->
            refused [ "logits"; "NaN" ] (fun () -> Bernoulli.OfLogits nan)
            refused [ "logits"; "-Infinity"; "success" ] (fun () -> Geometric.OfLogits -infinity)
            refused [ "logits"; "Infinity"; "failure" ] (fun () -> NegativeBinomial.OfLogits(1.0, infinity))
            refused [ "logits"; "Infinity" ] (fun () -> Categorical.ofLogits (vector [ 0.0; infinity ]))
            refused [ "logits"; "NaN" ] (fun () -> Categorical.ofLogits (vector [ 0.0; nan ]))
            refused [ "logits"; "Infinity"; "Bernoulli" ] (fun () -> ContinuousBernoulli.OfLogits infinity)
            refused [ "logits"; "Infinity"; "Bernoulli" ] (fun () -> RelaxedBernoulli.OfLogits(1.0, -infinity))

            refused [ "logits"; "Infinity"; "OneHotCategorical" ] (fun () ->
                RelaxedOneHotCategorical.ofLogits (at f64 1.0) (vector [ 0.0; -infinity ]))

            refused [ "logits"; "-Infinity"; "possible" ] (fun () ->
                Categorical.ofLogits (matrix [ [ 0.0; -infinity ]; [ -infinity; -infinity ] ]))
    ]

let private impossible =
    testList "impossible values" [
        for name, place, tolerance in places do
            testCase $"entropy, moments, tails, quantiles and draws are those of the masses, %s{name}"
            <| fun () ->
                for who, law in onCounts place do
                    let mass = masses law
                    let k = Array.init mass.Length float
                    let sum f = Array.map2 f k mass |> Array.sum
                    Expect.all (values (law.LogProb(counts place))) (Double.IsNaN >> not) $"%s{who}: log-masses"
                    isClose (10.0 * tolerance) 1.0 (Array.sum mass) $"%s{who}: total"
                    let mean = sum (*)
                    isClose (10.0 * tolerance) mean (number law.Mean) $"%s{who}: mean"

                    isClose
                        (100.0 * tolerance)
                        (sum (fun k p -> p * (k - mean) ** 2.0))
                        (number law.Variance)
                        $"%s{who}: variance"

                    law.Entropy
                    |> Option.iter (fun entropy ->
                        let expected = sum (fun _ p -> if p = 0.0 then 0.0 else -p * log p)
                        isClose (100.0 * tolerance) expected (number entropy) $"%s{who}: entropy")

                    law.Mode
                    |> Option.iter (fun mode -> Expect.isGreaterThan mass[int (number mode)] 0.0 $"%s{who}: mode")

                    let lower = Array.scan (+) 0.0 mass |> Array.tail
                    let cdf, survival = values (law.Cdf(counts place)), values (law.Survival(counts place))

                    for i in 0..8 do
                        isClose (10.0 * tolerance) lower[i] cdf[i] $"%s{who}: cdf at %d{i}"
                        isClose (10.0 * tolerance) (1.0 - lower[i]) survival[i] $"%s{who}: survival at %d{i}"

                    for p in [ 0.0; 1e-6; 0.2; 0.5; 0.9; 1.0 - 1e-6; 1.0 ] do
                        for quantile in [ law.Quantile; law.UpperQuantile ] do
                            let x = number (quantile (at place p))

                            if Double.IsFinite x then
                                Expect.isGreaterThan mass[int x] 0.0 $"%s{who}: the quantile %g{x} of %g{p}"

                    let draws = law.Sample(Key.ofSeed 4, [| 10_000L |])
                    Expect.all (values (law.LogProb draws)) Double.IsFinite $"%s{who}: draws"

            testCase $"vectors of counts likewise, %s{name}"
            <| fun () ->
                for who, law in vectors place do
                    let mass = vectorMasses law
                    let points = triples place
                    let weights = Tensor.ofArray place [| int64 mass.Length; 1L |] mass
                    isClose (10.0 * tolerance) 1.0 (Array.sum mass) $"%s{who}: total"
                    let mean = (weights * points).sum [| 0L |]
                    let variance = (weights * (points - mean) * (points - mean)).sum [| 0L |]

                    let same what e a =
                        Array.iter2 (fun e a -> isClose (100.0 * tolerance) e a what) (values e) (values a)

                    same $"%s{who}: mean" mean law.Mean
                    same $"%s{who}: variance" variance law.Variance
                    let entropy = mass |> Array.sumBy (fun p -> if p = 0.0 then 0.0 else -p * log p)
                    isClose (100.0 * tolerance) entropy (number law.Entropy.Value) $"%s{who}: entropy"
                    let draws = law.Sample(Key.ofSeed 4, [| 3_000L |])
                    Expect.all (values (law.LogProb draws)) Double.IsFinite $"%s{who}: draws"

            testCase $"every KL that is known is the sum with 0 log 0 = 0, %s{name}"
            <| fun () ->
                let laws = onCounts place
                let known = ResizeArray()

                for first, q in laws do
                    for second, p in laws do
                        let expected = over klOf q p

                        match Kl.tryExact q p with
                        | Some nats ->
                            known.Add(first, second)
                            isClose (100.0 * tolerance) expected (number nats) $"%s{first} || %s{second}"
                        | None ->
                            if (masses q) |> Array.exists ((=) 1.0) then
                                failtest $"no KL of %s{first}, which is certain, || %s{second}"

                // Of 484 pairs.
                Expect.isGreaterThan known.Count 300 "pairs"

                for first, q in vectors place do
                    for second, p in vectors place do
                        match Kl.tryExact q p with
                        | Some nats ->
                            let expected = Array.map2 klOf (vectorMasses q) (vectorMasses p) |> Array.sum
                            isClose (100.0 * tolerance) expected (number nats) $"%s{first} || %s{second}"
                        | None -> failtest $"no KL of %s{first} || %s{second}"

            testCase $"other discrepancies that are known are their sums, %s{name}"
            <| fun () ->
                let power a q p =
                    if q = 0.0 then 0.0
                    elif p = 0.0 then (if a > 1.0 then infinity else 0.0)
                    else exp (a * log q + (1.0 - a) * log p)

                let shannon q p =
                    let m = (q + p) / 2.0
                    0.5 * (klOf q m + klOf p m)

                let measures: (Discrepancy * (Univariate -> Univariate -> float)) list = [
                    JensenShannon.discrepancy, over shannon
                    TotalVariation.distance, over (fun q p -> abs (q - p) / 2.0)
                    Hellinger.squared, (fun q p -> 1.0 - over (power 0.5) q p)
                    ChiSquared.discrepancy, (fun q p -> over (power 2.0) q p - 1.0)
                    Renyi.order 0.5, (fun q p -> -2.0 * log (over (power 0.5) q p))
                    Renyi.order 3.0, (fun q p -> 0.5 * log (over (power 3.0) q p))
                    ReverseKl.discrepancy, (fun q p -> over klOf p q)
                    Jeffreys.discrepancy, (fun q p -> over klOf q p + over klOf p q)
                ]

                for measure, expected in measures do
                    let mutable known = 0

                    for first, q in onCounts place do
                        for second, p in onCounts place do
                            match Discrepancy.tryExact measure q p with
                            | Some value ->
                                known <- known + 1

                                isClose
                                    (1000.0 * tolerance)
                                    (expected q p)
                                    (number value)
                                    $"%s{measure.Name} of %s{first} and %s{second}"
                            | None -> ()

                    Expect.isGreaterThan known 9 measure.Name

            testCase $"gradients by finite logits are finite, and 0 by those of what cannot be, %s{name}"
            <| fun () ->
                let vector, at = on place, at place
                let n = at 3.0

                let ofCounts: (string * Tensor * (Tensor -> Distribution)) list = [
                    "Categorical", vector [ 0.3; -infinity; 1.2 ], (fun l -> Categorical.ofLogits l)
                    "Categorical, the ends", vector [ -infinity; 0.3; -infinity ], (fun l -> Categorical.ofLogits l)
                    "Bernoulli", vector [ 0.3; -infinity; infinity ], (fun l -> Bernoulli.ofLogits l)
                    "Binomial", vector [ 0.3; -infinity; infinity ], (fun l -> Binomial.ofLogits n l)
                    "Geometric", vector [ 0.3; infinity ], (fun l -> Geometric.ofLogits l)
                    "NegativeBinomial", vector [ 0.3; -infinity ], (fun l -> NegativeBinomial.ofLogits n l)
                ]

                let ofVectors: (string * Tensor * (Tensor -> Distribution)) list = [
                    "OneHotCategorical", vector [ 0.3; -infinity; 1.2 ], (fun l -> OneHotCategorical.ofLogits l)
                    "Multinomial", vector [ 0.3; -infinity; 1.2 ], (fun l -> Multinomial.ofLogits n l)
                ]

                let points: (string * Tensor) list = [ for k in 0.0 .. 3.0 -> $"log-density at %g{k}", at k ]

                let events: (string * Tensor) list = [
                    for x in [ [ 1.0; 0.0; 0.0 ]; [ 0.0; 1.0; 0.0 ]; [ 2.0; 0.0; 1.0 ]; [ 1.0; 1.0; 1.0 ] ] ->
                        $"log-density at %A{x}", vector x
                ]

                let check (laws: (string * Tensor * (Tensor -> Distribution)) list) (points: (string * Tensor) list) =
                    for name, logits, law in laws do
                        let finite = gradientIsFinite logits

                        for what, x in points do
                            finite $"%s{name}: %s{what}" (fun l -> (law l).LogProb x)

                        finite $"%s{name}: mean" (fun l -> (law l).Mean)
                        finite $"%s{name}: variance" (fun l -> (law l).Variance)
                        finite $"%s{name}: entropy" (fun l -> (law l).Entropy.Value)

                        let bounded = logits.masked_fill (logits.isinf (), 0.5.AsScalar())

                        for other in [ logits; bounded; bounded.roll 1L ] do
                            for measure in
                                [
                                    Kl.discrepancy
                                    ReverseKl.discrepancy
                                    JensenShannon.discrepancy
                                    TotalVariation.distance
                                    ChiSquared.discrepancy
                                    Hellinger.squared
                                ] do
                                finite $"%s{name}: %s{measure.Name}" (fun l ->
                                    match measure.TryExact (law l) (law other) with
                                    | Some value -> value
                                    | None -> at 0.0)

                check ofCounts points
                check ofVectors events

        testCase "finite logits out of the range of float32"
        <| fun () ->
            let law = Categorical.ofLogits (on Placement.float32 [ 3e38; -3e38 ])
            let even = Categorical.ofLogits (on Placement.float32 [ 0.0; 0.0 ])
            Expect.equal (number law.Entropy.Value) 0.0 "entropy"
            isClose 1e-6 (log 2.0) (number (Kl.exact law even)) "KL"
            Expect.equal (number (Kl.exact even law)) infinity "KL the other way"
            let switch (logit: float) = Bernoulli.ofLogits (at Placement.float32 logit)
            Expect.equal (number (switch 3e38).Entropy.Value) 0.0 "entropy of Bernoulli"
            isClose 1e-6 (log 2.0) (number (Kl.exact (switch 3e38) (switch 0.0))) "KL of Bernoulli"

        testCase "the cross-entropy of grey levels with a certain law is infinite but where the law is right"
        <| fun () ->
            let law = Bernoulli.ofProbs (vector [ 0.0; 1.0; 0.0; 1.0; 0.3 ])
            let x = vector [ 0.0; 1.0; 0.5; 0.5; 0.5 ]
            let expected = [| 0.0; 0.0; infinity; infinity; -0.5 * (log 0.3 + log 0.7) |]
            Array.iter2 (fun e a -> isClose 1e-14 e a "nats") expected (values (law.CrossEntropy x))

        testCase "a batch of which some laws are certain is those laws"
        <| fun () ->
            let batch = Categorical.ofProbs (matrix [ [ 0.0; 0.25; 0.75 ]; [ 0.2; 0.3; 0.5 ]; [ 1.0; 0.0; 0.0 ] ])
            let other = Categorical.ofProbs (vector [ 0.0; 0.5; 0.5 ])
            let expected = [| log 0.75 * 0.75 + log 0.25 * 0.25 + log 2.0; infinity; infinity |]
            Array.iter2 (fun e a -> isClose 1e-14 e a "KL") expected (values (Kl.exact batch other))
            Expect.equal (values (batch.Quantile(at f64 0.0))) [| 1.0; 0.0; 0.0 |] "least"
            Expect.equal (values (batch.Quantile(at f64 1.0))) [| 2.0; 2.0; 0.0 |] "largest"
            let single = Binomial.ofProbs (at f64 3.0) (vector [ 0.0; 0.4; 1.0 ])
            Expect.equal (values(single.LogProb(at f64 3.0))[1..]) [| 3.0 * log 0.4; 0.0 |] "log-masses"
            let sum = Independent.create 1 (Bernoulli.ofProbs (vector [ 0.0; 1.0; 0.5 ]))
            isClose 1e-15 (log 0.5) (number (sum.LogProb(vector [ 0.0; 1.0; 1.0 ]))) "joint"
            Expect.equal (number (sum.LogProb(vector [ 1.0; 1.0; 1.0 ]))) -infinity "joint, impossible"
    ]

let tests = scoped <| testList "LogOdds" [ readings; impossible ]
