module Vae.Core.Tests.Kernels.SquareTests

open Expecto
open Vae.Core

let tests =
    testList "Square" [
        for rows in [ 0; 1; 16; 31; 64 ] do
            testCase $"%d{rows} rows become columns, and the rest zeros"
            <| fun () ->
                Kernel.needed ()
                let from, into = Buffer(64 * 64), Buffer(64 * 64)

                for i in 0..4095 do
                    from.Span[i] <- float32 i
                    into.Span[i] <- nanf

                Square.transpose rows from.Start into.Start

                for r in 0..63 do
                    for c in 0..63 do
                        let expected = if c < rows then float32 (64 * c + r) else 0.0f
                        Expect.equal into.Span[64 * r + c] expected $"row %d{r}, column %d{c}"

                from.KeepAlive()
                into.KeepAlive()
    ]
