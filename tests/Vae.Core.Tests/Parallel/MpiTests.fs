module Vae.Core.Tests.Parallel.MpiTests

open System
open System.Diagnostics
open System.Globalization
open System.IO
open System.Reflection
open Expecto
open TorchSharp
open Vae.Core
open Vae.Testing
open Vae.Core.Tests.Storage.Stored

let private program = Assembly.GetExecutingAssembly().Location

/// A test of what so many processes find, a line list for each rank.
let private ofRanks name case processes (check: string[] list -> unit) =
    inFolder name (fun folder ->
        Mpirun.required ()
        let outcome = Mpirun.run processes program [ "--mpi"; case; folder ]
        Expect.equal outcome.ExitCode 0 $"%s{outcome.Output}%s{outcome.Error}"
        check (List.init processes (MpiChildren.found folder case)))

let private numbers (line: string) =
    line.Split ' ' |> Array.map (fun text -> Double.Parse(text, CultureInfo.InvariantCulture))

/// The largest difference in units of the largest number.
let private apart (found: float[]) (expected: float[]) =
    Expect.equal found.Length expected.Length "as many numbers"
    let difference = Array.map2 (fun a b -> abs (a - b)) found expected |> Array.max
    difference / (expected |> Array.map abs |> Array.max)

/// That every rank ended with the same bits, and that they are one process's to a relative difference.
let private areOneProcess tolerance options (ranks: string[] list) =
    Expect.allEqual ranks ranks.Head "every rank has the same parameters, losses and measurements, to the last bit"
    let expected = MpiChildren.fit None options |> MpiChildren.describe |> List.toArray

    for line, what in [ 1, "parameters"; 2, "losses" ] do
        let apart = apart (numbers ranks.Head[line]) (numbers expected[line])
        Expect.isLessThan apart tolerance $"%s{what} of one process"

    if expected[3] <> "" then
        Expect.isLessThan (apart (numbers ranks.Head[3]) (numbers expected[3])) tolerance "validation"

let private float64s = 1e-12

let private equality =
    testList "a run of several processes is that of one" [
        for processes in [ 2; 3 ] do
            ofRanks $"of %d{processes}, to rounding" "train" processes (areOneProcess float64s MpiChildren.options)

        ofRanks
            "where batches have fewer rows than there are processes"
            "few rows"
            3
            (areOneProcess float64s { MpiChildren.options with BatchSize = 2; Epochs = 1 })

        ofRanks
            "of an average of steps of several batches"
            "accumulating"
            3
            (areOneProcess float64s MpiChildren.accumulating)

        ofRanks "in float32" "single" 2 (areOneProcess 1e-4 { MpiChildren.options with Placement = Placement.float32 })

        ofRanks "where it was resumed, with the bits of the uninterrupted one" "resumed" 3 (fun ranks ->
            areOneProcess float64s MpiChildren.options ranks
            Expect.equal ranks.Head[0] ranks.Head[4] "bits")
    ]

let private sums =
    ofRanks "a sum has the same bits in every process, and is the sum" "sums" 3 (fun ranks ->
        Expect.allEqual ranks ranks.Head "bits"

        let parts =
            List.init 3 (fun rank ->
                Key.normal Placement.float32 [| 10_007L |] (Key.ofSeed rank)
                |> Tensor.toArray
                |> Array.truncate 5
                |> Array.map (fun x -> x * 10.0 ** float rank))

        let expected = parts |> List.reduce (Array.map2 (+))
        Expect.isLessThan (apart (numbers ranks.Head[1]) expected) 1e-6 "sum")

let private refusals =
    testList "refuses by name" [
        ofRanks "a model that draws in training beside its latent" "dropout" 2 (fun ranks ->
            for found in ranks do
                Expect.stringContains found[0] "vae is a model that draws in training" "refusal"
                Expect.stringContains found[0] "dropout 0.5" "refusal")

        ofRanks "processes with other options" "other options" 2 (fun ranks ->
            for found in ranks do
                Expect.stringContains found[0] "BatchSize" "refusal")

        ofRanks "tensors that cannot be sent" "vectors" 2 (fun ranks ->
            for found in ranks do
                Expect.stringContains found[0] "Int64" "refusal"
                Expect.stringContains found[1] "[2, 3]" "refusal")
    ]

let private process' =
    testList "a process of several" [
        ofRanks "has its part of the cores as threads" "threads" 2 (fun ranks ->
            for found in ranks do
                Expect.equal (int found[0]) (max 1 (int found[1] / 2)) "threads")

        ofRanks "still raises exceptions where a null is followed" "null" 2 (fun ranks ->
            for found in ranks do
                Expect.equal found [| "an exception" |] "null")

        testCase "without mpirun there is none, and nothing is loaded"
        <| fun () ->
            Expect.isNone (Mpi.ranks ()) "ranks"
            Expect.isNone (Mpi.rank ()) "rank"

            let loaded =
                Process.GetCurrentProcess().Modules
                |> Seq.cast<ProcessModule>
                |> Seq.filter (fun m -> m.ModuleName.StartsWith "libmpi")

            Expect.isEmpty loaded "libraries"
    ]

let private lost =
    inFolder "a rank that is killed ends the run, whose last checkpoint goes on" (fun folder ->
        Mpirun.required ()
        use mpirun = Mpirun.start 3 program [ "--mpi"; "endless"; folder ]
        let checkpoint = MpiChildren.checkpoint folder
        Started.until "the first checkpoint" mpirun (fun () -> File.Exists checkpoint)

        let killed = File.ReadAllText(Path.Combine(folder, "pid-1")) |> int |> Process.GetProcessById

        killed.Kill()
        let outcome = Started.finish mpirun
        Expect.notEqual outcome.ExitCode 0 "exit code"

        use snapshot = Checkpoint.read checkpoint MpiChildren.plain
        Expect.isGreaterThan snapshot.Step 0L "steps"

        let options = {
            MpiChildren.options with
                Epochs = snapshot.History.Length + 1
                Validation = None
        }

        let resumed =
            MpiChildren.start None options
            |> Training.resume snapshot
            |> Training.fit (Objective.elboOf 2) (Optimizer.adam 1e-2)

        Expect.equal resumed.History.Length (snapshot.History.Length + 1) "one epoch more")

let tests = testList "Mpi" [ equality; sums; refusals; process'; lost ]
