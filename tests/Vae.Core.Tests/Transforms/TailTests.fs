/// The elementwise transforms and stick-breaking far from the middle, where naive forms lose every digit.
module Vae.Core.Tests.Transforms.TailTests

open Expecto
open TorchSharp
open Vae.Core
open Vae.Testing

let private epsilon = 2.220446049250313e-16

let private relative (expected: float) (found: float) message =
    let error = abs (found - expected) / abs expected

    if not (found = expected || error <= 8.0 * epsilon) then
        failtest $"%s{message}: expected %.17g{expected}, found %.17g{found}, off by %.3g{error} of it"

/// Log-slopes by 50-digit arithmetic: x, softplus, sigmoid, tanh.
let private logSlopes = [
    -700.0, -700.0, -700.0, -1398.6137056388801094
    -40.0, -40.0, -40.0, -78.613705638880109385
    0.5, -0.47407698418010668087, -1.4481539683602133617, -0.24022901391655504926
    17.0, -4.1399376330897474477e-8, -17.000000082798752662, -32.613705638880112809
    40.0, -4.2483542552915889863e-18, -40.0, -78.613705638880109385
    700.0, -9.8596765437597708567e-305, -700.0, -1398.6137056388801094
]

let private at (x: float) (f: Tensor -> Tensor) = number (f (Tensor.scalar f64 x))

let tests =
    scoped
    <| testList "Transforms in the tails" [
        for x, softplus, sigmoid, tanh in logSlopes do
            testCase $"log-slopes at %g{x} are those of 50-digit arithmetic"
            <| fun () ->
                relative softplus (at x Transform.softplus.LogDet) "softplus"
                relative sigmoid (at x Transform.sigmoid.LogDet) "sigmoid"
                relative tanh (at x Transform.tanh.LogDet) "tanh"

        testCase "inverses are those of 50-digit arithmetic"
        <| fun () ->
            for y, x in
                [
                    1e-300, -690.77552789821370521
                    1e-5, -11.512920464966061753
                    1.0, 0.54132485461291810898
                    50.0, 50.0
                    800.0, 800.0
                ] do
                relative x (at y Transform.softplus.Inverse) $"softplus at %g{y}"

            for p, x in [ 1e-300, -690.77552789821370518; 1e-8, -18.420680733952365401; 0.25, -1.0986122886681096914 ] do
                relative x (at p Transform.sigmoid.Inverse) $"sigmoid at %g{p}"

            relative 1e-300 (at 1e-300 Transform.tanh.Inverse) "tanh near 0"

        testCase "stick-breaking lands on the simplex, and comes back to rounding of its logarithms"
        <| fun () ->
            for seed, reach in List.allPairs [ 1..40 ] [ 1e-8; 1.0; 10.0; 100.0 ] do
                let x = reach * Key.normal f64 [| 4L |] (Key.ofSeed seed)
                let y = Transform.stickBreaking.Forward x
                Expect.isTrue ((y.gt (0.0.AsScalar())).all().ToBoolean()) "parts are positive"
                let size = number (x.abs().max())
                // Five parts, each the exponential of a sum of logarithms.
                isClose (16.0 * epsilon * (1.0 + size)) 1.0 (number (y.sum ())) "sum"
                let back = Transform.stickBreaking.Inverse y
                let error = number ((back - x).abs().max())
                Expect.isLessThanOrEqual error (64.0 * epsilon * (1.0 + size)) $"at a distance of %g{size}"

            let equal = Transform.stickBreaking.Forward(vector [ 0.0; 0.0; 0.0 ])
            Tensor.toArray equal |> Array.iter (fun part -> isClose 1e-15 0.25 part "equal parts")
    ]
