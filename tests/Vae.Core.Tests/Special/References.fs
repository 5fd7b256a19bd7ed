/// Tables of reference numbers: the arguments, then the value, by 50-digit arithmetic.
module Vae.Core.Tests.Special.References

open Expecto

/// The function's relative error is within a tolerance on each row.
let agrees (tolerance: float) (f: float[] -> float) (rows: float list list) =
    for row in rows do
        let arguments, expected = row |> List.take (row.Length - 1) |> List.toArray, List.last row
        let actual = f arguments

        if not (abs (actual - expected) <= tolerance * abs expected) then
            let error = abs (actual / expected - 1.0)
            failtest $"at %A{arguments}: expected %.17g{expected}, found %.17g{actual}, off by %.3g{error}"

/// Two positive numbers agree relatively.
let isNear (tolerance: float) (expected: float) (actual: float) (message: string) =
    if not (abs (actual - expected) <= tolerance * abs expected) then
        failtest $"%s{message}: expected %.17g{expected}, found %.17g{actual}"

/// Probabilities from 1e-300 to nearly 1/2.
let tails = [ for e in [ -300; -200; -100; -30; -10; -3; -1 ] -> 10.0 ** float e ] @ [ 0.3; 0.499 ]
