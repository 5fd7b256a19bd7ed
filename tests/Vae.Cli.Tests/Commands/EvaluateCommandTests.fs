module Vae.Cli.Tests.EvaluateCommandTests

open System.IO
open Expecto

let private statistics = [
    "total"
    "reconstruction"
    "kl"
    "totalStandardError"
    "reconstructionStandardError"
    "klStandardError"
]

let tests =
    testList "evaluate" [
        test "a run's own data gives the numbers of its report" {
            Studies.withRun (fun _ run ->
                let reported = (Cli.json (File.ReadAllText(Path.Combine(run, "run.json")))).GetProperty "result"
                let result = Cli.json (Cli.ok [ "evaluate"; run; "--json" ])

                for name in statistics do
                    Expect.equal (Cli.number name result) (Cli.number name reported) name)
        }

        test "other data gives other numbers, told as a table" {
            Studies.withRun (fun _ run ->
                Cli.inScratch (fun root ->
                    let said = Cli.ok [ "evaluate"; run; "--data"; Studies.noise root 28 256 ]
                    Expect.stringContains said "20 held-out images" "which images"
                    Expect.stringContains said "standard error" "columns"))
        }

        test "a run that was trained on all images says so" {
            Cli.inScratch (fun root ->
                let run = Path.Combine(root, "run")
                let args = Studies.experiment "2d" (Studies.noise root 4 256) run 1
                Cli.ok (args @ [ "--quiet"; "--protocol"; "train-and-report-on-all" ]) |> ignore
                let result = Cli.json (Cli.ok [ "evaluate"; run; "--json" ])
                Expect.equal (result.GetProperty("protocol").GetString()) "trained-images" "which images"
                Expect.equal (Cli.number "images" result) 60.0 "all of them")
        }

        test "log p(x) is estimated where it is asked for, and lies above the ELBO" {
            Cli.inScratch (fun root ->
                let run = Path.Combine(root, "run")
                let data = Studies.noise root 4 256
                Cli.ok (Studies.experiment "2d" data run 1 @ [ "--quiet"; "--likelihood"; "gaussian" ]) |> ignore
                let asked = [ "evaluate"; run; "--importance-samples"; "30" ]
                let result = Cli.json (Cli.ok (asked @ [ "--json" ]))
                let found = result.GetProperty "logLikelihood"
                Expect.equal (Cli.number "samples" found) 30.0 "draws"
                Expect.isGreaterThan (Cli.number "mean" found) -(Cli.number "total" result) "above the ELBO"
                Expect.isGreaterThan (Cli.number "standardError" found) 0.0 "standard error"
                Expect.stringContains (Cli.ok asked) "log p(x), 30 draws" "a row of the table"

                Expect.isFalse
                    (List.contains "logLikelihood" (Cli.fields (Cli.json (Cli.ok [ "evaluate"; run; "--json" ]))))
                    "not unasked")
        }

        test "a run whose score is no density has no log p(x)" {
            Studies.withRun (fun _ run ->
                Cli.refused 1 [ "cross-entropy"; "no density"; "--likelihood bernoulli or gaussian" ] [
                    "evaluate"
                    run
                    "--importance-samples"
                    "10"
                ])
        }

        test "images of another shape are refused" {
            Studies.withRun (fun _ run ->
                Cli.inScratch (fun root ->
                    Cli.refused 1 [ "8 x 8"; "expected items of 1 x 28 x 28" ] [
                        "evaluate"
                        run
                        "--data"
                        Studies.noise root 8 256
                    ]))
        }

        test "damaged parameters are refused" {
            Studies.withRun (fun _ run ->
                let file = Path.Combine(run, "model.safetensors")
                File.WriteAllBytes(file, (File.ReadAllBytes file)[..4999])
                Cli.refused 1 [ "model.safetensors" ] [ "evaluate"; run ])
        }

        test "a missing description is refused" {
            Studies.withRun (fun _ run ->
                File.Delete(Path.Combine(run, "model.json"))
                Cli.refused 1 [ "model.json"; "no such file" ] [ "evaluate"; run ])
        }
    ]
