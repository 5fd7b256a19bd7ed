/// Inverses at the ends of where they are defined, and beyond.
module Vae.Core.Tests.Special.EndsTests

open System
open Expecto
open Vae.Core

let private inverses = [
    "the lower tail of a gamma law", IncompleteGamma.inverseLower, 0.0, infinity
    "the upper tail of a gamma law", IncompleteGamma.inverseUpper, infinity, 0.0
]

let tests =
    testList "Ends of inverses" [
        for name, inverse, atZero, atOne in inverses do
            testCase name
            <| fun () ->
                for a in [ 0.01; 0.5; 1.0; 3.0; 200.0 ] do
                    Expect.equal (inverse a 0.0) atZero "at 0"
                    Expect.equal (inverse a 1.0) atOne "at 1"

                    for outside in [ -1e-300; 1.0 + 1e-15; nan; infinity ] do
                        Expect.isTrue (Double.IsNaN(inverse a outside)) $"at %g{outside}"

                    for p in [ 1e-300; 0.25; 0.5; 0.75; 1.0 - 1e-15 ] do
                        let x = inverse a p
                        Expect.isTrue (x >= 0.0 && x < infinity) $"at %g{p}"
    ]
