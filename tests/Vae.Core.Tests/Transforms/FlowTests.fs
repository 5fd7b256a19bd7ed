/// What is particular to flows: planar, Sylvester, autoregressive, spline.
module Vae.Core.Tests.Transforms.FlowTests

open Expecto
open FsCheck.FSharp
open TorchSharp
open Vae.Core
open Vae.Testing
open Vae.Core.Tests.Transforms.Kinds

let private epsilon = 2.220446049250313e-16
let private find name = all |> List.find (fun kind -> kind.Name = name)
let private scalar (x: float) = Tensor.scalar f64 x

let private residual (s: float) (c: float) =
    let a = number (TanhEquation.solve (scalar s) (scalar c))
    let h = tanh a
    let terms = abs a + abs (s - 1.0) * abs h + abs c
    abs (a + (s - 1.0) * h - c), terms

/// A spline with bins that differ much, its knots, and its slopes at the inner ones.
let private splineAt seed =
    let key = Key.ofSeed seed
    let draw n i = 1.5 * Key.normal f64 [| n |] (Key.fold i key)
    let widths, heights, slopes = draw 5L 0, draw 5L 1, draw 4L 2
    SplineTransform.Create(3.0, widths, heights, slopes), slopes

let tests =
    scoped
    <| testList "Flows" [
        testCase "the equation of planar flows is solved to rounding, however flat or steep"
        <| fun () ->
            for s in [ 1e-300; 1e-16; 1e-4; 0.5; 1.0; 3.0; 1e4; 1e12 ] do
                for c in [ 0.0; 1e-290; 1e-12; 1e-3; 0.3; 1.0; 17.0; 1e3; 1e6 ] do
                    for c in [ c; -c ] do
                        let error, terms = residual s c
                        Expect.isLessThanOrEqual error (8.0 * epsilon * terms) $"s = %g{s}, c = %g{c}"

        testCase "its root has its derivatives to the third"
        <| fun () ->
            for s, c in [ 0.2, 0.4; 3.0, -1.2; 1.7, 5.0 ] do
                for n in [ 1; 2; 3 ] do
                    let byC n (c: float) = number (Diff.diffn n (TanhEquation.solve (scalar s)) (scalar c))
                    let byS n (s: float) = number (Diff.diffn n (fun s -> TanhEquation.solve s (scalar c)) (scalar s))
                    let step = 1e-5
                    let differences f (x: float) = (f (n - 1) (x + step) - f (n - 1) (x - step)) / (2.0 * step)
                    // Derivatives grow some tenfold by order where the slope is 1/5: 1e-10 of the fifth or sixth.
                    isClose 1e-5 (differences byC c) (byC n c) $"by c, s = %g{s}, order %d{n}"
                    isClose 1e-5 (differences byS s) (byS n s) $"by s, c = %g{c}, order %d{n}"

        testCase "planar and Sylvester flows whose constraint is at its end are inverted still"
        <| fun () ->
            // w . u = -30: the map folds flat at w . x + b = 0, with slope e^-30 there.
            let w = vector [ 2.0; -1.0; 0.5 ]
            let planar = Transform.planar (-30.0 / 5.25 * w) w (scalar 0.3)
            let x = vector [ 0.7; 1.1; -0.4 ]
            let y = planar.Forward x
            Expect.isLessThan (number ((planar.Inverse y - x).abs().max())) 1e-13 "planar"
            let flat = vector [ -0.15; 0.0; 0.0 ]
            // log softplus(-30), by 50-digit arithmetic; the preactivation is 0.
            isClose 1e-13 -30.000000000000046788 (number (planar.LogDet flat)) "the slope where it is flat"
            let eye = torch.eye (2L, dtype = torch.ScalarType.Float64)
            let sylvester = Transform.sylvester eye (30.0 .* eye) (-30.0 .* eye) (vector [ 0.0; 0.0 ])
            let at = number (sylvester.LogDet(vector [ 0.0; 0.0 ]))
            // 1 - tanh^2 30 = 4 e^-60 (1 - 2 e^-60 ...), twice.
            isClose 1e-13 (2.0 * (log 4.0 - 60.0)) at "the slope of the Sylvester flow where it is flat"

        testCase "an autoregressive Jacobian is triangular, exactly, in both directions"
        <| fun () ->
            for name in [ "maskedAutoregressive"; "inverseAutoregressive" ] do
                let kind = find name
                let t = kind.Make(draw f64 [||] 1.0 (Key.ofSeed 4) kind)
                let x = Key.normal f64 [| 3L |] (Key.ofSeed 5)

                for what, f, at in [ "forward", t.Forward, x; "inverse", t.Inverse, t.Forward x ] do
                    let j = Diff.jacobian f at
                    Expect.equal (number (j.triu(1L).abs().sum())) 0.0 $"%s{name} %s{what}: above"

                    Expect.isGreaterThan
                        (number (j.tril(-1L).abs().min() + j.tril(-1L).abs().sum()))
                        0.1
                        $"%s{name} %s{what}: below"

        testCase "MADE: outputs depend on all inputs before theirs and on no others"
        <| fun () ->
            for k, widths in [ 1, [ 4 ]; 2, []; 4, [ 8 ]; 5, [ 16; 16 ] ] do
                let made = Made.create f64 k widths (Key.ofSeed 6)
                let x = Key.normal f64 [| int64 k |] (Key.ofSeed 7)

                for what, f in
                    [ "shifts", (fun x -> fst (made.Conditions x)); "log-scales", (fun x -> snd (made.Conditions x)) ] do
                    let j = Diff.jacobian f x |> Tensor.toArray

                    for i in 0 .. k - 1 do
                        for p in 0 .. k - 1 do
                            let depends = j[i * k + p] <> 0.0
                            Expect.equal depends (p < i) $"%s{what} %d{i} of %d{k} by %d{p}"

        testCase "MADE: layers that do not fit are refused by name"
        <| fun () ->
            let zeros (shape: int64 list) = torch.zeros (List.toArray shape, dtype = torch.ScalarType.Float64)
            refused [ "layers"; "empty" ] (fun () -> Made.ofLayers 2 [])
            refused [ "weight 0"; "[4, 3]"; "[out, 2]" ] (fun () -> Made.ofLayers 2 [ zeros [ 4L; 3L ], zeros [ 4L ] ])
            refused [ "bias 0"; "[3]"; "[4]" ] (fun () -> Made.ofLayers 2 [ zeros [ 4L; 2L ], zeros [ 3L ] ])
            refused [ "layers"; "3 outputs"; "4" ] (fun () -> Made.ofLayers 2 [ zeros [ 3L; 2L ], zeros [ 3L ] ])
            refused [ "widths"; "0" ] (fun () -> Made.create f64 2 [ 0 ] (Key.ofSeed 0))

        testCase "one network makes the masked and the inverse flow, each the other with its scales turned"
        <| fun () ->
            let made = Made.create f64 3 [ 6 ] (Key.ofSeed 9)
            let masked, inverse = Transform.maskedAutoregressive made, Transform.inverseAutoregressive made
            let x = Key.normal f64 [| 5L; 3L |] (Key.ofSeed 10)
            let shift, logScale = made.Conditions x
            let e = number ((inverse.Forward x - (shift + logScale.exp () * x)).abs().max())
            Expect.isLessThan e 1e-14 "the inverse flow scales and shifts by what it is given"
            let e = number ((masked.Inverse x - (x - shift) / logScale.exp ()).abs().max())
            Expect.isLessThan e 1e-13 "the masked flow undoes it"

        testCase "a spline is the identity in its tails and at its ends, and where its numbers are 0"
        <| fun () ->
            let spline, _ = splineAt 1
            let out = vector [ -1e9; -3.5; -3.0; 3.0; 3.0000001; 77.0 ]
            Expect.equal (Tensor.toArray (spline.Forward out)) (Tensor.toArray out) "forward"
            Expect.equal (Tensor.toArray (spline.Inverse out)) (Tensor.toArray out) "inverse"
            Expect.equal (Tensor.toArray (spline.LogDet out)) (Array.zeroCreate 6) "log-slope"
            let zeros (n: int64) = torch.zeros ([| n |], dtype = torch.ScalarType.Float64)
            let plain = Transform.spline 3.0 (zeros 6L) (zeros 6L) (zeros 5L)
            let x = torch.linspace (-4.0, 4.0, 401L, dtype = torch.ScalarType.Float64)
            let y, slope = plain.ForwardAndLogDet x
            Expect.isLessThan (number ((y - x).abs().max())) 1e-14 "identity"
            Expect.isLessThan (number (slope.abs().max())) 1e-13 "slope 1"

        testCase "a spline passes through its knots with the slopes given, from both sides"
        <| fun () ->
            for seed in 1..5 do
                let spline, slopes = splineAt seed
                let xs, ys = spline.Knots
                let y = spline.Forward xs
                Expect.isLessThan (number ((y - ys).abs().max())) 1e-14 "values at the knots"
                let inner = xs.narrow (0L, 1L, 4L)
                let shift = log (exp 0.999 - 1.0)
                let expected = 1e-3 .+ torch.nn.functional.softplus (shift .+ slopes)
                let gap = number (((spline.LogDet inner).exp() / expected - 1.0.AsScalar()).abs().max())
                Expect.isLessThan gap 1e-12 "slopes at the knots"
                let sides step = spline.LogDet(step .+ xs)
                // Bins are 0.006 wide at least, so that log-slopes change by some 1e4 a unit at most.
                let gap = number ((sides 1e-10 - sides -1e-10).abs().max())
                Expect.isLessThan gap 1e-5 "slopes on both sides"

        testCase "a spline increases"
        <| fun () ->
            for seed in 1..5 do
                let spline, _ = splineAt seed
                let y = spline.Forward(torch.linspace (-3.2, 3.2, 2001L, dtype = torch.ScalarType.Float64))
                Expect.isTrue ((y.diff().gt(0.0.AsScalar())).all().ToBoolean()) "differences"
    ]
