module Vae.Core.Tests.AdamTests

open Expecto
open Vae.Core
open Vae.Testing

/// Three updates of `count` numbers from 1, -1/2, ..., with gradients that differ from one another and from step to step.
let private after place count =
    let make f = Tensor.ofArray place [| int64 count |] (Array.init count f)
    use parameters = make (fun i -> (if i % 2 = 0 then 1.0 else -0.5) / float (i + 1))
    use mean = make (fun _ -> 0.0)
    use square = make (fun _ -> 0.0)
    let by: Adam.Coefficients = { Beta1 = 0.9; Beta2 = 0.999; Epsilon = 1e-8; Decay = 0.0 }

    for step in 1..3 do
        use gradient = make (fun i -> sin (float (step + 3 * i)))
        Adam.update by (int64 step) 0.01 parameters gradient mean square

    Tensor.toArray parameters, Tensor.toArray mean, Tensor.toArray square

/// The same by the paper's algorithm 1, number by number, as it is written there.
let private byTheBook count =
    let run i =
        let mutable parameter = (if i % 2 = 0 then 1.0 else -0.5) / float (i + 1)
        let mutable m, v = 0.0, 0.0

        for step in 1..3 do
            let g = sin (float (step + 3 * i))
            m <- 0.9 * m + (1.0 - 0.9) * g
            v <- 0.999 * v + (1.0 - 0.999) * g * g
            let mHat, vHat = m / (1.0 - 0.9 ** float step), v / (1.0 - 0.999 ** float step)
            parameter <- parameter - 0.01 * mHat / (sqrt vHat + 1e-8)

        parameter, m, v

    Array.init count run |> Array.unzip3

let private agree tolerance (p, m, v) (p', m', v') =
    for name, expected: float[], found: float[] in [ "parameters", p, p'; "mean", m, m'; "square", v, v' ] do
        Expect.equal found.Length expected.Length name
        Array.iter2 (fun a b -> isClose tolerance a b name) expected found

let tests =
    testList "Adam" [
        // Lengths below, at and off multiples of every vector's width.
        for count in [ 1; 7; 16; 64; 1003 ] do
            testCase $"of %d{count} numbers, in float64, it is the paper's algorithm"
            <| fun () -> agree 1e-14 (byTheBook count) (after Placement.float64 count)

            testCase $"of %d{count} numbers, in float32, it is the paper's algorithm to rounding"
            <| fun () -> agree 1e-6 (byTheBook count) (after Placement.float32 count)
    ]
