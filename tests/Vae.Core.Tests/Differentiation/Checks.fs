/// What the tests of differentiation share.
module Vae.Core.Tests.Differentiation.Checks

open Expecto
open TorchSharp
open Vae.Core

let scalar (x: float) = Tensor.scalar Placement.float64 x

let vector (values: float list) = Tensor.ofArray Placement.float64 [| int64 values.Length |] (Array.ofList values)

let zeros (shape: int64 list) = torch.zeros (Array.ofList shape, dtype = torch.float64)

let cube (x: Tensor) = x.mul(x).mul(x).sum()

/// A test in a dispose scope of its own.
let tensorTest name (body: unit -> unit) =
    testCase name (fun () ->
        use _ = torch.NewDisposeScope()
        body ())

/// Equal shapes, and entries within a tolerance of max(1, |expected|).
let expectWithin tolerance (expected: Tensor) (found: Tensor) what =
    Expect.equal found.shape expected.shape $"%s{what}: shape"

    for e, a in Array.zip (Tensor.toArray expected) (Tensor.toArray found) do
        let error = abs (a - e) / max 1.0 (abs e)
        Expect.isTrue (error <= tolerance) $"%s{what}: found %.17g{a}, expected %.17g{e}, an error of %.3g{error}"

let expectValues expected found what = expectWithin 1e-13 expected found what

/// The message of the exception that the work has to raise.
let messageOf<'exn when 'exn :> exn> (work: unit -> unit) =
    let raised =
        try
            work ()
            None
        with :? 'exn as expected ->
            Some expected.Message

    Expect.wantSome raised $"nothing of type %s{typeof<'exn>.Name} was raised"
