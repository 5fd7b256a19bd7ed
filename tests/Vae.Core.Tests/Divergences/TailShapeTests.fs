/// The shape of a tail, against numbers of an independent computation of Zhang and Stephens' estimate, and what it decides.
module Vae.Core.Tests.TailShapeTests

open Expecto
open Vae.Core
open Vae.Testing

/// The quantiles of a generalised Pareto law of a shape, at (i + 1/2) / n.
let private quantiles (shape: float) (n: int) =
    Array.init n (fun i -> ((1.0 - (float i + 0.5) / float n) ** -shape - 1.0) / shape)

let tests =
    testList "The shape of a tail" [
        testCase "the estimate is that of the paper"
        <| fun () ->
            for shape, n, expected in
                [
                    0.5, 30, 0.5097269953454434
                    0.5, 31, 0.5134797233097376
                    1.0, 32, 0.9698496891359141
                    0.2, 33, 0.24660457578588046
                    2.0, 101, 1.953886472401092
                    -0.3, 40, -0.2303789180860496
                ] do
                isClose 1e-12 expected (TailShape.fit (quantiles shape n)) $"shape %g{shape}, %d{n} numbers"

        testCase "a tail far above 1/2 has no variance, whatever the number of values, on either side"
        <| fun () ->
            for n in [ 1000; 1001; 1101; 1200; 1201; 2000 ] do
                let heavy = quantiles 2.0 n
                Expect.isTrue (TailShape.hasNoVariance heavy) $"%d{n} above"
                Expect.isTrue (TailShape.hasNoVariance (Array.map (~-) heavy)) $"%d{n} below"
                Expect.isFalse (TailShape.hasNoVariance (quantiles 0.1 n)) $"%d{n} light"

        testCase "a few values say nothing"
        <| fun () -> Expect.isFalse (TailShape.hasNoVariance (quantiles 2.0 100)) "a hundred"
    ]
