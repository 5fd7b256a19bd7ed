module Vae.Core.Tests.Program

open Expecto
open TorchSharp

let tests =
    testList "Vae.Core" [
        testList "Storage" [
            Storage.StoredFileTests.tests
            Storage.SafetensorsTests.tests
            Storage.ModelFileTests.tests
            Storage.SavedTests.tests
            Storage.CheckpointTests.tests
        ]
    ]

let private run argv =
    // The tests run side by side: one thread of torch each.
    torch.set_num_threads 1

    if TestingPlatform.isRequested argv then
        TestingPlatform.run ignore argv tests
    else
        runTestsWithCLIArgs [] argv tests

[<EntryPoint>]
let main argv =
    match Storage.StoredFileTests.child argv with
    | Some code -> code
    | None -> run argv
