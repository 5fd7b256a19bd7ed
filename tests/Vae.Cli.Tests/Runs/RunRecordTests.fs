module Vae.Cli.Tests.RunRecordTests

open System.IO
open Expecto

/// Evaluates a run whose record was changed.
let private changed (change: string -> string) words =
    Studies.withRun (fun _ run ->
        let file = Path.Combine(run, "run.json")
        File.WriteAllText(file, change (File.ReadAllText file))
        Cli.refused 1 (file :: words) [ "evaluate"; run ])

let tests =
    testList "RunRecord" [
        test "half a record is refused" { changed (fun text -> text[.. text.Length / 2]) [ "is no record of a run" ] }

        test "a record without a setting is refused" {
            changed (_.Replace("\"epochs\"", "\"eras\"")) [ "is no record of a run"; "epochs" ]
        }

        test "a setting that is no word is refused" {
            changed (_.Replace("\"dense\"", "\"sparse\"")) [ "architecture" ]
        }

        test "a setting out of range is refused" { changed (_.Replace("\"epochs\": 2", "\"epochs\": 0")) [ "epochs" ] }

        test "an unknown experiment is refused" { changed (_.Replace("\"2d\"", "\"7d\"")) [ "'7d'" ] }

        test "another format is refused" {
            changed (_.Replace("vae-experiment 1", "vae-experiment 2")) [
                "'vae-experiment 2'; expected 'vae-experiment 1'"
            ]
        }
    ]
