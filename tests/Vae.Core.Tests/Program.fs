module Vae.Core.Tests.Program

open Expecto
open TorchSharp

let tests =
    testList "Vae.Core" [
        testList "Data" [
            Data.StoredValuesTests.tests
            Data.FingerprintTests.tests
            Data.DataTests.tests
            Data.IdxFormatTests.tests
            Data.IdxTests.tests
            Data.DownloadTests.tests
            Data.MnistTests.tests
            Data.PenTests.tests
            Data.GlyphsTests.tests
            Data.DigitsTests.tests
        ]
    ]

[<EntryPoint>]
let main argv =
    // The tests run side by side: one thread of torch each.
    torch.set_num_threads 1

    if TestingPlatform.isRequested argv then
        TestingPlatform.run ignore argv tests
    else
        runTestsWithCLIArgs [] argv tests
