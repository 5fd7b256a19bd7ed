module Vae.Core.Tests.Devices.SecondDeviceTests

open Expecto
open TorchSharp
open Vae.Core
open Vae.Testing

/// What the other tests of this chapter rest on.
let tests =
    scoped
    <| testList "SecondDevice" [
        testCase "values go there and back"
        <| fun () -> SecondDevice.agrees "sum" (vector [ 2.0; 4.0 ]) (SecondDevice.moved (vector [ 1.0; 2.0 ]) * 2.0)

        testCase "a tensor of the CPU does not enter"
        <| fun () ->
            let there, here = SecondDevice.moved (vector [ 1.0; 2.0 ]), vector [ 3.0; 4.0 ]

            for name, operation in
                [
                    "sum", (fun () -> there + here)
                    "product", (fun () -> here * there.lgamma ())
                    "comparison", (fun () -> there.lt here)
                    "cat", (fun () -> torch.cat [| there; here |])
                    "stack", (fun () -> torch.stack [| there; here |])
                    "logarithm of a sum", (fun () -> (there.unsqueeze -1L - here).logsumexp -1L)
                ] do
                Expect.throwsT<System.Runtime.InteropServices.ExternalException>
                    (fun () -> operation () |> Tensor.toArray |> ignore)
                    name
    ]
