module Vae.Core.Tests.Threads.NativeArgumentsTests

open System
open System.IO
open System.Reflection
open Expecto
open TorchSharp
open Vae.Core

/// What the scan has to find: never called.
module Planted =
    let sum (a: Tensor) (b: Tensor) : Tensor = a + b
    let power (t: Tensor) : Tensor = t.pow (Scalar.op_Implicit 2.0)
    let read (t: Tensor) : float = t.ToDouble()

    let late (t: Tensor) : Tensor =
        let s = (2.0).AsScalar()
        let other = 3.0 .* t
        other.mul s

let private found = lazy (NativeArguments.findings (Assembly.GetExecutingAssembly().Location))

let private isFound (caller: string) (callee: string) =
    let isIt (finding: string) = finding.Contains $"Planted::%s{caller}" && finding.Contains callee
    Expect.exists found.Value isIt $"%s{caller} among:\n%s{found.Value |> String.concat Environment.NewLine}"

let tests =
    testList "Native arguments" [
        testCase "no assembly of the library hands native code a scalar that nothing holds"
        <| fun () ->
            let assemblies = NativeArguments.assemblies AppContext.BaseDirectory
            Expect.contains (assemblies |> List.map Path.GetFileName) "Vae.Core.dll" "what is looked at"
            let findings = assemblies |> List.collect NativeArguments.findings
            Expect.isEmpty findings (String.concat "\n" findings)

        testCase "what users call keeps alive what it computes with"
        <| fun () ->
            let findings = NativeArguments.loose typeof<Distribution>.Assembly.Location
            Expect.isEmpty findings (String.concat "\n" findings)

        testCase "what does not is found"
        <| fun () ->
            let found = NativeArguments.loose (Assembly.GetExecutingAssembly().Location)
            Expect.exists found _.Contains("Planted::sum") (String.concat "\n" found)

        testCase "what does is found, by caller and callee"
        <| fun () ->
            isFound "sum" "op_Addition"
            isFound "power" "op_Implicit"
            isFound "read" "ToDouble"
            isFound "late" "at once"

        testCase "sums and reads make scalars of their own, products and differences do not"
        <| fun () ->
            let makes (part: string) = NativeArguments.unheld.Value |> Seq.exists _.Contains(part)

            for part in
                [
                    "Tensor::op_Addition(TorchSharp.torch/Tensor,TorchSharp.torch/Tensor)"
                    "Tensor::add(TorchSharp.torch/Tensor)"
                    "functional::elu"
                    "TensorExtensionMethods::ToBoolean"
                ] do
                Expect.isTrue (makes part) part

            for part in
                [
                    "Tensor::op_Multiply(TorchSharp.torch/Tensor,TorchSharp.torch/Tensor)"
                    "Tensor::op_Subtraction(TorchSharp.torch/Tensor,TorchSharp.torch/Tensor)"
                    "Tensor::mul(TorchSharp.Scalar)"
                ] do
                Expect.isFalse (makes part) part
    ]
