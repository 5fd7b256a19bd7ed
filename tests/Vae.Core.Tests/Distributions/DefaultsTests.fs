/// What laws are when less is said of them, joint supports, and quantiles next to the farther end.
module Vae.Core.Tests.DefaultsTests

open Expecto
open TorchSharp
open Vae.Core
open Vae.Testing

let tests =
    scoped
    <| testList "Defaults" [
        testCase "a discretised logistic law has the levels of bytes"
        <| fun () ->
            let loc, scale = vector [ 100.0; 3.0 ], vector [ 20.0; 0.5 ]

            let law, stated =
                DiscretizedLogistic(loc, scale), DiscretizedLogistic(loc, scale, vector [ 256.0; 256.0 ])

            let x = vector [ 120.0; 2.0 ]
            Expect.equal (Tensor.toArray (law.LogProb x)) (Tensor.toArray (stated.LogProb x)) "log p"
            Expect.equal (Tensor.toArray (law.LogProb(vector [ 256.0; -1.0 ]))) [| -infinity; -infinity |] "outside"

        testCase "a point is in a joint support where each part is in its own"
        <| fun () ->
            let joint =
                Product.create [
                    "positive", Independent.create 1 (Exponential(vector [ 1.0; 2.0 ]))
                    "unit", Independent.create 1 (Beta(vector [ 2.0; 2.0; 2.0 ], vector [ 1.5; 1.5; 1.5 ]))
                    "number", Exponential 1.0
                ]

            let isInside values = (Support.contains joint.Support (vector values)).all().ToBoolean()

            Expect.isTrue (isInside [ 3.0; 2.0; 0.1; 0.2; 0.9; 7.0 ]) "inside"

            for at in 0..5 do
                let values = [ 3.0; 2.0; 0.1; 0.2; 0.9; 7.0 ] |> List.mapi (fun i v -> if i = at then -v else v)
                Expect.isFalse (isInside values) $"number %d{at} outside"

        testCase "quantiles that crowd at the upper end keep the digits of their distance from it"
        <| fun () ->
            // Between -rate - 1 and -rate the share below the distance d from the upper end is exp(-rate d) to rounding.
            for rate in [ 1e6; 1e8 ] do
                for p in [ 0.4; 0.01; 0.49 ] do
                    let found = NormalInterval.quantile p (-rate - 1.0) -rate 1.0
                    isClose 1e-9 1.0 (found / (log p / rate)) $"rate %g{rate}, p %g{p}"
    ]
