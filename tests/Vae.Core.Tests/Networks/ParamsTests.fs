module Vae.Core.Tests.ParamsTests

open System
open System.Collections.Generic
open Expecto
open TorchSharp
open Vae.Core
open Vae.Testing

let private declare path shape trained : Parameter = {
    Path = path
    Shape = shape
    Trained = trained
    Initial = fun place key -> Key.normal place shape key
}

let private declared = [
    declare "a.weight" [| 2L; 3L |] true
    declare "constant" [| 2L |] false
    declare "a.bias" [| 3L |] true
]

let private initial () = Params.Initial(f64, Key.ofSeed 1, declared)

let tests =
    scoped
    <| testList "Params" [
        testCase "what is trained is one buffer in declared order, and the paths are views of it"
        <| fun () ->
            let parameters = initial ()
            Expect.equal parameters.Count 9L "trained numbers"
            Expect.equal parameters["a.bias"].shape [| 3L |] "shape"
            parameters.Trained.fill_ ((7.0).AsScalar()) |> ignore
            Expect.allEqual (Tensor.toArray parameters["a.weight"]) 7.0 "a view"
            Expect.isFalse (Tensor.toArray parameters["constant"] |> Array.contains 7.0) "the constant stays"

        testCase "initial values are a function of the key and the path, not of the order"
        <| fun () ->
            let straight = initial ()
            let turned = Params.Initial(f64, Key.ofSeed 1, List.rev declared)

            for p in declared do
                Expect.equal (Tensor.toArray turned[p.Path]) (Tensor.toArray straight[p.Path]) p.Path

        testCase "With views another buffer, and gradients reach it"
        <| fun () ->
            let parameters = initial ()
            let gradient = Diff.grad (fun flat -> parameters.With(flat).Item("a.bias").sum()) parameters.Trained
            Expect.equal (Tensor.toArray gradient) [| 0.0; 0.0; 0.0; 0.0; 0.0; 0.0; 1.0; 1.0; 1.0 |] "gradient"

        testCase "a copy shares nothing"
        <| fun () ->
            let parameters = initial ()
            let copy = parameters.Copy()
            let before = Tensor.toArray copy.Trained
            parameters.Trained.zero_ () |> ignore
            Expect.equal (Tensor.toArray copy.Trained) before "copy"

        testCase "parameters outlive the scope they were made in"
        <| fun () ->
            let parameters =
                use _ = torch.NewDisposeScope()
                initial ()

            Expect.equal (Tensor.toArray parameters["a.weight"]).Length 6 "still there"

        testCase "the same path is the same parameter, and cannot be declared in two ways"
        <| fun () ->
            Expect.equal (Params.Distinct(declared @ declared)).Length 3 "once each"

            let again = declare "constant" [| 3L |] false
            Expect.throwsT<ArgumentException> (fun () -> Params.Distinct(again :: declared) |> ignore) "two shapes"

        testCase "a path that is not there is answered with those that are"
        <| fun () ->
            let message =
                try
                    (initial ()).Item "b" |> ignore
                    ""
                with :? KeyNotFoundException as e ->
                    e.Message

            Expect.stringContains message "'b'" "the path"
            Expect.stringContains message "a.weight" "the paths there are"
    ]
