/// Transforms with their directions exchanged, and what is known of points.
module Vae.Core.Tests.Transforms.InverseTests

open Expecto
open TorchSharp
open Vae.Core
open Vae.Testing

let private key = Key.ofSeed 43

let private agree message (expected: Tensor) (actual: Tensor) =
    Expect.equal actual.shape expected.shape message
    Array.iter2 (fun e a -> isClose 1e-12 e a message) (Tensor.toArray expected) (Tensor.toArray actual)

let private ofKind (kind: Kinds.Kind) =
    testCase kind.Name
    <| fun () ->
        let transform = kind.Make(Kinds.draw f64 [||] 0.5 key kind)
        let x = kind.Points(0.5 .* Key.normal f64 [| 5L; kind.Size |] (Key.fold 1 key))
        let inverse, y = Transform.inverse transform, transform.Forward x
        agree "forward" (transform.Inverse y) (inverse.Forward y)
        agree "inverse" (transform.Forward x) (inverse.Inverse x)
        agree "log-determinant" ((transform.LogDet(transform.Inverse y)).neg()) (inverse.LogDet y)
        agree "formula" ((transform.LogSlope(transform.Inverse y, y)).neg()) (inverse.LogSlope(y, transform.Inverse y))
        agree "log-determinant with the point" (snd (transform.InverseAndLogDet y)) (snd (inverse.ForwardAndLogDet y))

let private known (shift: float) : Position =
    let numbers offset = vector [ offset + shift; offset + shift + 0.25 ]

    {
        Position.at (numbers 1.0) with
            Low = Some { From = numbers 2.0; Log = numbers 3.0 }
            High = Some { From = numbers 4.0; Log = numbers 5.0 }
            LogSize = Some(numbers 6.0)
    }

let tests =
    scoped
    <| testList "Inverses" [
        for kind in Kinds.all do
            ofKind kind

        testCase "a choice of positions is one of both in all that is known"
        <| fun () ->
            let a, b = known 0.0, known 100.0
            let chosen = Position.choose ((vector [ 1.0; 0.0 ]).gt(0.5.AsScalar())) a b

            let mixed (part: Position -> Tensor) =
                let a, b = Tensor.toArray (part a), Tensor.toArray (part b)
                Expect.equal (Tensor.toArray (part chosen)) [| a[0]; b[1] |] "chosen"

            mixed _.X
            mixed _.Low.Value.From
            mixed _.Low.Value.Log
            mixed _.High.Value.From
            mixed _.High.Value.Log
            mixed _.LogSize.Value

        testCase "the size of a point of which no more is known is its own"
        <| fun () ->
            agree "log-size" (vector [ log 0.5; log 3.0 ]) (Position.logSize (Position.at (vector [ -0.5; 3.0 ])))

        testCase "an order that is none is refused with what it is"
        <| fun () ->
            refused [ "order"; "[0, 2]"; "each of 0 .. 1 once" ] (fun () -> Transform.permute [| 0; 2 |])
            refused [ "order"; "[0, 0, 1]"; "each of 0 .. 2 once" ] (fun () -> Transform.permute [| 0; 0; 1 |])
    ]
