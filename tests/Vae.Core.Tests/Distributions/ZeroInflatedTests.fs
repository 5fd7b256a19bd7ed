/// Counts with zeros of another cause, against the definition in its parts.
module Vae.Core.Tests.ZeroInflatedTests

open System
open Expecto
open TorchSharp
open Vae.Core
open Vae.Testing

let private key = Key.ofSeed 47
let private scalar (x: float) = Tensor.scalar f64 x
let private inflated probs (law: Distribution) = ZeroInflated.ofProbs (scalar probs) law

/// Laws of every family of counts, with a count beyond which nothing is left to rounding.
let private bases: (string * Univariate * int64) list = [
    "Poisson", Poisson 2.3, 100L
    "NegativeBinomial", NegativeBinomial.OfLogits(0.7, 0.8), 2000L
    "Binomial", Binomial.OfProbs(7.0, 0.4), 7L
    "Geometric", Geometric.OfProbs 0.3, 300L
    "BetaBinomial", BetaBinomial(9.0, 0.5, 2.0), 9L
    "Bernoulli", Bernoulli.OfProbs 0.8, 1L
    "DiscretizedLogistic", DiscretizedLogistic(3.0, 1.5, 16.0), 15L
    "all at its end, and none at 0", Binomial.OfProbs(3.0, 1.0), 3L
    "all at 0", Poisson 1e-300, 3L
]

let private counts last = Tensor.range f64 (last + 1L)
let private masses (law: Distribution) last = Tensor.toArray ((law.LogProb(counts last)).exp())

let private definition =
    testList "every family of counts" [
        for name, law, last in bases do
            for probs in [ 0.0; 1e-12; 0.3; 0.97 ] do
                testCase $"%s{name} with zeros of probability %g{probs}"
                <| fun () ->
                    let zeroInflated = inflated probs law
                    let plain = masses law last

                    let expected =
                        plain |> Array.mapi (fun k mass -> (1.0 - probs) * mass + (if k = 0 then probs else 0.0))

                    let found = masses zeroInflated last
                    Array.iter2 (fun a b -> isClose 1e-13 a b "masses") expected found
                    isClose 1e-12 1.0 (Array.sum found) "the sum of the masses"
                    let mean = expected |> Array.mapi (fun k mass -> float k * mass) |> Array.sum
                    isClose 1e-11 mean (number zeroInflated.Mean) "mean"

                    let variance = expected |> Array.mapi (fun k mass -> (float k - mean) ** 2.0 * mass) |> Array.sum

                    isClose 1e-10 variance (number zeroInflated.Variance) "variance"
                    let nats mass = if mass = 0.0 then 0.0 else -mass * log mass
                    isClose 1e-10 (expected |> Array.sumBy nats) (number zeroInflated.Entropy.Value) "entropy"
                    Expect.equal zeroInflated.Mode.IsSome law.Mode.IsSome "a mode where the law's is known"

                    zeroInflated.Mode
                    |> Option.iter (fun mode -> isClose 1e-12 (Array.max expected) expected[int (number mode)] "mode")

                    // Both tails, and the quantiles of what lies within them.
                    let below = expected |> Array.scan (+) 0.0 |> Array.tail
                    let cdf = Tensor.toArray (zeroInflated.Cdf(counts last))
                    Array.iter2 (fun a b -> isClose 1e-12 a b "cdf") below cdf
                    let above = Tensor.toArray (zeroInflated.Survival(counts last))
                    Array.iter2 (fun a b -> isClose 1e-12 (1.0 - a) b "survival") below above

                    for p in [ 1e-9; 0.05; 0.31; 0.5; 0.79; 0.9999 ] do
                        let least = below |> Array.findIndex (fun b -> b >= p * (1.0 + 1e-12)) |> float
                        Expect.equal (number (zeroInflated.Quantile(scalar p))) least $"quantile of %g{p}"
                        let least = below |> Array.findIndex (fun b -> 1.0 - b <= p * (1.0 - 1e-12)) |> float
                        Expect.equal (number (zeroInflated.UpperQuantile(scalar p))) least $"upper quantile of %g{p}"
    ]

