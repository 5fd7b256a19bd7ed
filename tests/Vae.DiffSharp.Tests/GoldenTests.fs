/// Derivatives that DiffSharp 1.0.7 computed of formulas by itself, and computes here of the library's laws through the
/// bridge: the rows of differentiation.csv.
module Vae.DiffSharp.Tests.GoldenTests

open System
open System.Globalization
open System.IO
open DiffSharp
open Expecto
open TorchSharp
open Vae.Core
open Vae.DiffSharp
open Vae.DiffSharp.Tests.Support
open Vae.Testing

/// What the golden numbers' own comparison with 50 digits leaves to another float64 implementation.
let private tolerance = 1e-13

type private Row = {
    Id: string
    Operator: string
    Point: DiffSharp.Tensor
    Direction: float list
    Value: float list
    Result: float list
}

let private rows =
    lazy
        let floats (text: string) =
            text.Split([| ' '; '|' |], StringSplitOptions.RemoveEmptyEntries)
            |> Array.map (fun number -> Double.Parse(number, CultureInfo.InvariantCulture))
            |> Array.toList

        File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "differentiation.csv"))
        |> Array.skip 1
        |> Array.map (fun line ->
            let fields = line.Split ','
            let point = floats fields[3]

            fields[0],
            {
                Id = fields[0]
                Operator = fields[2]
                // A scalar is one number; no function here is of a vector with one entry.
                Point = if point.Length = 1 then dscalar point.Head else dvector point
                Direction = floats fields[4]
                Value = floats fields[5]
                Result = floats fields[6]
            })
        |> Map

/// The value and the results of a row's operator.
let private apply (row: Row) (f: DiffSharp.Tensor -> DiffSharp.Tensor) =
    let v = if row.Direction.IsEmpty then dscalar 0.0 else dvector row.Direction
    let one (y, result) = y, [ result ]
    let two (y, first, second) = y, [ first; second ]

    match row.Operator with
    | "diff" -> dsharp.fdiff f row.Point |> one
    | "diff2" -> dsharp.fdiff2 f row.Point |> one
    | "diffn3" -> dsharp.fdiffn 3 f row.Point |> one
    | "diffn4" -> dsharp.fdiffn 4 f row.Point |> one
    | "grad" -> dsharp.fgrad f row.Point |> one
    | "gradv" -> dsharp.fgradv f row.Point v |> one
    | "hessian" -> dsharp.fhessian f row.Point |> one
    | "hessianv" -> dsharp.fhessianv f row.Point v |> one
    | "gradhessian" -> dsharp.fgradhessian f row.Point |> two
    | "laplacian" -> dsharp.flaplacian f row.Point |> one
    | "jacobian" -> dsharp.fjacobian f row.Point |> one
    | "jacobianv" -> dsharp.fjacobianv f row.Point v |> one
    | "jacobianTv" -> dsharp.fjacobianTv f row.Point v |> one
    | other -> failwith $"no operator %s{other}"

let private reproduces (row: Row) f =
    let value, results = apply row f
    areClose tolerance row.Value value $"%s{row.Id}: value"
    areClose tolerance row.Result (dsharp.cat (results |> List.map _.view([ -1 ]))) row.Id

/// Normals with locations and log-variances that are entries of a vector, from one on.
let normals first (v: Tensor) =
    let loc, logVariance = entries first 2 v, entries (first + 2) 2 v
    Independent.create 1 (Normal(loc, logVariance.div(2.0.ToScalar()).exp()))

let private fixed' (values: float list) (_: Tensor) = normals 0 (vector values)

let private correlated (_: Tensor) =
    MultivariateNormal(vector [ 0.0; 0.0 ], torch.linalg.cholesky (matrix [ [ 1.0; 0.4 ]; [ 0.4; 0.5 ] ]))

