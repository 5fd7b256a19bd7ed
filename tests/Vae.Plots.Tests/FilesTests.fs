module Vae.Plots.Tests.FilesTests

open System.IO
open Expecto
open Vae.Plots

/// Runs a test in a folder of its own, which is gone afterwards.
let inFolder (test: string -> unit) =
    let folder = Directory.CreateTempSubdirectory "vae-plots-"

    try
        test folder.FullName
    finally
        folder.Delete true

let tests =
    testList "Files" [
        testCase "folders are made, a file is replaced, and nothing else is left"
        <| fun () ->
            inFolder (fun folder ->
                let path = Path.Combine(folder, "a", "b", "file.bin")
                Files.writeAtomically path [| 1uy; 2uy; 3uy |]
                Files.writeAtomically path [| 4uy |]
                Expect.equal (File.ReadAllBytes path) [| 4uy |] "the later content"
                Expect.hasLength (Directory.GetFiles(folder, "*", SearchOption.AllDirectories)) 1 "files")
    ]
