module Vae.DiffSharp.Tests.Program

open Expecto
open Vae.Core
open Vae.Testing

let private tests () =
    // One after the other: no test's allocations start a collection while another is in native code.
    testSequenced
    <| testList "Vae.DiffSharp" [
        LiftedTests.tests
        GoldenTests.tests
        ObjectiveTests.tests
        TrainingTests.tests
        GuideTests.tests
        MemoryTests.tests
    ]

let private run argv =
    if TestingPlatform.isRequested argv then
        TestingPlatform.run ignore argv (tests ())
    else
        runTestsWithCLIArgs [] argv (tests ())

[<EntryPoint>]
let main argv =
    Native.load ()

    match argv with
    | [| "--costs" |] ->
        Costs.print ()
        0
    | _ -> run argv
