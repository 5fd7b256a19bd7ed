/// What every law has to keep: one law in its sampler, its density and its moments, for any shapes.
module Vae.Core.Tests.LawTests

open System
open Expecto
open TorchSharp
open Vae.Core
open Vae.Testing

let private key = Key.ofSeed 20

let private mixture =
    Mixture.create
        (Categorical.create (vector [ log 0.3; log 0.7 ]))
        (Normal(vector [ -2.0; 1.5 ], vector [ 0.5; 1.2 ]))

let private mixtureCdf x = 0.3 * normalCdf -2.0 0.5 x + 0.7 * normalCdf 1.5 1.2 x

let private probabilities = [ 0.1; 0.2; 0.3; 0.4 ]
let private categorical = Categorical.create (vector (probabilities |> List.map (fun p -> log p + 3.0)))

let private factor = matrix [ [ 1.2; 0.0 ]; [ -0.7; 0.4 ] ]
let private bivariate = MultivariateNormal(vector [ 0.3; -1.0 ], factor)

/// Laws on the line, with their distribution functions.
let private onTheLine: (string * Distribution * (float -> float)) list = [
    "Normal", Normal(0.7, 2.5), normalCdf 0.7 2.5
    "Bernoulli",
    Bernoulli 0.8,
    (fun x ->
        if x < 0.0 then 0.0
        elif x < 1.0 then 1.0 / (1.0 + exp 0.8)
        else 1.0)
    "Categorical", categorical, (fun x -> probabilities |> List.take (min 4 (max 0 (int (floor x) + 1))) |> List.sum)
    "Mixture", mixture, mixtureCdf
]

/// Laws with a batch of [3] or [2, 3], for shapes.
let private shaped: Distribution list =
    let loc = Key.normal f64 [| 2L; 3L |] key
    let scale = loc.exp ()

    [
        Normal(loc, scale)
        Bernoulli loc
        Categorical.create loc
        MultivariateNormal(loc, torch.diag_embed scale)
        Independent.create 1 (Normal(loc, scale))
        Independent.create 2 (Bernoulli loc)
        Mixture.create (Categorical.create loc) (Normal(loc, scale))
        Mixture.create (Categorical.create (vector [ 0.0; 1.0 ])) (Independent.create 1 (Normal(loc, scale)))
    ]

