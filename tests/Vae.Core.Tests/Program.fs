module Vae.Core.Tests.Program

open Expecto
open TorchSharp

let tests =
    testList "Vae.Core" [
        Differentiation.GoldenTests.tests
        Differentiation.PropertyTests.tests
        Differentiation.LevelTests.tests
        Differentiation.DiffTests.tests
    ]

[<EntryPoint>]
let main argv =
    // The tests run side by side: one thread of torch each.
    torch.set_num_threads 1

    match argv with
    | [| "--child"; name |] -> Differentiation.ChildCases.run name
    | _ when TestingPlatform.isRequested argv -> TestingPlatform.run ignore argv tests
    | _ -> runTestsWithCLIArgs [] argv tests
