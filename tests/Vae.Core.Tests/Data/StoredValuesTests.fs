module Vae.Core.Tests.Data.StoredValuesTests

open System
open Expecto
open Vae.Core

let private bytes scale (values: byte[]) = Bytes(ReadOnlyMemory values, scale)
let private floats (values: float32[]) = Floats(ReadOnlyMemory values)

let private numbers values =
    let target = Array.zeroCreate (StoredValues.length values)
    StoredValues.decode 0 (target.AsSpan()) values
    target

let tests =
    testList "StoredValues" [
        test "every byte is the nearest float32 to its quotient by the scale" {
            for scale in [ 1.0; 16.0; 255.0; 300.0 ] do
                let all = Array.init 256 byte
                let expected = all |> Array.map (fun b -> float32 (float b / scale))
                Expect.equal (numbers (bytes scale all)) expected $"scale %g{scale}"
        }

        test "appended values of different storage become floats of the same numbers" {
            let a, b, c = bytes 255.0 [| 0uy; 51uy |], bytes 1.0 [| 0uy; 1uy |], floats [| 0.25f |]
            let joined = StoredValues.append (StoredValues.append a b) c
            Expect.equal (numbers joined) [| 0.0f; 0.2f; 0.0f; 1.0f; 0.25f |] "numbers"
        }

        test "binary values are 0 and 1 after division, not before" {
            let binary = [ bytes 1.0 [| 0uy; 1uy |]; bytes 255.0 [| 0uy; 255uy |]; floats [| 0.0f; 1.0f |] ]
            let other = [ bytes 255.0 [| 0uy; 1uy |]; bytes 255.5 [| 255uy |]; floats [| 0.5f |] ]

            for values in binary do
                Expect.isTrue (StoredValues.isBinary values) $"%A{values}"

            for values in other do
                Expect.isFalse (StoredValues.isBinary values) $"%A{values}"
        }
    ]
