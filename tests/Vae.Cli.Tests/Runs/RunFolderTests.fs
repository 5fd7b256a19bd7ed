module Vae.Cli.Tests.RunFolderTests

open System.IO
open Expecto
open VaeFunctional.Cli
open VaeFunctional.Cli.Runs

let tests =
    testList "RunFolder" [
        test "a name that is taken is counted on from, and what is there stays" {
            Cli.inScratch (fun root ->
                let taken = RunFolder.CreateNamed(root, "2d")
                File.WriteAllText(taken.Record, "mine")
                File.WriteAllText(Path.Combine(root, "2d-2"), "a file of that name")

                Expect.equal (RunFolder.CreateNamed(root, "2d").Path) (Path.Combine(root, "2d-3")) "the next free name"
                Expect.equal (File.ReadAllText taken.Record) "mine" "the first run")
        }

        test "an empty folder is taken for a new run" {
            Cli.inScratch (fun root -> Expect.equal (RunFolder.Create root).Path root "folder")
        }

        test "a folder with anything in it is refused" {
            Cli.inScratch (fun root ->
                File.WriteAllText(Path.Combine(root, ".hidden"), "")
                Expect.throwsT<UserException> (fun () -> RunFolder.Create root |> ignore) "not empty")
        }
    ]
