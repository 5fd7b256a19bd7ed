/// What a differentiation leaves behind, and how differentiations stand inside each other.
module Vae.Core.Tests.Differentiation.LevelTests

open System
open System.Threading
open Expecto
open TorchSharp
open Vae.Core
open Vae.Core.Tests.Differentiation.Checks

let private ownership = [
    tensorTest "results are plain and nothing is left on the caller's tensors" (fun () ->
        let x = vector [ 1.0; 2.0 ]
        let weight = (vector [ 3.0; 4.0 ]).requires_grad_ true
        let value, gradient = Diff.fgrad (fun x -> x.mul(weight).sum()) x
        expectValues weight gradient "gradient"
        Expect.isFalse (value.requires_grad || gradient.requires_grad || x.requires_grad) "part of no graph"
        Expect.isNull weight.grad "gradient of the weight"
        Expect.isNull x.grad "gradient of the point")

    tensorTest "a point that requires a gradient by hand keeps its result differentiable" (fun () ->
        let x = (vector [ 1.0; 2.0 ]).requires_grad_ true
        let gradient = Diff.grad cube x
        Expect.isNull x.grad "gradient of the point"
        gradient.sum().backward()
        expectValues (vector [ 6.0; 12.0 ]) (nonNull x.grad) "6x")

    tensorTest "only the results stay in the caller's scope" (fun () ->
        let x = vector [ 1.0; 2.0 ]
        use scope = torch.NewDisposeScope()
        let value, gradient, hessian = Diff.fgradhessian cube x
        Expect.equal scope.DisposablesCount 3 "tensors alive"
        Diff.hessian cube x |> ignore
        Expect.equal scope.DisposablesCount 4 "tensors alive"
        Expect.equal (List.map (fun (t: Tensor) -> t.ndim) [ value; gradient; hessian ]) [ 0L; 1L; 2L ] "dimensions")

    tensorTest "a value that is the caller's tensor stays the caller's" (fun () ->
        use scope = torch.NewDisposeScope()
        let mine, x = scalar 3.0, vector [ 1.0; 2.0 ]

        (use inner = torch.NewDisposeScope()
         let value, _ = Diff.fgrad (fun _ -> mine) x
         Expect.equal inner.DisposablesCount 2 "value and gradient"
         Expect.equal (Tensor.toFloat value) 3.0 "value")

        Expect.equal (Tensor.toFloat mine) 3.0 "still there")

    tensorTest "a function that raises leaves no trace" (fun () ->
        let x = vector [ 1.0; 2.0 ]
        use scope = torch.NewDisposeScope()

        let raising (x: Tensor) : Tensor =
            let y = x.exp ()
            failwith $"at %A{y.shape}"

        let nested () = Diff.grad (fun x -> Diff.grad raising x |> _.sum()) x |> ignore

        Expect.throwsT<Exception> nested "the function's own exception"
        Expect.equal scope.DisposablesCount 0 "tensors alive"
        Expect.isFalse (Diff.grad cube x).requires_grad "the next call is an outermost one")

    tensorTest "f is evaluated once" (fun () ->
        let mutable calls = 0

        let counted f (x: Tensor) : Tensor =
            calls <- calls + 1
            f x

        let x = vector [ 1.0; 2.0 ]
        Diff.fgrad (counted cube) x |> ignore
        Diff.fgradhessian (counted cube) x |> ignore
        Diff.flaplacian (counted cube) x |> ignore
        Diff.fdiffn 4 (counted cube) (scalar 1.0) |> ignore
        Diff.fjacobian (counted _.exp()) x |> ignore
        Expect.equal calls 5 "one a call")
]

let private levels = [
    tensorTest "under no_grad an operator still differentiates, and leaves the mode as it was" (fun () ->
        use _ = torch.no_grad ()
        expectValues (vector [ 3.0; 12.0 ]) (Diff.grad cube (vector [ 1.0; 2.0 ])) "3x^2"
        Expect.isFalse (torch.is_grad_enabled ()) "grad mode")

    tensorTest "an inner derivative taken under no_grad is a constant" (fun () ->
        let f (x: Tensor) =
            let slope =
                use _ = torch.no_grad ()
                Diff.diff cube x

            x.mul slope

        expectValues (scalar 12.0) (Diff.diff f (scalar 2.0)) "3x^2, not 9x^2")

    tensorTest "an inner point keeps the sign of zero" (fun () ->
        let reciprocal x = Diff.fdiff _.reciprocal() x |> fst
        let value, _ = Diff.fdiff reciprocal (scalar -0.0)
        Expect.equal (Tensor.toFloat value) Double.NegativeInfinity "1/-0")

    tensorTest "a function with one derivative" (fun () ->
        let x = vector [ 0.5; 1.5 ]
        // The sampler is torch's: only that the derivative is there and positive is known of it.
        let gamma (x: Tensor) = torch._standard_gamma x
        let slopes = Diff.grad (fun x -> (gamma x).sum()) x |> Tensor.toArray
        let alongAxis = Diff.jacobianv gamma x (vector [ 1.0; 0.0 ]) |> Tensor.toArray
        Expect.all slopes (fun slope -> slope > 0.0) "gradient"
        Expect.isTrue (alongAxis[0] > 0.0 && alongAxis[1] = 0.0) "Jacobian along an axis"

        let second () = Diff.hessianv (fun x -> (gamma x).sum()) x x |> ignore

        Expect.stringContains
            (messageOf<InvalidOperationException> second)
            "Diff.hessianv: the derivative for '_standard_gamma"
            "second derivative")

    tensorTest "threads do not see each other's levels" (fun () ->
        let mutable nested = true

        let inAnotherThread () =
            use _ = torch.NewDisposeScope()
            nested <- (Diff.grad cube (vector [ 1.0; 2.0 ])).requires_grad

        let f (x: Tensor) =
            let thread = Thread inAnotherThread
            thread.Start()
            thread.Join()
            cube x

        Diff.grad f (vector [ 1.0; 2.0 ]) |> ignore
        Expect.isFalse nested "an outermost call there")
]

let private children =
    ChildCases.cases
    |> List.map (fun (name, _, expected) ->
        testCase name (fun () ->
            let code, output = ChildCases.runInChild name
            Expect.equal code 0 $"exit code; output: %s{output}"
            Expect.stringContains output expected "output"))

let tests =
    testList "Level" [
        testList "ownership" ownership
        testList "nesting" levels
        testSequencedGroup "processes" (testList "in a process of its own" children)
    ]
