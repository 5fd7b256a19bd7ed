module Vae.Core.Tests.Data.MnistTests

open System
open System.IO
open System.Threading
open Expecto
open Vae.Core
open Vae.Core.Tests.Data.Scratch

let tests =
    testList "Mnist" [
        // Cancelled beforehand, nothing is asked of the network.
        test "a cancelled load downloads nothing" {
            inFolder (fun folder ->
                let options = { Download.defaults with Folder = Some folder }

                for load in [ Mnist.loadWith; FashionMnist.loadWith ] do
                    raises<OperationCanceledException> [] (fun () ->
                        (load options (CancellationToken true)).GetAwaiter().GetResult() |> ignore)

                Expect.isEmpty (Directory.GetFileSystemEntries folder) "files")
        }
    ]
