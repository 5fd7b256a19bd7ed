module Vae.Core.Tests.Special.InvertTests

open System
open Expecto
open Vae.Core
open Vae.Testing
open Vae.Core.Tests.Special.References

let tests =
    scoped
    <| testList "Invert" [
        testCase "continuous quantiles are those of the exponential law in both tails"
        <| fun () ->
            let cdf x = -(Elementary.expm1 -x)
            let survival x = exp -x

            for p in tails do
                let x = Invert.continuous cdf survival (0.0, infinity) 1.0 p
                // The solver sees log p, whose rounding is relative to the log.
                isNear (1e-15 + 2.3e-16 * abs (log p)) (-(Elementary.log1p -p)) x $"p %g{p}"
                isNear 1e-14 (-(log p)) (Invert.continuousUpper cdf survival (0.0, infinity) 1.0 p) $"q %g{p}"

        testCase "a quantile on the whole line, from a bad start"
        <| fun () ->
            for p in [ 1e-300; 1e-20; 0.3; 0.7; 1.0 - 1e-12 ] do
                let z = Invert.continuous NormalTail.cdf NormalTail.survival (-infinity, infinity) 1e9 p
                isNear 1e-14 (NormalTail.quantile p) z $"p %g{p}"

        testCase "the ends, and what is no probability"
        <| fun () ->
            let quantile = Invert.continuous NormalTail.cdf NormalTail.survival (-9.0, 9.0) 0.0
            Expect.equal (quantile 0.0) -9.0 "0"
            Expect.equal (quantile 1.0) 9.0 "1"
            Expect.isTrue (Double.IsNaN(quantile -0.1)) "negative"
            Expect.isTrue (Double.IsNaN(quantile nan)) "not a number"

        testCase "a step function ends at its step"
        <| fun () ->
            let cdf x = if x < 2.0 then 0.25 else 0.75
            let x = Invert.continuous cdf (fun x -> 1.0 - cdf x) (0.0, 10.0) 5.0 0.5
            isNear 1e-15 2.0 x "step"

        testCase "the Poisson law's quantile, up to counts of 1e9"
        <| fun () ->
            for mean in [ 0.5; 20.0; 1e4; 1e9 ] do
                let cdf (k: int64) = IncompleteGamma.upper (float k + 1.0) mean
                let survival (k: int64) = IncompleteGamma.lower (float k + 1.0) mean

                for p in [ 1e-5; 0.3; 0.9 ] do
                    let k = Invert.integers cdf p
                    Expect.isTrue (cdf k >= p && (k = 0L || cdf (k - 1L) < p)) $"least, mean %g{mean}, p %g{p}"
                    let k = Invert.integersUpper survival p

                    Expect.isTrue
                        (survival k <= p && (k = 0L || survival (k - 1L) > p))
                        $"upper, mean %g{mean}, q %g{p}"
    ]
