module Vae.Core.Tests.Program

open Expecto
open TorchSharp
open Vae.Testing

let tests = testList "Vae.Core" []

[<EntryPoint>]
let main argv =
    // The tests run side by side: one thread of torch each.
    torch.set_num_threads 1

    if TestingPlatform.isRequested argv then
        TestingPlatform.run ignore argv tests
    else
        runTestsWithCLIArgs [] argv tests
