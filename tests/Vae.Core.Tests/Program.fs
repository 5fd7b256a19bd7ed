module Vae.Core.Tests.Program

open Expecto
open TorchSharp
open Vae.Core
open Vae.Testing

/// A function, so that a child process makes no tests.
let private tests () =
    testList "Vae.Core" [
        KeyTests.tests
        LawTests.tests
        KlTests.tests
        ElfTests.tests
        PrivateCopyTests.tests
        NativeTests.tests
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
        testList "Storage" [
            Storage.StoredFileTests.tests
            Storage.SafetensorsTests.tests
            Storage.ModelFileTests.tests
            Storage.SavedTests.tests
            Storage.CheckpointTests.tests
        ]
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
let main argv =
    NativeTests.child argv
    |> Option.orElseWith (fun () -> Storage.StoredFileTests.child argv)
    |> Option.defaultWith (fun () -> run argv)
