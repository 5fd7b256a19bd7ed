module Vae.Core.Tests.Special.ElementaryTests

open System
open Expecto
open Vae.Core
open Vae.Testing
open Vae.Core.Tests.Special.References

let tests =
    scoped
    <| testList "Elementary" [
        testCase "differences of logs and exponentials do not cancel"
        <| fun () ->
            for x in [ 1e-300; 1e-17; 1e-9; 0.01 ] do
                // Series to the third order, and beyond it the functions themselves.
                let series c2 c3 = x * (1.0 + x * (c2 + x * c3))
                let tolerance = 4e-16 + x ** 3.0
                isNear tolerance (series -0.5 (1.0 / 3.0)) (Elementary.log1p x) $"log1p %g{x}"
                isNear tolerance (series 0.5 (1.0 / 6.0)) (Elementary.expm1 x) $"expm1 %g{x}"
                isNear 1e-15 (log x) (Elementary.log1mexp (Elementary.log1p -x)) $"log1mexp %g{x}"

            isNear 2e-13 -1e-300 (Elementary.log1mexp (log 1e-300)) "near 0"
            Expect.equal (Elementary.log1p -1.0) -infinity "-1"
            Expect.equal (Elementary.expm1 -infinity) -1.0 "-infinity"

        testCase "the excess of a number over its log"
        <| fun () ->
            isNear 1e-15 (5e-17 - 1e-24 / 3.0) (Elementary.excess 1e-8 (1.0 + 1e-8)) "small"
            isNear 1e-15 (0.5 - log 1.5) (Elementary.excess 0.5 1.5) "switch"

        testCase "a shortfall is rounded once"
        <| fun () ->
            // The double nearest to 0.1 is 0.1 + 5.55e-18, so that 1 - 10 x is not 0 but -2^-54.
            isNear 1e-15 -5.551115123125783e-17 (Elementary.shortfall 1.0 9.0 0.1) "of 1 / 10"
    ]
