/// Laws of differentiation, on random compositions of smooth functions.
module Vae.Core.Tests.Differentiation.PropertyTests

open Expecto
open FsCheck
open FsCheck.FSharp
open TorchSharp
open Vae.Core
open Vae.Core.Tests.Differentiation.Checks
open Vae.Core.Tests.Differentiation.Formula

let private coordinate = Gen.choose (-1000, 1000) |> Gen.map (fun n -> float n / 1000.0)

/// A formula of x0, x1, x2 in functions bounded with all their derivatives, at most `depth` deep.
let rec private formula depth : Gen<Expression> =
    let leaf = Gen.oneof [ Gen.map Number coordinate; Gen.elements [ Name "x0"; Name "x1"; Name "x2" ] ]

    if depth = 0 then
        leaf
    else
        let smaller = formula (depth - 1)
        let unary name = Gen.map (fun a -> Apply(Name name, a)) smaller
        let binary op = Gen.map2 (fun a b -> Binary(op, a, b)) smaller smaller
        Gen.oneof [ leaf; unary "sin"; unary "tanh"; unary "sigmoid"; binary '+'; binary '-'; binary '*' ]

type Problem = {
    Scalar: Expression
    Square: Expression list
    Tall: Expression list
    Point: float list
    Direction: float list
}

type Problems =
    static member Problem() : Arbitrary<Problem> =
        gen {
            let! scalar = formula 3
            let! square = Gen.listOfLength 3 (formula 3)
            let! more = Gen.listOfLength 2 (formula 3)
            let! point = Gen.listOfLength 3 coordinate
            let! direction = Gen.listOfLength 3 coordinate

            return {
                Scalar = scalar
                Square = square
                Tall = square @ more
                Point = point
                Direction = direction
            }
        }
        |> Arb.fromGen

let private config = { FsCheckConfig.defaultConfig with arbitrary = [ typeof<Problems> ] }

let private ofFormula expression = evaluate Map.empty (Lambda("x", expression)) |> asFunction

/// A few hundred roundings of numbers of order 1.
let private exact = expectWithin 1e-12

let private law name (check: Problem -> Tensor -> Tensor -> unit) =
    testPropertyWithConfig config name (fun problem ->
        use _ = torch.NewDisposeScope()
        check problem (vector problem.Point) (vector problem.Direction))

/// The Jacobian by central differences: with steps of 1e-5 an error of 1e-10 third derivatives and 1e-11 values.
let private differences (f: Tensor -> Tensor) (x: Tensor) =
    let step = 1e-5

    torch.eye(3L, dtype = torch.float64).unbind()
    |> Array.map (fun axis ->
        let shift = axis.mul (scalar step)
        f(x.add shift).sub(f (x.sub shift)).div(scalar (2.0 * step)))
    |> torch.stack
    |> _.t()

let tests =
    testList "Diff's laws" [
        law "the gradient is that of differences" (fun p x _ ->
            let f = ofFormula p.Scalar
            let expected = (differences (fun x -> (f x).unsqueeze 0L) x).squeeze 0L
            expectWithin 1e-6 expected (Diff.grad f x) "gradient")

        law "the Jacobian is that of differences" (fun p x _ ->
            let f = ofFormula (Vector p.Tall)
            expectWithin 1e-6 (differences f x) (Diff.jacobian f x) "Jacobian")

        law "the Hessian is symmetric, and the Jacobian of the gradient" (fun p x _ ->
            let f = ofFormula p.Scalar
            let hessian = Diff.hessian f x
            exact (hessian.t ()) hessian "transposed"
            exact (Diff.jacobian (Diff.grad f) x) hessian "nested"
            expectWithin 1e-6 (differences (Diff.grad f) x) hessian "differences")

        law "along v" (fun p x v ->
            let f = ofFormula p.Scalar
            let gradient, hessian = Diff.gradhessian f x
            exact (gradient.dot v) (Diff.gradv f x v) "gradv"
            exact (hessian.mv v) (Diff.hessianv f x v) "hessianv"
            exact (hessian.trace ()) (Diff.laplacian f x) "laplacian"
            let gradientAlong, hessianAlong = Diff.gradhessianv f x v
            exact (gradient.dot v) gradientAlong "gradhessianv, first"
            exact (hessian.mv v) hessianAlong "gradhessianv, second"
            exact (Diff.gradv (fun x -> Diff.gradv f x v) x v) (v.dot (hessian.mv v)) "v'Hv")

        law "Jacobian products, by rows and by columns" (fun p x v ->
            let wide = List.take 2 p.Square

            for entries in [ p.Square; p.Tall; wide ] do
                let f = ofFormula (Vector entries)
                let jacobian = Diff.jacobian f x
                exact (jacobian.mv v) (Diff.jacobianv f x v) "jacobianv"
                let covector = f x
                exact (jacobian.t().mv covector) (Diff.jacobianTv f x covector) "jacobianTv"
                let rows = entries |> List.map (fun entry -> Diff.grad (ofFormula entry) x)
                exact (torch.stack rows) jacobian "rows")

        law "divergence and curl" (fun p x _ ->
            let f = ofFormula (Vector p.Square)
            let jacobian = Diff.jacobian f x
            exact (jacobian.trace ()) (Diff.divergence f x) "divergence"
            let curl, divergence = Diff.curldivergence f x
            exact (Diff.curl f x) curl "curl"
            exact (jacobian.trace ()) divergence "curldivergence, second"
            exact (scalar 0.0) (Diff.divergence (Diff.curl f) x) "divergence of a curl"
            exact (torch.zeros_like x) (Diff.curl (Diff.grad (ofFormula p.Scalar)) x) "curl of a gradient")

        law "the chain rule" (fun p x _ ->
            let f, g = ofFormula p.Scalar, ofFormula (Vector p.Square)
            exact (Diff.jacobianTv g x (Diff.grad f (g x))) (Diff.grad (g >> f) x) "of f after g")

        law "diffn along a line is the Hessian along its direction" (fun p x v ->
            let f = ofFormula p.Scalar
            let onLine (t: Tensor) = f (x.add (v.mul t))
            let line, second = Diff.fdiff2 onLine (scalar 0.0)
            exact (f x) line "value"
            exact (v.dot (Diff.hessianv f x v)) second "second derivative"
            exact (Diff.diff (Diff.diff2 onLine) (scalar 0.0)) (Diff.diffn 3 onLine (scalar 0.0)) "third")

        testPropertyWithConfig config "diffn of a polynomial" (fun (p: Problem) ->
            use _ = torch.NewDisposeScope()
            // c0 + c1 x + c2 x^2 + ... by Horner's rule.
            let coefficients = p.Point @ p.Direction

            let polynomial (coefficients: float list) (x: Tensor) =
                List.foldBack (fun c (sum: Tensor) -> (sum.mul x).add(scalar c)) coefficients (scalar 0.0)

            let derived coefficients = coefficients |> List.mapi (fun i c -> float i * c) |> List.tail

            let x = scalar p.Point[0]
            let mutable expected = coefficients

            for n in 1..5 do
                expected <- derived expected
                exact (polynomial expected x) (Diff.diffn n (polynomial coefficients) x) $"order %d{n}")
    ]
