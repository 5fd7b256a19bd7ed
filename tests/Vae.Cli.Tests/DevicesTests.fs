module Vae.Cli.Tests.DevicesTests

open System.IO
open System.Text.RegularExpressions
open Expecto
open VaeFunctional.Cli

/// A device that no machine has, whatever its libtorch is.
let private absent = "cuda:99"

let private record (run: string) = Path.Combine(run, "run.json")

let private recorded (run: string) (word: string) =
    Expect.stringContains (File.ReadAllText(record run)) $"\"device\": \"%s{word}\"" "the record"

/// Changes the record of a run.
let private edit (run: string) (pattern: string) (replacement: string) =
    let text = File.ReadAllText(record run)
    Expect.isTrue (Regex.IsMatch(text, pattern)) $"the record has %s{pattern}"
    File.WriteAllText(record run, Regex.Replace(text, pattern, replacement))

let tests =
    testList "Devices" [
        test "words name devices" {
            for word in [ "cpu"; "cuda"; "cuda:0"; "cuda:12"; "mps" ] do
                Expect.isTrue (Devices.IsName word) word

            for word in
                [ ""; "gpu"; "CPU"; "cpu:0"; "cuda:"; "cuda:-1"; "cuda:x"; "cuda:0:0"; "mps:1"; "cuda:99999999999" ] do
                Expect.isFalse (Devices.IsName word) word
        }

        test "the CPU is there" { Expect.equal (string (Devices.Open "cpu")) "cpu" "device" }

        test "a word that names none is no command line" {
            for command in [ [ "experiment"; "2d" ]; [ "resume"; "run" ]; [ "evaluate"; "run" ] ] do
                Cli.refused 2 [ "--device"; "'gpu'"; "cpu or cuda or cuda:N or mps" ] (command @ [ "--device"; "gpu" ])
        }

        test "a device that is not there is refused before anything is done" {
            Cli.inScratch (fun root ->
                let run = Path.Combine(root, "run")
                let args = Studies.experiment "2d" (Studies.digits root) run 1 @ [ "--device"; absent ]
                Cli.refused 1 [ $"'%s{absent}'"; "expected" ] args
                Expect.isFalse (Directory.Exists run) "no folder of a run")
        }

        test "every command for a run takes a device, and the run remembers its own" {
            Studies.withRun (fun _ run ->
                recorded run "cpu"
                let sheet, codes = Path.Combine(run, "sheet.png"), Path.Combine(run, "codes.csv")

                for command in
                    [ [ "evaluate"; run ]; [ "sample"; run; "--output"; sheet ]; [ "encode"; run; "--output"; codes ] ] do
                    Cli.ok (command @ [ "--device"; "cpu"; "--quiet" ]) |> ignore
                    Cli.refused 1 [ $"'%s{absent}'" ] (command @ [ "--device"; absent ]))
        }

        test "a run is resumed on its own device, or on one that is named" {
            Studies.withRun (fun _ run ->
                // As it was before it was finished, on a machine with another device.
                edit run "\"result\": \\{[^}]*\\}" "\"result\": null"
                edit run "\"device\": \"cpu\"" $"\"device\": \"%s{absent}\""
                Cli.refused 1 [ $"'%s{absent}'" ] [ "resume"; run ]
                Cli.ok [ "resume"; run; "--device"; "cpu"; "--quiet" ] |> ignore
                recorded run "cpu")
        }

        test "a record without a device is of the CPU" {
            Studies.withRun (fun _ run ->
                edit run ",\\s*\"device\": \"cpu\"" ""
                Cli.ok [ "evaluate"; run; "--quiet" ] |> ignore)
        }

        test "a record with a word that names no device is refused" {
            Studies.withRun (fun _ run ->
                edit run "\"device\": \"cpu\"" "\"device\": \"gpu\""
                Cli.refused 1 [ record run; "'gpu'" ] [ "evaluate"; run ])
        }
    ]
