/// What every transform has to keep: an exact inverse, the log-determinant of its Jacobian, and shapes.
module Vae.Core.Tests.Transforms.TransformTests

open Expecto
open TorchSharp
open Vae.Core
open Vae.Testing
open Vae.Core.Tests.Transforms.Kinds

let private epsilon = 2.220446049250313e-16
let private length (t: Tensor) = number (t.norm ())

/// What rounding may do to the value of f, and to x through the inverse, in units of the precision: f rounds its own
/// terms (parameters are at most some 10 in size and terms some tens in number) and its argument; the inverse multiplies
/// both by |1/J|.
let private sensitivity case (transform: Transform) (x: Tensor) =
    let j = jacobian transform x
    let terms = 300.0 * (1.0 + (if case.Kind.Shapes.IsEmpty then 0.0 else case.Magnitude ** 2.0))

    let scale =
        // Where there are no parameters, every step is right in relative terms.
        if case.Kind.Shapes.IsEmpty then
            length (transform.Forward x)
        else
            1.0 + length (transform.Forward x) + length x

    let value = terms * (scale + length j * length x)
    value, value * length (torch.linalg.inv j), length j

let private distance (a: Tensor) (b: Tensor) = length (a - b)

let private within (tolerance: float) (distance: float) message =
    // An infinite or undefined tolerance allows nothing.
    if not (distance <= tolerance && System.Double.IsFinite tolerance) then
        failtest $"%s{message}: off by %.3g{distance}, where %.3g{tolerance} is allowed"

/// All tensors of a kind in one vector, and back.
let private pack (tensors: Tensor list) =
    if tensors.IsEmpty then
        None
    else
        Some(torch.cat (tensors |> List.map _.flatten() |> List.toArray))

let private unpack (shapes: int64[] list) (vector: Tensor) =
    ((0L, []), shapes)
    ||> List.fold (fun (start, tensors) shape ->
        let size = Array.fold (*) 1L shape
        start + size, vector.narrow(0L, start, size).reshape(shape) :: tensors)
    |> snd
    |> List.rev

