module Vae.Core.Tests.Differentiation.DiffTests

open System
open Expecto
open TorchSharp
open Vae.Core
open Vae.Core.Tests.Differentiation.Checks
open Vae.Core.Tests.Differentiation.Formula

let private ofIgnored =
    let x () = vector [ 1.0; 2.0; 3.0 ]
    let v () = vector [ 1.0; -1.0; 2.0 ]
    let one (_: Tensor) = scalar 7.0
    let three (_: Tensor) = vector [ 4.0; 5.0; 6.0 ]

    [
        "diff", [], (fun () -> Diff.diff one (scalar 2.0))
        "diff of a curve", [ 3L ], (fun () -> Diff.diff three (scalar 2.0))
        "diff2", [], (fun () -> Diff.diff2 one (scalar 2.0))
        "diffn 3", [], (fun () -> Diff.diffn 3 one (scalar 2.0))
        "grad by a scalar", [], (fun () -> Diff.grad one (scalar 2.0))
        "grad", [ 3L ], (fun () -> Diff.grad one (x ()))
        "gradv", [], (fun () -> Diff.gradv one (x ()) (v ()))
        "hessian", [ 3L; 3L ], (fun () -> Diff.hessian one (x ()))
        "hessianv", [ 3L ], (fun () -> Diff.hessianv one (x ()) (v ()))
        "gradhessian", [ 3L; 3L ], (fun () -> Diff.gradhessian one (x ()) |> snd)
        "gradhessianv", [ 3L ], (fun () -> Diff.gradhessianv one (x ()) (v ()) |> snd)
        "laplacian", [], (fun () -> Diff.laplacian one (x ()))
        "jacobian, square", [ 3L; 3L ], (fun () -> Diff.jacobian three (x ()))
        "jacobian, tall", [ 3L; 2L ], (fun () -> Diff.jacobian three (vector [ 1.0; 2.0 ]))
        "jacobian, wide", [ 1L; 3L ], (fun () -> Diff.jacobian (fun _ -> vector [ 1.0 ]) (x ()))
        "jacobianv", [ 3L ], (fun () -> Diff.jacobianv three (x ()) (v ()))
        "jacobianTv", [ 3L ], (fun () -> Diff.jacobianTv three (x ()) (v ()))
        "curl", [ 3L ], (fun () -> Diff.curl three (x ()))
        "divergence", [], (fun () -> Diff.divergence three (x ()))
        "curldivergence", [], (fun () -> Diff.curldivergence three (x ()) |> snd)
    ]
    |> List.map (fun (name, shape, run) -> tensorTest name (fun () -> expectValues (zeros shape) (run ()) name))

/// Where DiffSharp 1.0.7 has another number or none.
let private truths =
    [
        "diff2(x -> 2*x)", 1.5, 0.0
        "diff2(x -> 3*x+1)", 1.5, 0.0
        "diffn3(x -> x*x)", 1.5, 0.0
        "diffn4(x -> x*x)", 1.5, 0.0
        "diffn4(x -> x*x*x)", 1.5, 0.0
        "diff(diff(x -> 2*x))", 1.5, 0.0
        "diff(x -> x*diff(y -> x^2)(3))", 2.0, 0.0
        "diff(x -> x*diff(y -> x)(1))", 2.0, 0.0
        "diff(x -> x*diff2(y -> x*y^3)(2))", 1.5, 36.0
        "diff(x -> diff2(y -> x*y^3)(2))", 1.5, 12.0
        "diff2(x -> softplus(x))", -800.0, 0.0
        "diff2(x -> x^1)", 0.0, 0.0
    ]
    |> List.map (fun (formula, x, expected) ->
        tensorTest formula (fun () ->
            let derivative = parse formula |> evaluate Map.empty |> asFunction
            expectValues (scalar expected) (derivative (scalar x)) formula))

let private refusals =
    let x () = vector [ 1.0; 2.0; 3.0 ]
    let v () = vector [ 1.0; 2.0 ]
    let sum (x: Tensor) = x.sum ()
    let id (x: Tensor) = x
    let firstTwo (x: Tensor) = x.narrow (0L, 0L, 2L)
    let matrix () = torch.ones ([| 2L; 2L |], dtype = torch.float64)
    let number () = scalar 1.0

    [
        "diff of a vector", (fun () -> Diff.diff id (vector [ 1.0 ])), "Diff.diff: x", "[1]", "a scalar"
        "diff2 of a vector", (fun () -> Diff.diff2 id (x ())), "Diff.diff2: x", "[3]", "a scalar"
        "hessian of a scalar", (fun () -> Diff.hessian id (number ())), "Diff.hessian: x", "[]", "a vector"
        "hessian of a vector value", (fun () -> Diff.hessian id (x ())), "Diff.hessian: f(x)", "[3]", "a scalar"
        "jacobian of a scalar", (fun () -> Diff.jacobian id (number ())), "Diff.jacobian: x", "[]", "a vector"
        "jacobian of a scalar value", (fun () -> Diff.jacobian sum (x ())), "Diff.jacobian: f(x)", "[]", "a vector"
        "grad of a vector value", (fun () -> Diff.grad id (x ())), "Diff.grad: f(x)", "[3]", "a scalar"
        "grad of a matrix", (fun () -> Diff.grad sum (matrix ())), "Diff.grad: x", "[2; 2]", "a vector"
        "gradv of a scalar", (fun () -> Diff.gradv id (number ()) (number ())), "Diff.gradv: x", "[]", "a vector"
        "laplacian of a vector value", (fun () -> Diff.laplacian id (x ())), "Diff.laplacian: f(x)", "[3]", "a scalar"
        "divergence, 2 by 3", (fun () -> Diff.divergence firstTwo (x ())), "Diff.divergence: f(x)", "[2]", "shape [3]"
        "curl, 2 by 3", (fun () -> Diff.curl firstTwo (x ())), "Diff.curl: f(x)", "[2]", "shape [3]"
        "curl, 2 by 2", (fun () -> Diff.curl id (v ())), "Diff.curl: x", "[2]", "shape [3]"
        "gradv along another shape", (fun () -> Diff.gradv sum (x ()) (v ())), "Diff.gradv: v", "[2]", "shape [3]"
        "hessianv along another shape",
        (fun () -> Diff.hessianv sum (x ()) (v ())),
        "Diff.hessianv: v",
        "[2]",
        "shape [3]"
        "jacobianv along another shape",
        (fun () -> Diff.jacobianv id (x ()) (v ())),
        "Diff.jacobianv: v",
        "[2]",
        "shape [3]"
        "jacobianTv along another shape",
        (fun () -> Diff.jacobianTv id (x ()) (v ())),
        "Diff.jacobianTv: v",
        "[2]",
        "shape [3]"
        "an integer point", (fun () -> Diff.grad sum (torch.arange 3L)), "Diff.grad: x", "Int64", "floating-point"
        "an integer value", (fun () -> Diff.grad _.argmax() (x ())), "Diff.grad: f(x)", "Int64", "floating-point"
        "a negative order", (fun () -> Diff.diffn -1 id (number ())), "Diff.diffn", "n is -1", "at least 0"
    ]
    |> List.map (fun (name, run, where, found, expected) ->
        tensorTest name (fun () ->
            let message = messageOf<ArgumentException>(run >> ignore)

            for part in [ where; found; expected ] do
                Expect.stringContains message part name))

