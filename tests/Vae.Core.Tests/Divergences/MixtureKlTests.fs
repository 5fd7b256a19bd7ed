module Vae.Core.Tests.MixtureKlTests

open System
open Expecto
open TorchSharp
open Vae.Core
open Vae.Testing

let private mixture (weights: float list) (locs: float list) (scales: float list) =
    Mixture.create (Categorical.ofLogits (vector (List.map log weights))) (Normal(vector locs, vector scales))

let private q = mixture [ 0.3; 0.7 ] [ -1.0; 1.2 ] [ 0.5; 0.8 ]
let private p = mixture [ 0.6; 0.4 ] [ -0.7; 1.6 ] [ 0.6; 1.1 ]

let private kl (q: Distribution) (p: Distribution) =
    integrate 0.0 1.0 30.0 (fun x ->
        let logQ = q.LogProb x
        (logQ.exp () * (logQ - p.LogProb x)).nan_to_num(0.0))

let tests =
    scoped
    <| testList "MixtureKl" [
        testCase "the bounds are above the integral, and the approximation is near it"
        <| fun () ->
            for q, p in [ q, p; p, q; mixture [ 0.5; 0.5 ] [ 0.0; 3.0 ] [ 1.0; 0.4 ], p ] do
                let truth = kl q p
                let above name bound = Expect.isGreaterThan bound truth name
                above "convexity" (number (MixtureKl.convexUpperBound q p))
                above "matched" (number (MixtureKl.matchedUpperBound q p))
                let approximation = number (MixtureKl.variationalApproximation q p)
                Expect.isLessThan (abs (approximation - truth)) (0.5 * truth + 0.1) "approximation"

        testCase "equal mixtures are 0 apart by the matched bound and by the approximation"
        <| fun () ->
            isClose 1e-15 0.0 (number (MixtureKl.matchedUpperBound q q)) "matched"
            isClose 1e-15 0.0 (number (MixtureKl.variationalApproximation q q)) "approximation"

        testCase "single components have the closed form"
        <| fun () ->
            let a, b = Normal(0.3, 0.5), Normal(-0.2, 1.7)
            let exact = number (Kl.exact a b)

            for bound in [ MixtureKl.convexUpperBound; MixtureKl.matchedUpperBound; MixtureKl.variationalApproximation ] do
                isClose 1e-15 exact (number (bound a b)) "one component"

        testCase "mixtures of one family and of any have the same bounds, in batches too"
        <| fun () ->
            let weights = Categorical.ofLogits (vector (List.map log [ 0.3; 0.7 ]))
            let listed = MixtureOf.create weights [ Normal(-1.0, 0.5); Normal(1.2, 0.8) ]
            let one, other = MixtureKl.convexUpperBound q p, MixtureKl.convexUpperBound listed p
            isClose 1e-15 (number one) (number other) "convexity"

            let batch =
                Mixture.create
                    (Categorical.ofLogits (torch.zeros (3L, 2L, dtype = torch.ScalarType.Float64)))
                    (Independent.create
                        1
                        (Normal(
                            Key.normal f64 [| 3L; 2L; 4L |] (Key.ofSeed 1),
                            torch.ones (3L, 2L, 4L, dtype = torch.ScalarType.Float64)
                        )))

            for bound in [ MixtureKl.convexUpperBound; MixtureKl.variationalApproximation; MixtureKl.matchedUpperBound ] do
                Expect.equal (bound batch batch).shape [| 3L |] "batch"

        testCase "components that cannot be told apart and other counts are refused"
        <| fun () ->
            let beta =
                Mixture.create
                    (Categorical.ofLogits (vector [ 0.0; 0.0 ]))
                    (Beta(vector [ 1.0; 2.0 ], vector [ 2.0; 2.0 ]))

            refused [ "q"; "MixtureOf" ] (fun () -> MixtureKl.convexUpperBound beta beta)
            refused [ "p"; "components" ] (fun () -> MixtureKl.matchedUpperBound q (Normal(0.0, 1.0)))
    ]
