module Vae.Core.Tests.Special.ElementwiseTests

open System
open Expecto
open Vae.Core
open Vae.Testing
open Vae.Core.Tests.Special.References
open TorchSharp

let tests =
    scoped
    <| testList "Elementwise" [
        testCase "functions of broadcast tensors, with the first one's dtype"
        <| fun () ->
            let a = Tensor.ofArray Placement.float32 [| 2L; 1L |] [| 1.0; 2.0 |]
            let sum = Elementwise.map2 (fun x y -> x + 10.0 * y) a (vector [ 1.0; 2.0; 3.0 ])
            Expect.equal sum.shape [| 2L; 3L |] "shape"
            Expect.equal sum.dtype a.dtype "dtype"
            Expect.equal (Tensor.toArray sum) [| 11.0; 21.0; 31.0; 12.0; 22.0; 32.0 |] "values"

            let all =
                Elementwise.map4 (fun p q r s -> p * q + r * s) (vector [ 2.0 ]) (vector [ 3.0 ]) (vector [ 4.0 ]) a

            Expect.equal (Tensor.toArray all) [| 10.0; 14.0 |] "four"
            let three = Elementwise.map3 (fun p q r -> p * q - r) (vector [ 2.0 ]) (vector [ 3.0 ]) (vector [ 4.0 ])
            Expect.equal (Tensor.toArray three) [| 2.0 |] "three"

        testCase "many elements are computed side by side with the same result, and none is none"
        <| fun () ->
            let x = torch.linspace (0.0, 1.0, 30_001, dtype = torch.ScalarType.Float64)
            Expect.equal (Tensor.toArray (Elementwise.map1 exp x)) (Array.map exp (Tensor.toArray x)) "values"
            Expect.equal (Elementwise.map1 exp (torch.zeros (0L, 3L))).shape [| 0L; 3L |] "empty"

        testCase "a given value has the first derivatives given"
        <| fun () ->
            let a, b = (vector [ 3.0; 5.0 ]).requires_grad_ true, (vector [ 2.0 ]).requires_grad_ true
            let value = Elementwise.map2 (fun x y -> x * x * y) a b
            Expect.isFalse value.requires_grad "detached"
            let byA = Elementwise.map2 (fun x y -> 2.0 * x * y) a b
            let byB = Elementwise.map1 (fun x -> x * x) a
            let result = Elementwise.implicitly value [ a, byA; b, byB ]
            Expect.equal (Tensor.toArray result) [| 18.0; 50.0 |] "value"
            result.sum().backward()
            Expect.equal (Tensor.toArray (nonNull a.grad)) [| 12.0; 20.0 |] "by a"
            Expect.equal (Tensor.toArray (nonNull b.grad)) [| 34.0 |] "by b"

        testCase "shapes that do not broadcast are refused"
        <| fun () ->
            refused [ "[3]"; "[2]" ] (fun () -> Elementwise.map2 (+) (vector [ 1.0; 2.0 ]) (vector [ 1.0; 2.0; 3.0 ]))
    ]
