/// differentiation.csv holds 421 derivatives computed by DiffSharp 1.0.7 (Reference backend, float64): formula, operator, point,
/// direction, value and result. Every one of them is reproduced here by the operator of the same name.
module Vae.Core.Tests.Differentiation.GoldenTests

open System
open System.Globalization
open System.IO
open Expecto
open TorchSharp
open Vae.Core
open Vae.Core.Tests.Differentiation.Checks
open Vae.Core.Tests.Differentiation.Formula

type private Row = {
    Id: string
    Formula: string
    Operator: string
    Point: float[]
    Direction: float[]
    Value: float[]
    Result: float[]
    Shape: string
}

let private numbers (field: string) =
    field.Split(' ', StringSplitOptions.RemoveEmptyEntries)
    |> Array.map (fun number -> Double.Parse(number, CultureInfo.InvariantCulture))

let private rows =
    File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Differentiation", "differentiation.csv"))
    |> Array.skip 1
    |> Array.map (fun line ->
        let fields = line.Split ','

        {
            Id = fields[0]
            Formula = fields[1]
            Operator = fields[2]
            Point = numbers fields[3]
            Direction = numbers fields[4]
            Value = numbers fields[5]
            Result = numbers fields[6]
            Shape = fields[7]
        })

/// The operator of a row and the function it is applied to: of a nested formula the outermost ones.
let private problem row =
    let formula, names =
        match row.Formula.Split " where f(x) = " with
        | [| formula; definition |] -> formula, Map [ "f", evaluate Map.empty (Lambda("x", parse definition)) ]
        | _ -> row.Formula, Map.empty

    let names =
        if Array.isEmpty row.Direction then
            names
        else
            Map.add "v" (Tensor(Tensor.ofArray Placement.float64 [| row.Direction.LongLength |] row.Direction)) names

    match row.Operator, parse formula with
    | "nested", (Apply(Name operator, f) | Apply(Apply(Name operator, f), Name "v")) ->
        operator, evaluate names f |> asFunction
    | operator, body -> operator, evaluate names (Lambda("x", body)) |> asFunction

/// Of the operators that take scalars too, `grad` says which by the names in its formula.
let private ofScalar row (operator: string) =
    operator.StartsWith "diff"
    || operator = "grad" && row.Point.Length = 1 && not (row.Formula.Contains "x0")

let private shapeText (results: Tensor list) =
    results
    |> List.map (fun t -> if t.ndim = 0L then "scalar" else String.Join(' ', t.shape))
    |> String.concat " | "

/// What the f-twin of an operator returns, value first, and what the operator returns.
let private run operator f (x: Tensor) (v: float[]) =
    let direction (shape: int64[]) = Tensor.ofArray Placement.float64 shape v
    let one twin alone = let y, d = twin f x in y, [ d ], [ alone f x ]
    let along twin alone v = let y, d = twin f x v in y, [ d ], [ alone f x v ]

    match operator with
    | "diff" -> one Diff.fdiff Diff.diff
    | "diff2" -> one Diff.fdiff2 Diff.diff2
    | "diffn3" -> one (Diff.fdiffn 3) (Diff.diffn 3)
    | "diffn4" -> one (Diff.fdiffn 4) (Diff.diffn 4)
    | "grad" -> one Diff.fgrad Diff.grad
    | "hessian" -> one Diff.fhessian Diff.hessian
    | "laplacian" -> one Diff.flaplacian Diff.laplacian
    | "jacobian" -> one Diff.fjacobian Diff.jacobian
    | "curl" -> one Diff.fcurl Diff.curl
    | "divergence" -> one Diff.fdivergence Diff.divergence
    | "gradv" -> along Diff.fgradv Diff.gradv (direction x.shape)
    | "hessianv" -> along Diff.fhessianv Diff.hessianv (direction x.shape)
    | "jacobianv" -> along Diff.fjacobianv Diff.jacobianv (direction x.shape)
    | "jacobianTv" -> along Diff.fjacobianTv Diff.jacobianTv (direction (f x).shape)
    | "gradhessian" ->
        let y, g, h = Diff.fgradhessian f x
        let g', h' = Diff.gradhessian f x
        y, [ g; h ], [ g'; h' ]
    | "curldivergence" ->
        let y, c, d = Diff.fcurldivergence f x
        let c', d' = Diff.curldivergence f x
        y, [ c; d ], [ c'; d' ]
    | _ -> failwith $"unknown operator %s{operator}"

let private check row =
    use _ = torch.NewDisposeScope()
    let operator, f = problem row
    let shape: int64[] = if ofScalar row operator then [||] else [| row.Point.LongLength |]
    let x = Tensor.ofArray Placement.float64 shape row.Point
    let value, fromTwin, alone = run operator f x row.Direction
    expectValues (vector (List.ofArray row.Value)) (value.reshape -1L) "value"

    for results in [ fromTwin; alone ] do
        let found = results |> List.map (fun t -> t.reshape -1L) |> ResizeArray |> torch.cat
        expectValues (vector (List.ofArray row.Result)) found "result"
        Expect.equal (shapeText results) row.Shape "shape"

let tests =
    testList "DiffSharp's derivatives" [
        testCase "all 421 are here" (fun () ->
            Expect.equal (rows |> Array.distinctBy _.Id |> Array.length) 421 "rows with names of their own")

        testList "rows" [ for row in rows -> testCase row.Id (fun () -> check row) ]
    ]
