module Vae.DiffSharp.Tests.LiftedTests

open DiffSharp
open Expecto
open TorchSharp
open Vae.Core
open Vae.DiffSharp
open Vae.DiffSharp.Tests.Support
open Vae.Testing

let private point = [ 0.4; -0.7; 1.2 ]
let private direction = [ 1.0; -2.0; 0.5 ]

/// A smooth function from vectors of three to vectors of two.
let private field (v: Tensor) : Tensor = torch.stack [| v[0L] * v[1L].exp(); (v[0L] * v[2L]).sin() |]

let private length (v: Tensor) = v.square().sum().sqrt()

/// A function, and how often torch has evaluated it.
let private counted (f: Tensor -> Tensor) =
    let mutable evaluations = 0

    DiffSharpBridge.lift (fun x ->
        evaluations <- evaluations + 1
        f x),
    fun () -> evaluations

let tests =
    scoped
    <| testList "Lifted" [
        testCase "a value has the shape, the type and the numbers of f"
        <| fun () ->
            let y = DiffSharpBridge.lift field (dvector point)
            Expect.equal y.shape [| 2 |] "shape"
            Expect.equal y.dtype Dtype.Float64 "type"
            areClose 0.0 (Tensor.toArray (field (vector point)) |> Array.toList) y "value"
            let single = DiffSharpBridge.lift length (dsharp.tensor [ 3.0f; 4.0f ])
            Expect.equal (single.dtype, single.shape, float single) (Dtype.Float32, [||], 5.0) "single precision"

        testCase "the Jacobian of a vector, and its products, are Diff's"
        <| fun () ->
            let f = DiffSharpBridge.lift field
            let x, v, u = vector point, vector direction, [ 0.3; -1.1 ]
            let list t = Tensor.toArray t |> Array.toList
            areClose 1e-15 (list (Diff.jacobian field x)) (dsharp.jacobian f (dvector point)) "jacobian"

            areClose
                1e-15
                (list (Diff.jacobianv field x v))
                (dsharp.jacobianv f (dvector point) (dvector direction))
                "jacobianv"

            areClose
                1e-15
                (list (Diff.jacobianTv field x (vector u)))
                (dsharp.jacobianTv f (dvector point) (dvector u))
                "jacobianTv"

        testCase "log-densities of several points have a Jacobian in the parameters"
        <| fun () ->
            let law (v: Tensor) = Normal(v[0L], v[1L].exp())
            let x = vector [ -1.0; 0.5; 2.0 ]
            let f = DiffSharpBridge.logProb law x
            let at = [ 0.2; -0.3 ]

            // d/dloc = (x - loc)/scale^2, d/dlog scale = ((x - loc)/scale)^2 - 1.
            let expected = [
                for x in [ -1.0; 0.5; 2.0 ] do
                    let standard = (x - 0.2) / exp -0.3
                    standard / exp -0.3
                    standard * standard - 1.0
            ]

            areClose 1e-14 expected (dsharp.jacobian f (dvector at)) "jacobian"

        testCase "it composes with DiffSharp's own operations"
        <| fun () ->
            let f = DiffSharpBridge.lift length
            let composed (x: DiffSharp.Tensor) = dsharp.exp (-f(2.0 * x))
            let norm = sqrt (List.sumBy (fun x -> x * x) point)
            let expected = point |> List.map (fun x -> -2.0 * exp (-2.0 * norm) * x / norm)
            areClose 1e-15 expected (dsharp.grad composed (dvector point)) "reverse"
            let along = List.map2 (*) expected direction |> List.sum
            areClose 1e-15 [ along ] (dsharp.gradv composed (dvector point) (dvector direction)) "forward"

        testCase "a function that ignores its argument has derivative zero"
        <| fun () ->
            let f = DiffSharpBridge.lift (fun x -> torch.ones ([||], dtype = x.dtype))
            areClose 0.0 [ 0.0; 0.0; 0.0 ] (dsharp.grad f (dvector point)) "grad"
            areClose 0.0 [ 0.0 ] (dsharp.gradv f (dvector point) (dvector direction)) "gradv"

        testCase "the value and a first derivative take one evaluation"
        <| fun () ->
            let x, v = dvector point, dvector direction

            for name, operator in
                [
                    "value", (fun f -> f x)
                    "fgrad", (fun f -> dsharp.fgrad f x |> snd)
                    "fgradv", (fun f -> dsharp.fgradv f x v |> snd)
                ] do
                let f, evaluations = counted length
                operator f |> ignore
                Expect.equal (evaluations ()) 1 name

        testCase "nothing is recorded for gradients where none is asked for"
        <| fun () ->
            let mutable recorded = true

            let f =
                DiffSharpBridge.lift (fun x ->
                    recorded <- x.requires_grad
                    x.sum ())

            f (dvector point) |> ignore
            Expect.isFalse recorded "value"
            dsharp.grad f (dvector point) |> ignore
            Expect.isTrue recorded "grad"

        testCase "whole numbers, and values that are, are refused by name"
        <| fun () ->
            let f = DiffSharpBridge.lift length
            refused [ "x is"; "Int32"; "[2]"; "Float32 or Float64" ] (fun () -> f (dsharp.tensor [ 1; 2 ]))
            let whole = DiffSharpBridge.lift (fun x -> x.to_type torch.ScalarType.Int64)
            refused [ "f(x)"; "Int64" ] (fun () -> whole (dvector point))
    ]
