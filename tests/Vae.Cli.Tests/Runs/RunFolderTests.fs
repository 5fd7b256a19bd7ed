module Vae.Cli.Tests.RunFolderTests

open System
open System.IO
open Expecto
open Vae.Testing
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

        test "a folder that may not be read is said to be one" {
            Cli.inScratch (fun root ->
                if OperatingSystem.IsWindows() then
                    skiptest "there are no such folders on Windows"

                let run = Path.Combine(root, "run")
                Directory.CreateDirectory run |> ignore
                File.WriteAllText(Path.Combine(run, "run.json"), "{}")
                File.SetUnixFileMode(run, UnixFileMode.UserWrite)
                File.SetUnixFileMode(root, enum 0o755)

                // What may not be read root reads all the same.
                let user =
                    if Environment.UserName = "root" then
                        [ "setpriv"; "--reuid=65534"; "--regid=65534"; "--clear-groups" ]
                    else
                        []

                use started =
                    try
                        Cli.startAs user [ "evaluate"; run ]
                    with :? ComponentModel.Win32Exception ->
                        skiptest "setpriv is not on this machine"

                let outcome = Started.finish started
                File.SetUnixFileMode(run, enum 0o755)

                if outcome.Error.Contains "vae:" then
                    Expect.equal outcome.ExitCode 1 outcome.Error
                    Expect.stringContains outcome.Error "may not be read" "why"
                else
                    skiptest $"no other user can run the command here: %s{outcome.Error}")
        }

        test "a folder with anything in it is refused" {
            Cli.inScratch (fun root ->
                File.WriteAllText(Path.Combine(root, ".hidden"), "")
                Expect.throwsT<UserException> (fun () -> RunFolder.Create root |> ignore) "not empty")
        }
    ]