let private values = [
    tensorTest "the identity" (fun () ->
        expectValues (scalar 1.0) (Diff.diff id (scalar 2.0)) "diff"
        expectValues (torch.eye (2L, dtype = torch.float64)) (Diff.jacobian id (vector [ 1.0; 2.0 ])) "jacobian")

    tensorTest "vectors of no entries" (fun () ->
        let nothing = zeros [ 0L ]
        Expect.equal (Diff.grad _.sum() nothing).shape [| 0L |] "grad"
        Expect.equal (Diff.jacobian _.exp() nothing).shape [| 0L; 0L |] "jacobian"
        Expect.equal (Diff.jacobian (fun _ -> vector [ 1.0; 2.0 ]) nothing).shape [| 2L; 0L |] "jacobian"
        expectValues (scalar 0.0) (Diff.divergence _.exp() nothing) "divergence")

    tensorTest "a captured outer variable, through every operator" (fun () ->
        // d/dx of x times a constant of x's, at any point.
        let y, v = vector [ 1.0; 2.0; 3.0 ], vector [ 1.0; -1.0; 2.0 ]
        let squares (y: Tensor) = y.mul(y).sum()

        let slopes: (string * (Tensor -> Tensor) * float) list = [
            "grad", (fun x -> Diff.grad (fun y -> squares(y).mul x) y |> _.sum()), 12.0
            "gradv", (fun x -> Diff.gradv (fun y -> squares(y).mul x) y v), 10.0
            "hessian", (fun x -> Diff.hessian (fun y -> squares(y).mul x) y |> _.sum()), 6.0
            "hessianv", (fun x -> Diff.hessianv (fun y -> squares(y).mul x) y v |> _.sum()), 4.0
            "laplacian", (fun x -> Diff.laplacian (fun y -> squares(y).mul x) y), 6.0
            "jacobian", (fun x -> Diff.jacobian (fun y -> y.mul(y).mul x) y |> _.sum()), 12.0
            "jacobianv", (fun x -> Diff.jacobianv (fun y -> y.mul(y).mul x) y v |> _.sum()), 10.0
            "jacobianTv", (fun x -> Diff.jacobianTv (fun y -> y.mul(y).mul x) y v |> _.sum()), 10.0
            "divergence", (fun x -> Diff.divergence (fun y -> y.mul(y).mul x) y), 12.0
            "curl", (fun x -> Diff.curl (fun y -> y.roll(1L).mul x) y |> _.sum()), 3.0
            "diff", (fun x -> Diff.diff (fun y -> y.mul x) x), 1.0
            "the direction", (fun x -> Diff.jacobianv (fun y -> y.mul y) y (v.mul x) |> _.sum()), 10.0
        ]

        for name, f, slope in slopes do
            expectValues (scalar slope) (Diff.diff f (scalar 0.5)) name)

    tensorTest "the largest logit of each row" (fun () ->
        let x = vector [ 1000.0; 1000.0; 0.0; 0.0 ]
        let f (x: Tensor) = x.reshape([| 2L; 2L |]).logsumexp(1L).sum()
        expectValues (vector [ 0.5; 0.5; 0.5; 0.5 ]) (Diff.grad f x) "softmax of each row")

    tensorTest "float32 in, float32 out" (fun () ->
        let x = (vector [ 0.5; -1.0; 1.5 ]).to_type torch.ScalarType.Float32
        let square (x: Tensor) = x.mul x
        let y, g, h = Diff.fgradhessian cube x
        let others = [ Diff.jacobian square x; Diff.jacobianv square x x; Diff.laplacian cube x; Diff.curl square x ]

        for t in [ y; g; h ] @ others do
            Expect.equal t.dtype torch.ScalarType.Float32 "dtype"

        // Exact in float32.
        expectValues (vector [ 0.75; 3.0; 6.75 ]) g "3x^2"
        expectValues ((vector [ 3.0; -6.0; 9.0 ]).diag()) h "6x")
]

let tests =
    testList "Diff" [
        testList "of a function that ignores its argument" ofIgnored
        testList "true where DiffSharp is not" truths
        testList "refuses" refusals
        testList "values" values
    ]
