/// What is particular to the first laws, and to laws made of them, beside what the kit holds every law to.
module Vae.Core.Tests.FirstLawTests

open System
open Expecto
open TorchSharp
open Vae.Core
open Vae.Testing

let private key = Key.ofSeed 20

let private mixture =
    Mixture.create
        (Categorical.ofLogits (vector [ log 0.3; log 0.7 ]))
        (Normal(vector [ -2.0; 1.5 ], vector [ 0.5; 1.2 ]))

let private mixtureCdf x = 0.3 * normalCdf -2.0 0.5 x + 0.7 * normalCdf 1.5 1.2 x

let private factor = matrix [ [ 1.2; 0.0 ]; [ -0.7; 0.4 ] ]
let private bivariate = MultivariateNormal(vector [ 0.3; -1.0 ], factor)

/// Laws with a batch of [3] or [2, 3], for shapes.
let private shaped: Distribution list =
    let loc = Key.normal f64 [| 2L; 3L |] key
    let scale = loc.exp ()

    [
        Normal(loc, scale)
        Bernoulli.OfLogits loc
        Categorical.ofLogits loc
        MultivariateNormal(loc, torch.diag_embed scale)
        Independent.create 1 (Normal(loc, scale))
        Independent.create 2 (Bernoulli.OfLogits loc)
        Mixture.create (Categorical.ofLogits loc) (Normal(loc, scale))
        Mixture.create (Categorical.ofLogits (vector [ 0.0; 1.0 ])) (Independent.create 1 (Normal(loc, scale)))
    ]

let tests =
    scoped
    <| testList "Laws" [
        testCase "Mixture: the sampler follows the distribution function, whose slope is the density"
        <| fun () ->
            follows
                mixtureCdf
                (mixture.Sample(key, [| int64 (drawsToDetectDistance 0.02) |]) |> Tensor.toArray)
                "Mixture"

            isClose 1e-12 1.0 (integrate 0.5 1.0 60.0 (fun x -> (mixture.LogProb x).exp())) "integral"
            let slope = (mixtureCdf (0.4 + 1e-5) - mixtureCdf (0.4 - 1e-5)) / 2e-5
            isClose 1e-9 slope (exp (number (mixture.LogProb(Tensor.scalar f64 0.4)))) "slope"

        testCase "Mixture: the moments are those of the draws"
        <| fun () ->
            let mean, variance = number mixture.Mean, number mixture.Variance
            let draws = mixture.Sample(Key.fold 1 key, [| int64 (drawsToDetect 0.02) |]) |> Tensor.toArray
            meanIs mean draws "mean"
            meanIs variance (draws |> Array.map (fun x -> (x - mean) ** 2.0)) "variance"

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
                let scale = number (factor.t().matmul(direction).squared().sum().sqrt())
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

        testCase "bad parameters are refused by name, value and constraint"
        <| fun () ->
            refused [ "loc"; "NaN"; "finite" ] (fun () -> Normal(nan, 1.0))
            refused [ "scale"; "-0.5"; "positive" ] (fun () -> Normal(0.0, -0.5))
            refused [ "scale"; "0"; "positive" ] (fun () -> Normal(vector [ 0.0; 1.0 ], vector [ 1.0; 0.0 ]))
            refused [ "loc"; "NaN"; "finite" ] (fun () -> Normal(vector [ nan ], vector [ 1.0 ]))
            refused [ "scale"; "[3]"; "[2]" ] (fun () -> Normal(vector [ 0.0; 1.0 ], vector [ 1.0; 1.0; 1.0 ]))
            refused [ "scale"; "Float32" ] (fun () -> Normal(vector [ 0.0 ], Tensor.scalar Placement.float32 1.0))
            refused [ "logits"; "NaN" ] (fun () -> Bernoulli.OfLogits(vector [ nan ]))

            refused [ "scaleTril"; "above the diagonal" ] (fun () ->
                MultivariateNormal(vector [ 0.0; 0.0 ], matrix [ [ 1.0; 0.3 ]; [ 0.0; 1.0 ] ]))

            refused [ "diagonal"; "positive" ] (fun () ->
                MultivariateNormal(vector [ 0.0; 0.0 ], matrix [ [ 1.0; 0.0 ]; [ 0.3; 0.0 ] ]))

            refused [ "scaleTril"; "[1, 2]" ] (fun () ->
                MultivariateNormal(vector [ 0.0; 0.0 ], matrix [ [ 1.0; 0.0 ] ]))

            refused [ "dimensions"; "2"; "at most 1" ] (fun () ->
                Independent.create 2 (Bernoulli.OfLogits(vector [ 0.0 ])))

            refused [ "components"; "[3]"; "[2]" ] (fun () ->
                Mixture.create
                    (Categorical.ofLogits (vector [ 0.0; 0.0 ]))
                    (Bernoulli.OfLogits(vector [ 0.0; 0.0; 0.0 ])))
    ]