let tests =
    scoped
    <| testList "Transforms" [
        property config "the inverse of forward is the point, to what rounding and the slope allow" (fun case ->
            let t, x = transformOf case, pointOf case
            let _, back, _ = sensitivity case t x
            within (epsilon * back) (distance x (t.Inverse(t.Forward x))) $"%s{case.Kind.Name} at %A{Tensor.toArray x}")

        property config "forward of the inverse is the value" (fun case ->
            let t, x = transformOf case, pointOf case
            let y = t.Forward x
            let value, back, slope = sensitivity case t x

            within
                (epsilon * (value + slope * back))
                (distance y (t.Forward(t.Inverse y)))
                $"%s{case.Kind.Name} at %A{Tensor.toArray x}")

        property config "the log-determinant is that of the Jacobian" (fun case ->
            let t, x = transformOf case, pointOf case
            let j = jacobian t x
            let expected = number ((torch.linalg.det j).abs().log())
            let found = number ((t.LogDet x).sum())
            // The determinant is off by the relative error of a linear solve.
            let condition = length j * length (torch.linalg.inv j)
            let _, back, _ = sensitivity case t x

            within
                (1e3 * epsilon * (1.0 + condition + back / (1.0 + length x) + abs expected))
                (abs (expected - found))
                $"%s{case.Kind.Name} at %A{Tensor.toArray x}")

        property config "the log-determinant of the inverse is the negative" (fun case ->
            let t, x = transformOf case, pointOf case
            let y, forward = t.ForwardAndLogDet x
            let again, backward = t.InverseAndLogDet y
            let value, back, _ = sensitivity case t x
            // What moves x moves the log-determinant, by its gradient; near a curved place by the step itself.
            let gradient = length (Diff.grad (fun x -> (t.LogDet x).sum()) x)

            within
                (epsilon * (back * (1.0 + gradient) + value))
                (distance forward (backward.neg ()))
                $"%s{case.Kind.Name} at %A{Tensor.toArray x}"

            Expect.equal (Tensor.toArray y) (Tensor.toArray (t.Forward x)) "forward"
            Expect.equal (Tensor.toArray again) (Tensor.toArray (t.Inverse y)) "inverse"
            Expect.equal (Tensor.toArray forward) (Tensor.toArray (t.LogDet x)) "log-determinant")

        testCase "every kind is inverted and measured with its directions exchanged"
        <| fun () ->
            for kind in all do
                let case = { Kind = kind; Key = Key.ofSeed 3; Magnitude = 1.0; Reach = 1.0 }
                let t, x = transformOf case, pointOf case
                let y = t.Forward x
                let exchanged = Transform.inverse t
                Expect.equal (Tensor.toArray (exchanged.Inverse x)) (Tensor.toArray y) kind.Name
                Expect.equal (Tensor.toArray (exchanged.Forward y)) (Tensor.toArray (t.Inverse y)) kind.Name
                let expected = (snd (t.InverseAndLogDet y))
                isClose 1e-12 (number (expected.sum ())) (number ((exchanged.LogDet y).sum())) kind.Name
                Expect.isTrue (obj.ReferenceEquals(Transform.inverse exchanged, t)) kind.Name

        testCase "batches of parameters and of points broadcast, and each is as alone"
        <| fun () ->
            for kind in all do
                let key = Key.ofSeed 8
                let tensors = draw f64 [| 2L; 1L |] 0.7 key kind
                let batched = kind.Make tensors
                let x = kind.Points(Key.normal f64 [| 3L; kind.Size |] (Key.fold 50 key))
                let isParametric = kind.IsBatched && not kind.Shapes.IsEmpty
                let batch = if isParametric then [| 2L; 3L |] else [| 3L |]
                let y, slope = batched.ForwardAndLogDet x
                let points = batched.ForwardShape [| kind.Size |]
                Expect.equal y.shape (Array.append batch points) $"%s{kind.Name}: y"
                let last = if batched.Rank = 0 then points else [||]
                Expect.equal slope.shape (Array.append batch last) $"%s{kind.Name}: log-determinant"
                let back, backSlope = batched.InverseAndLogDet y
                Expect.equal back.shape (Array.append batch [| kind.Size |]) $"%s{kind.Name}: x"
                Expect.equal backSlope.shape slope.shape $"%s{kind.Name}: log-determinant of the inverse"
                Expect.equal (batched.InverseShape points) [| kind.Size |] $"%s{kind.Name}: shape of the inverse"

                for i in 0L .. (if isParametric then 1L else 0L) do
                    for j in 0L .. 2L do
                        let at (t: Tensor) = if isParametric then t[i, j] else t[j]

                        let alone =
                            if isParametric then
                                kind.Make(tensors |> List.map (fun t -> t[i, 0L]))
                            else
                                batched

                        let y1, slope1 = alone.ForwardAndLogDet x[j]
                        let message = $"%s{kind.Name} at %d{i}, %d{j}"
                        within 1e-12 (distance (at y) y1) message
                        within 1e-12 (distance (at slope) slope1) message

        testCase "float32 gives float32, close to float64"
        <| fun () ->
            let single (t: Tensor) = t.to_type torch.ScalarType.Float32
            let wide (t: Tensor) = t.to_type torch.ScalarType.Float64

            for kind in all do
                let case = { Kind = kind; Key = Key.ofSeed 5; Magnitude = 0.7; Reach = 1.0 }
                let tensors = draw f64 [||] case.Magnitude case.Key kind |> List.map single
                let x = single (pointOf case)
                let narrow, double = kind.Make tensors, kind.Make(List.map wide tensors)
                let value, back, _ = sensitivity case double (wide x)
                let y, slope = narrow.ForwardAndLogDet x
                let expected, expectedSlope = double.ForwardAndLogDet(wide x)
                let epsilon32 = 5.96e-8

                for t in [ y; slope; narrow.Inverse y; snd (narrow.InverseAndLogDet y) ] do
                    Expect.equal t.dtype torch.ScalarType.Float32 kind.Name

                within (epsilon32 * value) (distance expected (wide y)) $"%s{kind.Name}: y"
                within (epsilon32 * value) (distance expectedSlope (wide slope)) $"%s{kind.Name}: log-determinant"
                within (epsilon32 * back) (distance (wide x) (wide (narrow.Inverse y))) $"%s{kind.Name}: inverse"

        testCase "gradients by the parameters are central differences, of forward, inverse and log-determinant"
        <| fun () ->
            for kind in all do
                for seed in [ 11; 12 ] do
                    let key = Key.ofSeed seed
                    let x = kind.Points(Key.normal f64 [| 3L; kind.Size |] (Key.fold 70 key))

                    match pack (draw f64 [||] 0.7 key kind) with
                    | None -> ()
                    | Some parameters ->
                        let y = (kind.Make(unpack kind.Shapes parameters)).Forward x
                        let weights = Key.normal f64 y.shape (Key.fold 71 key)

                        let through name (f: Transform -> Tensor) =
                            let f parameters = f (kind.Make(unpack kind.Shapes parameters))
                            let found = Diff.grad f parameters |> Tensor.toArray
                            let differences step = centralDifferences step (f >> number) (Tensor.toArray parameters)

                            // What halving the step changes is four thirds of the truncation; rounding leaves 1e-9.
                            Array.zip3 (differences 2e-5) (differences 1e-5) found
                            |> Array.iteri (fun i (coarse, fine, found) ->
                                let expected = fine + (fine - coarse) / 3.0
                                let error = abs (found - expected)
                                let allowed = 1e-8 * (1.0 + abs expected) + abs (fine - coarse)

                                if not (error <= allowed && allowed < 1e-3 * (1.0 + abs expected)) then
                                    failtest
                                        $"%s{kind.Name}: %s{name} by parameter %d{i}: %.10g{found}, differences %.10g{expected}")

                        through "forward" (fun t -> (t.Forward x * weights).sum())
                        through "log-determinant" (fun t -> (t.LogDet x).sum())
                        through "inverse" (fun t -> (t.Inverse y * weights.narrow (-1L, 0L, kind.Size)).sum())
                        through "log-determinant of the inverse" (fun t -> (snd (t.InverseAndLogDet y)).sum())

        testCase "a direction is the sign of the slope; vectors have none"
        <| fun () ->
            let sign (t: Transform) (x: Tensor) =
                match t.Direction with
                | Some Direction.Increasing -> Some 1.0
                | Some Direction.Decreasing -> Some -1.0
                | Some(Direction.PerElement increasing) ->
                    Some(if (increasing.expand x.shape).all().ToBoolean() then 1.0 else -1.0)
                | None -> None

            for kind in elementwise do
                for seed in 1..6 do
                    let case = { Kind = kind; Key = Key.ofSeed seed; Magnitude = 1.0; Reach = 1.0 }
                    let t, x = transformOf case, pointOf case
                    Expect.equal (sign t x) (Some(number ((jacobian t x).sign()))) kind.Name

            for kind in vectors do
                let t = kind.Make(draw f64 [||] 1.0 (Key.ofSeed 1) kind)
                Expect.isNone t.Direction kind.Name

            let flip = Transform.affine (vector [ 0.0 ]) (vector [ -2.0 ])
            let x = vector [ 0.3 ]
            Expect.equal (sign (Transform.chain [ flip; Transform.exp ]) x) (Some -1.0) "one flip"
            Expect.equal (sign (Transform.chain [ flip; Transform.exp; flip ]) x) (Some 1.0) "two flips"

        testCase "a chain is its parts in their order, flat, and an empty one is the identity"
        <| fun () ->
            let double = Transform.affine (vector [ 0.0 ]) (vector [ 2.0 ])
            let chain = Transform.chain [ Transform.chain [ double; Transform.exp ]; double ]
            let x = vector [ 0.3; -1.0 ]
            within 1e-15 (distance (chain.Forward x) (2.0 .* (2.0 .* x).exp())) "forward"
            Expect.equal chain.Name "chain(affine, exp, affine)" "name"
            let identity = Transform.chain []
            let y, slope = identity.ForwardAndLogDet x
            Expect.equal (Tensor.toArray y) (Tensor.toArray x) "identity"
            Expect.equal (Tensor.toArray slope) [| 0.0; 0.0 |] "its log-slope"
            y.Dispose()
            (identity.Inverse x).Dispose()
            Expect.equal (Tensor.toArray x) [| 0.3; -1.0 |] "x is the caller's still"

        testCase "bad parameters and points are refused by name"
        <| fun () ->
            let v = vector
            let one = Tensor.scalar f64 1.0
            refused [ "scale"; "0"; "other than 0" ] (fun () -> Transform.affine (v [ 1.0 ]) (v [ 0.0 ]))
            refused [ "loc"; "NaN" ] (fun () -> Transform.affine (v [ nan ]) (v [ 1.0 ]))
            refused [ "scale"; "[3]"; "[2]" ] (fun () -> Transform.affine (v [ 1.0; 2.0 ]) (v [ 1.0; 1.0; 1.0 ]))
            refused [ "exponent"; "0" ] (fun () -> Transform.power (v [ 0.0 ]))

            refused [ "scaleTril"; "above the diagonal" ] (fun () ->
                Transform.scaleTril (v [ 0.0; 0.0 ]) (matrix [ [ 1.0; 0.3 ]; [ 0.0; 1.0 ] ]))

            refused [ "diagonal"; "scaleTril"; "-1" ] (fun () ->
                Transform.scaleTril (v [ 0.0; 0.0 ]) (matrix [ [ 1.0; 0.0 ]; [ 0.3; -1.0 ] ]))

            refused [ "order"; "0, 2, 2" ] (fun () -> Transform.permute [| 0; 2; 2 |])
            refused [ "order"; "[]" ] (fun () -> Transform.permute [||])

            refused [ "squared length"; "vectors"; "0" ] (fun () ->
                Transform.householder (matrix [ [ 1.0; 2.0 ]; [ 0.0; 0.0 ] ]))

            refused [ "squared length"; "w" ] (fun () -> Transform.planar (v [ 1.0; 1.0 ]) (v [ 0.0; 0.0 ]) one)
            refused [ "u"; "[3]"; "2" ] (fun () -> Transform.planar (v [ 1.0; 1.0; 1.0 ]) (v [ 1.0; 0.0 ]) one)
            refused [ "alpha"; "0"; "positive" ] (fun () -> Transform.radial (v [ 0.0 ]) (Tensor.scalar f64 0.0) one)
            let eye = torch.eye (2L, dtype = torch.ScalarType.Float64)
            let low = matrix [ [ 1.0; 0.0 ]; [ 0.5; 1.0 ] ]
            let two = v [ 0.0; 0.0 ]
            refused [ "r "; "upper triangular"; "0.5" ] (fun () -> Transform.sylvester eye low eye two)
            refused [ "rTilde"; "upper triangular" ] (fun () -> Transform.sylvester eye eye low two)
            refused [ "b "; "3"; "at most 2" ] (fun () -> Transform.sylvester eye eye eye (v [ 0.0; 0.0; 0.0 ]))
            refused [ "mask"; "passes" ] (fun () -> Transform.couplingBy [| false |] (fun _ -> Transform.exp))
            refused [ "mask"; "changes" ] (fun () -> Transform.couplingBy [| true |] (fun _ -> Transform.exp))

            refused [ "conditioner"; "stickBreaking" ] (fun () ->
                (Transform.couplingBy [| true; false |] (fun _ -> Transform.stickBreaking)).Forward two)

            refused [ "bound"; "-1" ] (fun () -> Transform.spline -1.0 two two one)
            refused [ "heights"; "3"; "2 bins" ] (fun () -> Transform.spline 1.0 two (v [ 0.0; 0.0; 0.0 ]) (v [ 0.0 ]))
            refused [ "slopes"; "2"; "expected 1" ] (fun () -> Transform.spline 1.0 two two two)
            refused [ "widths"; "1 bins" ] (fun () -> Transform.spline 1.0 (v [ 0.0 ]) (v [ 0.0 ]) two)

            refused [ "widths"; "1000 bins" ] (fun () ->
                let many = torch.zeros ([| 1000L |], dtype = torch.ScalarType.Float64)
                Transform.spline 1.0 many many (many.narrow (0L, 0L, 999L)))

            let threes = Transform.permute [| 0; 1; 2 |]
            refused [ "x"; "[2]"; "[..., 3]"; "permute" ] (fun () -> threes.Forward two)
            refused [ "y"; "[]" ] (fun () -> threes.Inverse one)
            refused [ "x"; "[]" ] (fun () -> Transform.stickBreaking.Forward one)
            refused [ "y"; "[1]" ] (fun () -> Transform.stickBreaking.Inverse(v [ 1.0 ]))
            let widening = Transform.affine (v [ 1.0; 2.0; 3.0 ]) (v [ 1.0 ])

            refused [ "parts"; "affine"; "[1]"; "[3]" ] (fun () ->
                (Transform.chain [ Transform.permute [| 0 |]; widening ]).Forward(v [ 1.0 ]))
    ]
