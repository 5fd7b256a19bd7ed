module Vae.Core.Tests.Special.LogBesselTests

open System
open Expecto
open Vae.Core
open Vae.Testing
open TorchSharp
open Vae.Core.Tests.Special.References

let private logs = [
    [ 300.0; 1000000.0; 999992.1283062906 ]
    [ 1.0; 39.99; 37.21724951318539 ]
    [ 45.0; 300.0; 292.85529094881883 ]
    [ 0.0; 1000000.0; 999992.1733063128 ]
    [ 0.0; 300.0; 296.22958759300224 ]
    [ 10.0; 1e-06; -160.1909899583177 ]
    [ 2.5; 39.99; 37.15079096661036 ]
    [ 39.9; 25.0; -5.510095433569585 ]
    [ 0.0; 10000.0; 9994.475903781433 ]
    [ 45.0; 39.99; 13.707579689914986 ]
    [ 39.9; 1e-06; -688.8460742967101 ]
    [ 300.0; 300.0; 155.90792488411674 ]
    [ 1.0; 0.01; -5.298304866574078 ]
    [ 0.0; 39.99; 37.22991267876969 ]
    [ 45.0; 1000000.0; 999992.1722938123 ]
    [ 45.0; 5.0; -87.75517679092795 ]
    [ 31.0; 25.0; 4.782117039681747 ]
    [ 0.5; 1e-06; -7.1335466316266976 ]
    [ 2.5; 0.7; -3.7906638818612812 ]
    [ 300.0; 40.1; -514.1044832907927 ]
    [ 0.5; 39.99; 37.226746755365966 ]
    [ 2.5; 1e-06; -37.47261794865755 ]
    [ 31.0; 5.0; -49.49247196871997 ]
    [ 45.0; 1e-06; -782.0135318727171 ]
    [ 45.0; 0.7; -176.36326627352855 ]
    [ 0.5; 300.0; 296.22917022946723 ]
    [ 1.0; 1e-06; -14.508657738524095 ]
    [ 0.5; 0.7; -0.3237560151582338 ]
    [ 300.0; 39.99; -514.9358419295495 ]
    [ 45.0; 25.0; -12.181879796923944 ]
    [ 0.5; 5.0; 3.2762971096179068 ]
    [ 0.0; 40.1; 37.338530425639895 ]
    [ 0.5; 25.0; 22.471623554361226 ]
    [ 10.0; 25.0; 20.463586497362027 ]
    [ 0.0; 25.0; 22.476728004999245 ]
    [ 31.0; 1000000.0; 999992.1728258126 ]
    [ 1.0; 10000.0; 9994.475853778931 ]
    [ 10.0; 300.0; 296.0626577226882 ]
    [ 0.0; 0.7; 0.11894060391060185 ]
    [ 1.0; 0.7; -0.9891849238651989 ]
]

let private ratios = [
    [ 0.5; 1000000.0; 0.999999 ]
    [ 31.0; 40.1; 0.4831377977850281 ]
    [ 2.5; 1e-06; 1.4285714285714057e-07 ]
    [ 300.0; 10000.0; 0.9703999425122478 ]
    [ 10.0; 10000.0; 0.9989504987997581 ]
    [ 0.5; 25.0; 0.96 ]
    [ 45.0; 40.1; 0.375431564943617 ]
    [ 39.9; 40.1; 0.40945499892895243 ]
    [ 31.0; 1000000.0; 0.9999685004803754 ]
    [ 1.0; 10000.0; 0.999850003750375 ]
    [ 0.5; 40.1; 0.9750623441396509 ]
    [ 31.0; 10000.0; 0.9968548042189045 ]
    [ 0.5; 39.99; 0.9749937484371093 ]
    [ 45.0; 39.99; 0.3746526727305394 ]
    [ 31.0; 5.0; 0.07766785138010067 ]
    [ 39.9; 1000000.0; 0.9999596007958808 ]
    [ 300.0; 1000000.0; 0.999699544999919 ]
    [ 0.0; 0.7; 0.33017728953267106 ]
    [ 10.0; 0.7; 0.031788704069541734 ]
    [ 1.0; 39.99; 0.9627311798492278 ]
    [ 10.0; 1e-06; 4.5454545454545365e-08 ]
    [ 45.0; 5.0; 0.054191598415760885 ]
    [ 0.0; 10000.0; 0.999949998749875 ]
    [ 39.9; 0.01; 0.00012224938696965378 ]
    [ 10.0; 40.1; 0.7694591935404006 ]
    [ 1.0; 0.7; 0.17153304426571003 ]
    [ 10.0; 300.0; 0.9655558676525735 ]
    [ 300.0; 40.1; 0.0663192844131399 ]
    [ 0.5; 10000.0; 0.9999 ]
    [ 300.0; 0.7; 0.0011627891306959382 ]
    [ 1.0; 0.01; 0.002499989583398437 ]
    [ 39.9; 10000.0; 0.9959679595643157 ]
    [ 39.9; 5.0; 0.060903343448799115 ]
    [ 1.0; 300.0; 0.9950041806166693 ]
    [ 1.0; 1000000.0; 0.999998500000375 ]
    [ 39.9; 1e-06; 1.2224938875305622e-08 ]
    [ 10.0; 5.0; 0.217364953043283 ]
    [ 10.0; 25.0; 0.659744429908102 ]
    [ 0.0; 25.0; 0.9797914534905159 ]
    [ 31.0; 25.0; 0.34520447350691286 ]
]