/// The library's laws under the formulas' names.
let laws = [
    "kl-standard", DiffSharpBridge.kl (normals 0) (fixed' [ 0.0; 0.0; 0.0; 0.0 ])
    "kl-diagonal", DiffSharpBridge.kl (normals 0) (fixed' [ 0.3; -0.2; 0.5; -0.4 ])
    "kl-both", DiffSharpBridge.kl (normals 0) (normals 4)
    "kl-correlated", DiffSharpBridge.kl (normals 0) correlated
    "kl1",
    DiffSharpBridge.kl (fun x -> Normal(x.zeros_like (), x.div(2.0.ToScalar()).exp())) (fun x ->
        Normal(x.zeros_like (), x.ones_like ()))
    "categorical",
    (fun x -> DiffSharpBridge.logProb (fun (logits: Tensor) -> Categorical.OfLogits logits) (Tensor.scalar f64 2.0) x)
    "sample",
    DiffSharpBridge.lift (fun v ->
        Normal(entries 0 2 v, (entries 2 2 v).div(2.0.ToScalar()).exp())
        |> Normal.pathwise
        |> Reparameterized.push (vector [ 0.7; -1.3 ]))
]

let private nested (id: string) (f: Row -> DiffSharp.Tensor) =
    testCase id
    <| fun () ->
        let row = rows.Value[id]
        areClose tolerance row.Result (f row) id

/// x0^2 sin x1 + exp(x0 x1), lifted.
let private wave =
    DiffSharpBridge.lift (fun x ->
        let x0, x1 = x[0L], x[1L]
        x0.square () * x1.sin () + (x0 * x1).exp())

/// sin(x0 x1) exp(x2) + x0^3 x2, lifted.
let private swirl =
    DiffSharpBridge.lift (fun x ->
        let x0, x1, x2 = x[0L], x[1L], x[2L]
        (x0 * x1).sin() * x2.exp () + x0 * x0 * x0 * x2)

/// [a; b] of scalars that may belong to different levels, which DiffSharp's own `stack` refuses.
let private pair (a: DiffSharp.Tensor) (b: DiffSharp.Tensor) = a * dvector [ 1.0; 0.0 ] + b * dvector [ 0.0; 1.0 ]

let private product = DiffSharpBridge.lift (fun v -> v[0L] * v[1L])
let private productOfSquare = DiffSharpBridge.lift (fun v -> v[0L] * v[1L].square())
let private sineExp = DiffSharpBridge.lift (fun x -> x.sin () * x.exp ())

let tests =
    scoped
    <| testList "Golden derivatives" [
        for name, f in laws do
            testCase name
            <| fun () ->
                let found =
                    rows.Value |> Map.filter (fun id row -> id.StartsWith $"%s{name}-" && row.Operator <> "nested")

                Expect.isGreaterThan found.Count 2 "rows"
                found |> Map.iter (fun _ row -> reproduces row f)

        testList "nested" [
            nested "diff-diff-diff-nested" (fun row -> dsharp.diff (dsharp.diff (dsharp.diff sineExp)) row.Point)
            nested "confusion-product-nested" (fun row ->
                dsharp.diff (fun x -> x * dsharp.diff (fun y -> product (pair x y)) (dscalar 2.0)) row.Point)
            nested "confusion-at-x-nested" (fun row ->
                dsharp.diff (fun x -> dsharp.diff (fun y -> productOfSquare (pair x y)) x) row.Point)
            nested "grad-norm-nested" (fun row ->
                dsharp.grad
                    (fun x ->
                        let g = dsharp.grad wave x
                        (g * g).sum())
                    row.Point)
            nested "jacobian-grad-nested" (fun row -> dsharp.jacobian (dsharp.grad wave) row.Point)
            nested "grad-gradv-nested" (fun row ->
                dsharp.grad (fun x -> dsharp.gradv wave x (dvector row.Direction)) row.Point)
            nested "gradv-gradv-nested" (fun row ->
                let v = dvector row.Direction
                dsharp.gradv (fun x -> dsharp.gradv wave x v) row.Point v)
            nested "jacobianTv-grad-nested" (fun row ->
                dsharp.jacobianTv (dsharp.grad wave) row.Point (dvector row.Direction))
            nested "jacobianv-grad-nested" (fun row ->
                dsharp.jacobianv (dsharp.grad wave) row.Point (dvector row.Direction))
            nested "grad-laplacian-nested" (fun row -> dsharp.grad (dsharp.laplacian wave) row.Point)
            nested "curl-grad-nested" (fun row -> dsharp.curl (dsharp.grad swirl) row.Point)
            nested "divergence-grad-nested" (fun row -> dsharp.divergence (dsharp.grad swirl) row.Point)
        ]

        testCase "derivatives of derivatives of divergences are Diff's"
        <| fun () ->
            // No golden number is of these; Diff is held against such numbers in the tests of Vae.Core.
            let point = [ 0.8; -0.35; -0.6; 0.9 ]

            let check name (f: DiffSharp.Tensor -> DiffSharp.Tensor) (torchs: Tensor -> Tensor) =
                let norm x =
                    let g = dsharp.grad f x
                    (g * g).sum()

                let expected = Diff.grad (fun x -> (Diff.grad torchs x).square().sum()) (vector point) |> Tensor.toArray

                areClose tolerance (Array.toList expected) (dsharp.grad norm (dvector point)) name

            let standard = fixed' [ 0.0; 0.0; 0.0; 0.0 ]
            check "kl-standard" (DiffSharpBridge.kl (normals 0) standard) (fun v -> Kl.exact (normals 0 v) (standard v))

            check "kl-correlated" (DiffSharpBridge.kl (normals 0) correlated) (fun v ->
                Kl.exact (normals 0 v) (correlated v))
    ]
