module Vae.Cli.Tests.ResumeCommandTests

open System.IO
open System.Threading
open Expecto
open Vae.Testing

/// What a command writes; when it has written some text, the command is interrupted.
type private Interrupting(text: string, source: CancellationTokenSource) =
    inherit StringWriter()

    override this.Write(buffer: char[], index: int, count: int) =
        base.Write(buffer, index, count)
        this.Look()

    override this.Write(value: string | null) =
        base.Write value
        this.Look()

    member private this.Look() =
        if this.ToString().Contains text then
            source.Cancel()

let private interrupted args text =
    use source = new CancellationTokenSource()
    use output = new Interrupting(text, source)
    Cli.runTo output source.Token args

/// The columns of the metrics that are not about time.
let private metrics (run: string) =
    File.ReadAllLines(Path.Combine(run, "metrics.csv"))
    |> Array.map (fun row -> let c = row.Split ',' in Array.append c[..6] c[9..])

let tests =
    testList "resume" [
        test "a run that was interrupted ends as the uninterrupted one" {
            Cli.inScratch (fun root ->
                let data = Studies.digits root
                let straight, broken = Path.Combine(root, "straight"), Path.Combine(root, "broken")
                let result = Cli.json (Cli.ok (Studies.experiment "2d" data straight 3 @ [ "--json"; "--quiet" ]))

                let outcome = interrupted (Studies.experiment "2d" data broken 3) "1/3"
                Expect.equal outcome.ExitCode 130 "exit code"
                Expect.stringContains outcome.Error $"`vae resume %s{broken}`" "how to go on"
                Expect.isTrue (File.Exists(Path.Combine(broken, "checkpoint.safetensors"))) "checkpoint"
                Cli.refused 1 [ "not finished"; "vae resume" ] [ "evaluate"; broken ]

                let resumed = Cli.json (Cli.ok [ "resume"; broken; "--json"; "--quiet" ])

                for name in [ "total"; "reconstruction"; "kl"; "totalStandardError" ] do
                    Expect.equal (Cli.number name resumed) (Cli.number name result) name

                let model run = File.ReadAllBytes(Path.Combine(run, "model.safetensors"))
                Expect.isTrue (model straight = model broken) "the model's file, byte for byte"

                Expect.equal (metrics broken) (metrics straight) "metrics"
                Expect.isFalse (File.Exists(Path.Combine(broken, "checkpoint.safetensors"))) "the checkpoint is gone")
        }

        test "a run that is told to end writes its checkpoint at the step, and goes on from there" {
            Cli.inScratch (fun root ->
                let data, run = Studies.digits root, Path.Combine(root, "run")
                let straight = Path.Combine(root, "straight")
                let checkpoint = Path.Combine(run, "checkpoint.safetensors")
                use started = Cli.start (Studies.experiment "2d" data run 100_000 @ [ "--quiet" ])
                Started.until "the first checkpoint" started (fun () -> File.Exists checkpoint)
                let unfinished = Path.Combine(run, "run.json.abcdefgh.ijk.partial")
                File.WriteAllText(unfinished, "half of")
                let outcome = Cli.terminate started
                Expect.equal outcome.ExitCode 143 "exit code"
                Expect.stringContains outcome.Error $"`vae resume %s{run}`" "how to go on"

                let epochs = File.ReadAllLines(Path.Combine(run, "metrics.csv")).Length
                let record = Path.Combine(run, "run.json")
                let settled = (File.ReadAllText record).Replace("\"epochs\": 100000", $"\"epochs\": %d{epochs}")
                File.WriteAllText(record, settled)
                Cli.ok [ "resume"; run; "--quiet" ] |> ignore
                Expect.isFalse (File.Exists unfinished) "what a killed process left is cleared"
                Cli.ok (Studies.experiment "2d" data straight epochs @ [ "--quiet" ]) |> ignore
                let model run = File.ReadAllBytes(Path.Combine(run, "model.safetensors"))
                Expect.isTrue (model straight = model run) "the model's file, byte for byte")
        }

        test "a run that was interrupted at its end is finished" {
            Cli.inScratch (fun root ->
                let run = Path.Combine(root, "run")
                let outcome = interrupted (Studies.experiment "2d" (Studies.digits root) run 2) "2/2"
                Expect.equal outcome.ExitCode 130 "exit code"
                Cli.ok [ "resume"; run; "--quiet" ] |> ignore
                Expect.isTrue (File.Exists(Path.Combine(run, "report.html"))) "report")
        }

        test "a run that was interrupted before its first step begins again" {
            Cli.inScratch (fun root ->
                let run = Path.Combine(root, "run")
                let outcome = interrupted (Studies.experiment "2d" (Studies.digits root) run 1) "nats per image:"
                Expect.equal outcome.ExitCode 130 "exit code"
                Cli.ok [ "resume"; run; "--quiet" ] |> ignore
                Expect.isTrue (File.Exists(Path.Combine(run, "report.html"))) "report")
        }

        test "a finished run is refused" {
            Studies.withRun (fun _ run -> Cli.refused 1 [ run; "is finished" ] [ "resume"; run ])
        }

        test "a run whose data has changed is refused" {
            Cli.inScratch (fun root ->
                let data, run = Studies.digits root, Path.Combine(root, "run")
                interrupted (Studies.experiment "2d" data run 2) "1/2" |> ignore
                let labels = Path.Combine(data, "t10k-labels-idx1-ubyte.gz")
                VaeFunctional.Idx.WriteLabels(labels, Array.create 60 3)
                Cli.refused 1 [ "is not the data"; "SHA-256" ] [ "resume"; run ])
        }

        test "a run whose batch or seed was changed is refused" {
            Cli.inScratch (fun root ->
                let run = Path.Combine(root, "run")
                interrupted (Studies.experiment "2d" (Studies.digits root) run 2) "1/2" |> ignore
                let record = Path.Combine(run, "run.json")
                let before = File.ReadAllText record

                for setting, changed, words in
                    [
                        "\"batch\": 50", "\"batch\": 40", [ "BatchSize 50"; "40" ]
                        "\"seed\": 42", "\"seed\": 43", [ "Seed 42"; "43" ]
                    ] do
                    File.WriteAllText(record, before.Replace(setting, changed))
                    Cli.refused 1 ("checkpoint.safetensors" :: words) [ "resume"; run; "--quiet" ]

                File.WriteAllText(record, before)
                Cli.ok [ "resume"; run; "--quiet" ] |> ignore)
        }

        test "an endless run can be interrupted" {
            Cli.inScratch (fun root ->
                let run = Path.Combine(root, "run")
                let data = Studies.noise root 4 256
                let outcome = interrupted (Studies.experiment "2d" data run System.Int32.MaxValue) "2/2147483647"
                Expect.equal outcome.ExitCode 130 outcome.Error)
        }

        test "a broken checkpoint is refused" {
            Cli.inScratch (fun root ->
                let run = Path.Combine(root, "run")
                interrupted (Studies.experiment "2d" (Studies.digits root) run 2) "1/2" |> ignore
                let checkpoint = Path.Combine(run, "checkpoint.safetensors")
                File.WriteAllBytes(checkpoint, (File.ReadAllBytes checkpoint)[..999])
                Cli.refused 1 [ "checkpoint.safetensors" ] [ "resume"; run; "--quiet" ])
        }
    ]