let private at (f: float -> Tensor -> Tensor) (v: float[]) = number (f v[0] (vector [ v[1] ]))

/// The first n derivatives at each x.
let private derivatives n (f: Tensor -> Tensor) (x: float list) =
    let x = (vector x).requires_grad_ true

    let next (value: Tensor) =
        Array.head (
            torch.autograd.grad ([| value.sum () |], [| x |], retain_graph = true, create_graph = true)
            |> Seq.toArray
        )

    List.scan (fun value _ -> next value) (f x) [ 1..n ] |> List.tail |> List.map Tensor.toArray

let tests =
    scoped
    <| testList "LogBessel" [
        testCase "log I_v and the ratio agree with 40-digit arithmetic"
        <| fun () ->
            // log I_v is a sum of terms up to r or v log(x/2) large: its error is relative to 1 where it is small.
            for row in logs do
                isClose 4e-15 row[2] (at LogBessel.at [| row[0]; row[1] |]) $"order %g{row[0]} at %g{row[1]}"

            agrees 4e-14 (at LogBessel.ratio) ratios

        testCase "log I_0 near 0 is x^2 / 4 - x^4 / 64"
        <| fun () -> isNear 1e-14 2.49999999999984375e-13 (at LogBessel.at [| 0.0; 1e-6 |]) "relative"

        testCase "half-integer orders are hyperbolic functions"
        <| fun () ->
            for x in [ 0.01; 1.0; 30.0; 50.0 ] do
                let expected = 0.5 * log (2.0 / (Math.PI * x)) + log (sinh x)
                isClose 1e-14 expected (at LogBessel.at [| 0.5; x |]) $"at %g{x}"

        testCase "the derivative of log I_v is the ratio plus v / x, to the second order"
        <| fun () ->
            let x = [ 1e-3; 0.5; 7.0; 39.0; 41.0; 500.0 ]

            for v in [ 0.0; 0.5; 1.0; 15.0; 60.0 ] do
                let byAutograd = derivatives 2 (LogBessel.at v) x

                let byRatio =
                    let form (t: Tensor) = LogBessel.ratio v t + v .* t.reciprocal ()
                    Tensor.toArray (form (vector x)) :: derivatives 1 form x

                for order, (left, right) in List.indexed (List.zip byAutograd byRatio) do
                    for i in 0 .. x.Length - 1 do
                        isNear 1e-9 right[i] left[i] $"order %g{v}, derivative %d{order + 1} at %g{x[i]}"

        testCase "single precision is the double rounded, of the size of the terms"
        <| fun () ->
            for v in [ 0.0; 1.0; 20.0; 100.0 ] do
                let x = [ 0.01; 1.0; 20.0; 39.0; 60.0; 1000.0 ]
                let single = Tensor.ofArray Placement.float32 [| 6L |] (List.toArray x)
                Expect.equal single.dtype (LogBessel.at v single).dtype "dtype"

                for a, b in
                    Seq.zip (Tensor.toArray (LogBessel.at v single)) (Tensor.toArray (LogBessel.at v (vector x))) do
                    isClose 2e-6 b a $"order %g{v}"

        testCase "a negative order is refused"
        <| fun () -> refused [ "order"; "-1" ] (fun () -> LogBessel.at -1.0 (vector [ 1.0 ]))
    ]