let tests =
    scoped
    <| testList "Laws" [
        for name, law, cdf in onTheLine do
            testCase $"%s{name}: the sampler follows the distribution function"
            <| fun () ->
                let n = drawsToDetectDistance 0.02
                follows cdf (law.Sample(key, [| int64 n |]) |> Tensor.toArray) name

            testCase $"%s{name}: the moments are those of the draws"
            <| fun () ->
                let mean, variance = number law.Mean, number law.Variance
                let draws = law.Sample(Key.fold 1 key, [| int64 (drawsToDetect 0.02) |]) |> Tensor.toArray
                meanIs mean draws "mean"
                meanIs variance (draws |> Array.map (fun x -> (x - mean) ** 2.0)) "variance"

        testCase "densities on the line integrate to 1, and are the slope of the distribution function"
        <| fun () ->
            for law, cdf in [ (Normal(0.7, 2.5) :> Distribution), normalCdf 0.7 2.5; mixture, mixtureCdf ] do
                isClose 1e-12 1.0 (integrate 0.5 1.0 60.0 (fun x -> (law.LogProb x).exp())) law.Name
                let slope = (cdf (0.4 + 1e-5) - cdf (0.4 - 1e-5)) / 2e-5
                isClose 1e-9 slope (exp (number (law.LogProb(Tensor.scalar f64 0.4)))) law.Name

        testCase "masses sum to 1"
        <| fun () ->
            for law, count in [ (Bernoulli 0.8 :> Distribution), 2; categorical, 4 ] do
                let values = vector [ for k in 0 .. count - 1 -> float k ]
                isClose 1e-14 1.0 (number ((law.LogProb values).exp().sum())) law.Name

        testCase "outside the support the log-density is -infinity"
        <| fun () ->
            let outside law x = number ((law: Distribution).LogProb(Tensor.scalar f64 x))
            Expect.equal (outside (Bernoulli 0.8) 0.5) Double.NegativeInfinity "Bernoulli at 0.5"
            Expect.equal (outside categorical 4.0) Double.NegativeInfinity "Categorical past its last"
            Expect.equal (outside categorical 1.5) Double.NegativeInfinity "Categorical between"
            Expect.equal (outside categorical -1.0) Double.NegativeInfinity "Categorical before its first"

        testCase "MultivariateNormal has the textbook's log-density"
        <| fun () ->
            // With S = [[1.44, -0.84], [-0.84, 0.65]]: log-density at (1, -2), from the inverse and determinant by hand.
            let determinant = 1.44 * 0.65 - 0.84 * 0.84
            let dx, dy = 0.7, -1.0
            let quadratic = (0.65 * dx * dx + 2.0 * 0.84 * dx * dy + 1.44 * dy * dy) / determinant
            let expected = -0.5 * quadratic - 0.5 * log determinant - log (2.0 * Math.PI)
            isClose 1e-13 expected (number (bivariate.LogProb(vector [ 1.0; -2.0 ]))) "log-density"

        testCase "MultivariateNormal's draws have its covariance, whichever way they are projected"
        <| fun () ->
            let n = drawsToDetectDistance 0.02
            let draws = bivariate.Sample(key, [| int64 n |])

            for a, b in [ 1.0, 0.0; 0.0, 1.0; 0.6, 0.8; 0.6, -0.8 ] do
                let direction = vector [ a; b ]
                let loc = 0.3 * a - 1.0 * b
                let scale = number (factor.t().matmul(direction).square().sum().sqrt())
                follows (normalCdf loc scale) (draws.matmul direction |> Tensor.toArray) $"along (%g{a}, %g{b})"

        testCase "Independent normals are the multivariate normal of their diagonal"
        <| fun () ->
            let loc, scale = vector [ 0.2; -1.0; 3.0 ], vector [ 0.5; 2.0; 0.1 ]
            let product = Independent.create 1 (Normal(loc, scale))
            let full = MultivariateNormal(loc, scale.diag ())
            let x = Key.normal f64 [| 5L; 3L |] key
            let a, b = Tensor.toArray (product.LogProb x), Tensor.toArray (full.LogProb x)
            Array.iter2 (fun a b -> isClose 1e-13 a b "log-density") a b

        testCase "draws, densities and moments have the shapes that the law states"
        <| fun () ->
            for law in shaped do
                for draws in [ [||]; [| 4L |]; [| 5L; 1L |] ] do
                    let x = law.Sample(key, draws)
                    Expect.equal x.shape (Array.concat [ draws; law.BatchShape; law.EventShape ]) $"%O{law} draws"
                    Expect.equal (law.LogProb x).shape (Array.append draws law.BatchShape) $"%O{law} density"

                Expect.equal law.Mean.shape (Array.append law.BatchShape law.EventShape) $"%O{law} mean"
                Expect.equal law.Variance.shape law.Mean.shape $"%O{law} variance"

        testCase "float32 laws give float32, and agree with float64"
        <| fun () ->
            let single (t: Tensor) = t.to_type torch.ScalarType.Float32
            let loc, scale = Key.normal f64 [| 3L |] key, (Key.normal f64 [| 3L |] (Key.fold 2 key)).exp()
            let wide = Normal(loc, scale)
            let narrow = Normal(single loc, single scale)
            let x = wide.Sample key
            let a, b = Tensor.toArray (wide.LogProb x), narrow.LogProb(single x)
            Expect.equal b.dtype torch.ScalarType.Float32 "precision"
            Array.iter2 (fun a b -> isClose 1e-5 a b "log-density") a (Tensor.toArray b)

        testCase "a sample carries no gradient, a pathwise draw does, and they are the same draw"
        <| fun () ->
            use loc = (vector [ 0.3; -1.0 ]).requires_grad_ true
            let law = MultivariateNormal(loc, factor)
            let sample = law.Sample(key, [| 3L |])
            let draw = MultivariateNormal.pathwise law |> Reparameterized.draw key [| 3L |]
            Expect.isFalse sample.requires_grad "sample"
            Expect.isTrue draw.requires_grad "pathwise"
            Expect.equal (Tensor.toArray sample) (Tensor.toArray draw) "values"

        testCase "pathwise gradients are those of the expectation"
        <| fun () ->
            // E[z^2] = loc^2 + scale^2 has gradient (2 loc, 2 scale): each draw's gradient is an unbiased estimate.
            let loc, scale = 0.7, 1.3
            let n = drawsToDetect 0.02

            let q = Normal.pathwise (Normal(loc, scale))
            let noise = q |> Reparameterized.noise key [| int64 n |]
            let z = q |> Reparameterized.push noise

            let total =
                Diff.grad
                    (fun at ->
                        let q = Normal.pathwise (Normal.create at[0L] at[1L])
                        (q |> Reparameterized.push noise).square().mean())
                    (vector [ loc; scale ])
                |> Tensor.toArray

            let byLoc = Tensor.toArray (2.0 .* z)
            let byScale = Tensor.toArray (2.0 .* z * noise)
            isClose 1e-12 (Array.average byLoc) total[0] "by loc"
            isClose 1e-12 (Array.average byScale) total[1] "by scale"
            meanIs (2.0 * loc) byLoc "by loc"
            meanIs (2.0 * scale) byScale "by scale"

        testCase "bad parameters are refused by name, value and constraint"
        <| fun () ->
            refused [ "loc"; "NaN"; "finite" ] (fun () -> Normal(nan, 1.0))
            refused [ "scale"; "-0.5"; "positive" ] (fun () -> Normal(0.0, -0.5))
            refused [ "scale"; "0"; "positive" ] (fun () -> Normal(vector [ 0.0; 1.0 ], vector [ 1.0; 0.0 ]))
            refused [ "loc"; "NaN"; "finite" ] (fun () -> Normal(vector [ nan ], vector [ 1.0 ]))
            refused [ "scale"; "[3]"; "[2]" ] (fun () -> Normal(vector [ 0.0; 1.0 ], vector [ 1.0; 1.0; 1.0 ]))
            refused [ "scale"; "Float32" ] (fun () -> Normal(vector [ 0.0 ], Tensor.scalar Placement.float32 1.0))
            refused [ "logits"; "finite" ] (fun () -> Bernoulli(vector [ infinity ]))

            refused [ "scaleTril"; "above the diagonal" ] (fun () ->
                MultivariateNormal(vector [ 0.0; 0.0 ], matrix [ [ 1.0; 0.3 ]; [ 0.0; 1.0 ] ]))

            refused [ "diagonal"; "positive" ] (fun () ->
                MultivariateNormal(vector [ 0.0; 0.0 ], matrix [ [ 1.0; 0.0 ]; [ 0.3; 0.0 ] ]))

            refused [ "scaleTril"; "[1, 2]" ] (fun () ->
                MultivariateNormal(vector [ 0.0; 0.0 ], matrix [ [ 1.0; 0.0 ] ]))

            refused [ "dimensions"; "2"; "at most 1" ] (fun () -> Independent.create 2 (Bernoulli(vector [ 0.0 ])))

            refused [ "components"; "[3]"; "[2]" ] (fun () ->
                Mixture.create (Categorical.create (vector [ 0.0; 0.0 ])) (Bernoulli(vector [ 0.0; 0.0; 0.0 ])))
    ]
