module Vae.Core.Tests.Program

open Expecto
open TorchSharp
open Vae.Core

/// A function, so that a child process makes no tests.
let private tests () =
    testList "Vae.Core" [
        ElfTests.tests
        PrivateCopyTests.tests
        NativeTests.tests
        KeyTests.tests
        LawTests.tests
        KlTests.tests
        ObjectiveTests.tests
        StudyTests.tests
        GoldenTrajectoryTests.tests
    ]

let private run argv =
    Native.load ()
    // The tests run side by side: one thread of torch each.
    torch.set_num_threads 1

    if TestingPlatform.isRequested argv then
        TestingPlatform.run ignore argv (tests ())
    else
        runTestsWithCLIArgs [] argv (tests ())

[<EntryPoint>]
let main argv = NativeTests.child argv |> Option.defaultWith (fun () -> run argv)
