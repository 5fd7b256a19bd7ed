/// Numbers, tensors and refusals as tests write them.
[<AutoOpen>]
module Vae.Testing.Numbers

open System
open Expecto
open TorchSharp
open Vae.Core

/// float64 on the CPU, what formulas are tested in.
let f64 = Placement.float64

/// The spacing of float64 numbers at 1.
let epsilon = 2.220446049250313e-16

/// The same tests, each in a scope of its own: TorchSharp does not keep a tensor alive while native code reads it, so that
/// one without a scope may be collected in the middle of an operation.
let rec scoped (test: Test) : Test =
    match test with
    | TestCase(Sync run, state) ->
        TestCase(
            Sync(fun () ->
                use _ = torch.NewDisposeScope()
                run ()),
            state
        )
    | TestCase _ -> test
    | TestList(tests, state) -> TestList(List.map scoped tests, state)
    | TestLabel(label, test, state) -> TestLabel(label, scoped test, state)
    | Test.Sequenced(order, test) -> Test.Sequenced(order, scoped test)

/// A property that is checked in a scope of its own.
let property config name (check: 'a -> unit) =
    testPropertyWithConfig config name (fun (case: 'a) ->
        use _ = torch.NewDisposeScope()
        check case)

let vector (values: float list) : Tensor = Tensor.ofArray f64 [| int64 values.Length |] (List.toArray values)

let matrix (rows: float list list) : Tensor =
    Tensor.ofArray f64 [| int64 rows.Length; int64 rows.Head.Length |] (rows |> List.concat |> List.toArray)

let number (t: Tensor) = Tensor.toFloat t

/// What is made is refused by an ArgumentException whose message has these parts.
let refused (parts: string list) (make: unit -> 'a) =
    try
        make () |> ignore
        failtest $"nothing refused %A{parts}"
    with :? ArgumentException as e ->
        for part in parts do
            Expect.stringContains e.Message part "message"

/// |actual - expected| within a tolerance of max(1, |expected|).
let isClose tolerance (expected: float) (actual: float) message =
    let error = abs (actual - expected) / max 1.0 (abs expected)

    if not (actual = expected || error <= tolerance) then
        failtest $"%s{message}: expected %.17g{expected}, found %.17g{actual}, off by %.3g{error} of max(1, |expected|)"

/// |actual - expected| within an absolute allowance; equal infinities are close.
let isWithin allowed (expected: float) (actual: float) message =
    let error = abs (actual - expected)

    if not (actual = expected || error <= allowed) then
        failtest
            $"%s{message}: expected %.17g{expected}, found %.17g{actual}, off by %.3g{error} where %.3g{allowed} would do"

/// The integral over the real line of a smooth function that has died out `reach` widths away from its centre, by the
/// trapezoidal rule, which converges faster than any power of the step for such functions.
let integrate (centre: float) (width: float) (reach: float) (f: Tensor -> Tensor) : float =
    let nodes = 8001
    let ends = width * reach
    let x = torch.linspace (centre - ends, centre + ends, nodes, dtype = torch.ScalarType.Float64)
    number ((f x).sum()) * width * 2.0 * reach / float (nodes - 1)

/// The gradient of a scalar function of a vector by central differences.
let centralDifferences (step: float) (f: Tensor -> float) (x: float[]) : float[] =
    x
    |> Array.mapi (fun i _ ->
        let at delta =
            use _ = torch.NewDisposeScope()
            let moved = Array.copy x
            moved[i] <- moved[i] + delta
            f (Tensor.ofArray f64 [| int64 x.Length |] moved)

        (at step - at -step) / (2.0 * step))
