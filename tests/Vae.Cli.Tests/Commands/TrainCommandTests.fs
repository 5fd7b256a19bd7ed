/// `vae train`, by several processes.
module Vae.Cli.Tests.TrainCommandTests

open System
open System.Diagnostics
open System.IO
open Expecto
open Vae.Testing
open VaeFunctional.Cli

let private vae = typeof<App>.Assembly.Location

/// The command line of a small training.
let private train data output epochs = "train" :: List.tail (Studies.experiment "2d" data output epochs)

let private inScratch (test: string -> string -> unit) =
    Cli.inScratch (fun root ->
        Mpirun.required ()
        test (Studies.digits root) (Path.Combine(root, "run")))

/// The process of a rank that mpirun has started.
let private processOf (mpirun: Process) (rank: int) =
    let isIt (id: string) =
        try
            // What follows the name in parentheses: the state, the parent.
            let stat = File.ReadAllText $"/proc/%s{id}/stat"
            let parent = stat.Substring(stat.LastIndexOf ')').Split(' ')[2]
            let variables = File.ReadAllText($"/proc/%s{id}/environ").Split '\000'
            parent = string mpirun.Id && Array.contains $"OMPI_COMM_WORLD_RANK=%d{rank}" variables
        with
        | :? IOException
        | :? UnauthorizedAccessException -> false

    DirectoryInfo("/proc").GetDirectories()
    |> Array.map _.Name
    |> Array.filter (Seq.forall Char.IsDigit)
    |> Array.find isIt
    |> int
    |> Process.GetProcessById

/// Trains until there is a checkpoint, and kills a rank. The record is then of a run of some epochs more.
let private killed data run rank more =
    use mpirun = Mpirun.start 2 vae (train data run 100_000 @ [ "--quiet" ])
    let checkpoint = Path.Combine(run, "checkpoint.safetensors")
    Started.until "the first checkpoint" mpirun (fun () -> File.Exists checkpoint)
    (processOf mpirun rank).Kill()
    Expect.notEqual (Started.finish mpirun).ExitCode 0 "exit code"

    let record = Path.Combine(run, "run.json")
    let epochs = File.ReadAllLines(Path.Combine(run, "metrics.csv")).Length - 1 + more
    File.WriteAllText(record, (File.ReadAllText record).Replace("\"epochs\": 100000", $"\"epochs\": %d{epochs}"))

let private total (json: string) = Cli.number "total" (Cli.json json)

let tests =
    testList "train" [
        test "is the experiment by another name" {
            Cli.inScratch (fun root ->
                let data = Studies.digits root
                let run = Path.Combine(root, "run")
                Cli.ok (train data run 1 @ [ "--quiet" ]) |> ignore
                Expect.isTrue (File.Exists(Path.Combine(run, "report.html"))) "report")
        }

        test "a run is made again from its record, with what other options change of it" {
            Cli.inScratch (fun root ->
                let data = Studies.digits root

                let run, again, other =
                    Path.Combine(root, "run"), Path.Combine(root, "again"), Path.Combine(root, "other")

                Cli.ok (train data run 1 @ [ "--objective"; "elbo, beta 2"; "--latent"; "3"; "--quiet" ]) |> ignore
                let config = [ "--config"; Path.Combine(run, "run.json"); "--quiet" ]
                Cli.ok ([ "train"; "--output"; again ] @ config) |> ignore
                let model folder = File.ReadAllBytes(Path.Combine(folder, "model.safetensors"))
                Expect.equal (model again) (model run) "bit for bit"
                Cli.ok ([ "train"; "--output"; other; "--seed"; "7" ] @ config) |> ignore
                let settings folder = File.ReadAllText(Path.Combine(folder, "run.json"))
                Expect.stringContains (settings other) "\"objective\": \"elbo, beta 2\"" "the run's"
                Expect.stringContains (settings other) "\"seed\": 7" "the option's"
                Cli.refused 1 [ "--config"; "no file" ] [ "train"; "--config"; Path.Combine(root, "none.json") ]
                let broken = Path.Combine(root, "broken.json")
                File.WriteAllText(broken, "{}")
                Cli.refused 1 [ "broken.json"; "experiment" ] [ "train"; "--config"; broken ]
                Cli.refused 1 [ "NAME"; "--config" ] [ "train" ])
        }

        test "a model may be given the label, and is sampled for each" {
            Cli.inScratch (fun root ->
                let data = Studies.digits root
                let run = Path.Combine(root, "run")
                Cli.ok (train data run 1 @ [ "--conditional"; "label"; "--quiet" ]) |> ignore
                Expect.isTrue (File.Exists(Path.Combine(run, "report.html"))) "report"
                let sheet = Path.Combine(root, "sheet.png")
                Cli.ok [ "sample"; run; "--count"; "20"; "--output"; sheet; "--quiet" ] |> ignore
                Expect.isTrue (File.Exists sheet) "samples"
                let refused = train data (Path.Combine(root, "no")) 1 @ [ "--conditional"; "slant" ]
                Cli.refused 1 [ "slant" ] refused)
        }

        test "several processes make one run, of which one speaks, and come to the numbers of one process" {
            inScratch (fun data run ->
                let outcome = Mpirun.run 2 vae (train data run 2 @ [ "--json" ])
                Expect.equal (outcome.ExitCode, outcome.Error.Contains "rank 1") (0, false) outcome.Error

                let alone = run + "-alone"
                let expected = total (Cli.ok (train data alone 2 @ [ "--json"; "--quiet" ]))
                let found = total outcome.Output
                Expect.isLessThan (abs (found - expected)) (1e-4 * expected) $"%g{found} for %g{expected}"

                let files folder =
                    Directory.GetFiles(folder, "*", SearchOption.AllDirectories)
                    |> Array.map (fun file -> Path.GetRelativePath(folder, file))
                    |> Array.sort

                Expect.equal (files run) (files alone) "files"
                Expect.hasLength (Directory.GetDirectories(run + "/..")) 3 "data and two runs"

                let lines = outcome.Error.Split '\n' |> Array.filter (fun line -> line.Contains "2/2")
                Expect.hasLength lines 1 "one line for an epoch")
        }

        test "a process that is killed ends all, and the run goes on from its last checkpoint" {
            inScratch (fun data run ->
                killed data run 1 1
                Cli.ok [ "resume"; run; "--quiet" ] |> ignore
                Expect.isTrue (File.Exists(Path.Combine(run, "report.html"))) "report")
        }

        test "so does one whose first process is killed, and several processes go on with it" {
            inScratch (fun data run ->
                killed data run 0 2
                let outcome = Mpirun.run 2 vae [ "resume"; run; "--quiet" ]
                Expect.equal outcome.ExitCode 0 outcome.Error
                Expect.isTrue (File.Exists(Path.Combine(run, "report.html"))) "report")
        }

        test "a run that is refused ends all, and says why once" {
            inScratch (fun data run ->
                Directory.CreateDirectory run |> ignore
                File.WriteAllText(Path.Combine(run, "something"), "")
                let outcome = Mpirun.run 2 vae (train data run 1 @ [ "--quiet" ])
                Expect.notEqual outcome.ExitCode 0 "exit code"
                Expect.stringContains outcome.Error "no run is overwritten" "why")
        }
    ]