let tests =
    scoped
    <| testList "ZeroInflated" [
        definition

        testCase "a zero-inflated Poisson law has the closed forms of its textbook"
        <| fun () ->
            let rate, probs = 2.0, 0.3
            let law = inflated probs (Poisson rate)
            let mass k = number ((law.LogProb(scalar k)).exp())
            isClose 1e-15 (0.3 + 0.7 * exp -2.0) (mass 0.0) "p(0)"
            isClose 1e-15 (0.7 * exp -2.0 * 2.0 ** 3.0 / 6.0) (mass 3.0) "p(3)"
            isClose 1e-15 (0.7 * rate) (number law.Mean) "mean"
            isClose 1e-15 (0.7 * rate * (1.0 + 0.3 * rate)) (number law.Variance) "variance"

        testCase "draws are of the law"
        <| fun () ->
            // The suite's rate of false failure; an error of 2% of the probability is found with 99% power.
            let n = int64 (drawsToDetectDistance 0.02)

            for name, law, last in bases do
                let law = inflated 0.4 law
                let below = masses law last |> Array.scan (+) 0.0 |> Array.tail
                let cdf x = below[min (int last) (int x)]
                follows cdf (law.Sample(key, [| n |]) |> Tensor.toArray) name

        testCase "gradients are those of central differences, and finite at the ends"
        <| fun () ->
            let logMass x (at: Tensor) =
                (ZeroInflated.ofLogits at[0] (NegativeBinomial.ofLogits (at[1].exp()) at[2])).LogProb(scalar x)

            let at = vector [ -0.7; 0.4; 0.2 ]

            for x in [ 0.0; 1.0; 6.0 ] do
                let gradient = Tensor.toArray (Diff.grad (logMass x) at)

                for i in 0..2 do
                    let moved h =
                        let values = Tensor.toArray at
                        values[i] <- values[i] + h
                        number (logMass x (vector (Array.toList values)))

                    isClose 1e-7 ((moved 1e-6 - moved -1e-6) / 2e-6) gradient[i] $"at %g{x}, of parameter %d{i}"

            for logits in [ -infinity; -800.0; 800.0 ] do
                for rate in [ 1e-30; 1.0; 1e6 ] do
                    for x in [ 0.0; 5.0 ] do
                        let of' (at: Tensor) = (ZeroInflated.ofLogits at[0] (Poisson(at[1]))).LogProb(scalar x)
                        let gradient = Tensor.toArray (Diff.grad of' (vector [ logits; rate ]))
                        Expect.all gradient Double.IsFinite $"logit %g{logits}, rate %g{rate}, at %g{x}"

        testCase "without zeros of another cause it is the law, and outside of the counts it has nothing"
        <| fun () ->
            let law = Poisson(vector [ 0.5; 40.0 ])
            let same = ZeroInflated.ofLogits (scalar -infinity) law
            let x = vector [ 0.0; 37.0 ]

            Array.iter2
                (fun a b -> isClose 1e-15 a b "masses")
                (Tensor.toArray (law.LogProb x))
                (Tensor.toArray (same.LogProb x))

            let outside = Tensor.toArray (same.LogProb(vector [ 0.5; -1.0 ]))
            Expect.equal outside [| -infinity; -infinity |] "outside"
            Expect.isTrue (Double.IsNaN(number ((inflated 0.2 (Poisson 1.0)).LogProb(scalar nan)))) "NaN"

        testCase "laws and zeros broadcast, in both precisions"
        <| fun () ->
            for place in [ f64; Placement.float32 ] do
                let rates = Tensor.ofArray place [| 3L |] [| 0.5; 1.0; 9.0 |]
                let logits = Tensor.ofArray place [| 2L; 1L |] [| -1.0; 2.0 |]
                let law = ZeroInflated.ofLogits logits (Poisson rates)
                Expect.equal law.BatchShape [| 2L; 3L |] "batch"
                Expect.equal (law.Sample(key, [| 4L |])).shape [| 4L; 2L; 3L |] "draws"
                Expect.equal law.Mean.shape [| 2L; 3L |] "mean"
                Expect.equal law.Entropy.Value.shape [| 2L; 3L |] "entropy"
                Expect.equal law.Mode.Value.shape [| 2L; 3L |] "mode"
                Expect.equal (law.LogProb(torch.zeros (1L, dtype = place.DType))).shape [| 2L; 3L |] "log-masses"

        testCase "laws with a density, and what is no probability, are refused by name"
        <| fun () ->
            for law in [ Normal(0.0, 1.0) :> Distribution; Exponential 1.0; Uniform(0.0, 1.0); Delta 0.0 ] do
                refused [ "law"; law.Name; "counts" ] (fun () -> inflated 0.2 law)

            let pair = Multinomial.OfLogits(scalar 3.0, vector [ 0.0; 1.0 ])
            refused [ "law"; "Multinomial"; "counts" ] (fun () -> inflated 0.2 pair)
            refused [ "probs"; "1"; "Delta" ] (fun () -> inflated 1.0 (Poisson 1.0))
            refused [ "logits"; "NaN" ] (fun () -> ZeroInflated.ofLogits (scalar nan) (Poisson 1.0))
            let narrow = Tensor.scalar Placement.float32 0.2
            refused [ "law"; "Float64" ] (fun () -> ZeroInflated.ofLogits narrow (Poisson 1.0))

        testCase "it is read from text"
        <| fun () ->
            let x = counts 5L
            let expected = Tensor.toArray ((inflated 0.3 (Poisson 2.0)).LogProb x)

            for text in [ "ZeroInflated(0.3, Poisson(2))"; "ZeroInflated(Poisson(2), probs=0.3)" ] do
                let law, said = LawText.read text
                Expect.equal said "ZeroInflated(Poisson(rate=2), probs=0.3)" text
                Expect.equal (Tensor.toArray (law.LogProb x)) expected text

            Expect.equal
                (string (LawText.parse "ZeroInflated(Geometric(0.5), logits=-1)").Name)
                "ZeroInflated(Geometric)"
                "logits"

            Expect.throwsT<FormatException> (fun () -> LawText.parse "ZeroInflated(Poisson(2))" |> ignore) "no zeros"
            refused [ "Normal"; "counts" ] (fun () -> LawText.parse "ZeroInflated(0.3, Normal(0, 1))")
    ]
