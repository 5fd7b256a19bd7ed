module Vae.Cli.Tests.Program

open Expecto
open Vae.Testing

let tests =
    testList "Vae.Cli" [
        WordsTests.tests
        FailureTests.tests
        AppTests.tests
        DevicesTests.tests
        RankedTests.tests
        RunFolderTests.tests
        RunRecordTests.tests
        FuzzTests.tests
        LatentGridsTests.tests
        ExperimentCommandTests.tests
        TrainCommandTests.tests
        ResumeCommandTests.tests
        EvaluateCommandTests.tests
        SheetCommandTests.tests
        KlCommandTests.tests
        ModelsCommandTests.tests
        EncodeCommandTests.tests
        TableCommandTests.tests
        CultureTests.tests
        NativeArgumentsTests.tests
    ]

[<EntryPoint>]
let main argv =
    if TestingPlatform.isRequested argv then
        TestingPlatform.run ignore argv tests
    else
        runTestsWithCLIArgs [] argv tests
