/// What the processes do that a test starts by mpirun: each runs a case, by `--mpi case folder`, and leaves what it found in
/// a file of its rank.
module Vae.Core.Tests.Parallel.MpiChildren

open System
open System.Globalization
open System.IO
open System.Security.Cryptography
open TorchSharp
open Vae.Core

let private numbers (values: float seq) =
    values |> Seq.map (fun v -> v.ToString("R", CultureInfo.InvariantCulture)) |> String.concat " "

let private bits (values: float[]) =
    values |> Array.collect BitConverter.GetBytes |> SHA256.HashData |> Convert.ToHexStringLower

/// Data, and a model of it, small enough for a test.
let private data, validation =
    let values seed count = Array.init (count * 6) (fun i -> float32 (Key.unitAt (int64 i) (Key.ofSeed seed)))

    Data.ofFloats "numbers" [| 6L |] [||] (values 1 75), Data.ofFloats "more" [| 6L |] [||] (values 2 600)

let model (encoder: Net) =
    Vae.create
        (Prior.gaussian [ [ 1.0; 0.4 ]; [ 0.4; 0.5 ] ])
        (Posterior.diagonalNormal encoder)
        (Likelihood.gaussian 0.3 (Net.dense 16 --> Net.activation Activation.Tanh --> Net.dense 6))

let plain = model (Net.dense 16 --> Net.activation Activation.Tanh)

/// Batches of 32, 32 and 11 rows.
let options = {
    TrainingOptions.defaults with
        Seed = 5
        Epochs = 6
        BatchSize = 32
        Validation = Some validation
        Placement = Placement.float64
}

/// The same steps of four batches each, with an average that validation and the result are of.
let accumulating = {
    options with
        BatchSize = 8
        Accumulate = 4
        Average = Some 0.9
        KeepBest = true
}

let start ranks options = Training.start { options with Ranks = ranks } data plain

/// The parameters' bits and numbers, and the totals of the history, a line each.
let describe (run: Run) = [
    bits (Tensor.toArray run.Params.Trained)
    numbers (Tensor.toArray run.Params.Trained)
    numbers [
        for epoch in run.History do
            epoch.Total
            yield! epoch.Terms |> List.map snd
    ]
    numbers [
        for epoch in run.History do
            for measured in Option.toList epoch.Validation do
                measured.Total.Mean
    ]
]

let fit ranks options = start ranks options |> Training.fit (Objective.elboOf 2) (Optimizer.adam 1e-2)

let private refused (run: unit -> 'a) =
    try
        run () |> ignore
        [ "not refused" ]
    with :? ArgumentException as refusal -> [ refusal.Message ]

/// The file of the checkpoint of the case "endless".
let checkpoint folder = Path.Combine(folder, "endless.safetensors")

let private cases: (string * (string -> Ranks option -> string list)) list = [
    "train", (fun _ ranks -> fit ranks options |> describe)

    // Of batches of 2 rows, 3 ranks have 0, 1 and 1; the last batch has 1.
    "few rows", (fun _ ranks -> fit ranks { options with BatchSize = 2; Epochs = 1 } |> describe)

    "accumulating", (fun _ ranks -> fit ranks accumulating |> describe)

    "single", (fun _ ranks -> fit ranks { options with Placement = Placement.float32 } |> describe)

    // A run that goes on from a copy in the middle of an epoch, and the bits of the same run without that.
    "resumed",
    (fun _ ranks ->
        let objective, optimizer = Objective.elboOf 2, Optimizer.adam 1e-2

        let snapshot =
            start ranks options
            |> Training.reports objective optimizer
            |> Seq.pick (fun report -> if report.Progress.Step = 7L then Some(report.Snapshot()) else None)

        let resumed = start ranks options |> Training.resume snapshot |> Training.fit objective optimizer
        describe resumed @ [ (describe (fit ranks options)).Head ])

    // Ranks whose sums would depend on the order of adding.
    "sums",
    (fun _ ranks ->
        let rank = ranks |> Option.map _.Rank |> Option.defaultValue 0

        use t = Key.normal Placement.float32 [| 10_007L |] (Key.ofSeed rank) * (10.0 ** float rank).ToScalar()

        ranks |> Option.iter (fun ranks -> ranks.Sum t)
        [ bits (Tensor.toArray t); numbers (Array.truncate 5 (Tensor.toArray t)) ])

    "threads", (fun _ _ -> [ string (torch.get_num_threads ()); string Environment.ProcessorCount ])

    // Open MPI and .NET both handle signals: a null that is followed is an exception all the same.
    "null",
    (fun _ _ ->
        try
            [ string ((Unchecked.defaultof<string>).Length) ]
        with :? NullReferenceException -> [ "an exception" ])

    "dropout",
    (fun _ ranks ->
        let drawing = model (Net.dense 16 --> Net.dropout 0.5)

        refused (fun () ->
            Training.start { options with Ranks = ranks } data drawing
            |> Training.fit Objective.elbo (Optimizer.adam 1e-2)))

    "other options",
    (fun _ ranks ->
        let rank = ranks |> Option.map _.Rank |> Option.defaultValue 0
        refused (fun () -> fit ranks { options with BatchSize = 32 + rank }))

    "vectors",
    (fun _ ranks ->
        let ranks = Option.get ranks

        List.concat [
            refused (fun () -> ranks.Sum(torch.zeros 3L |> _.to_type(torch.ScalarType.Int64)))
            refused (fun () -> ranks.Sum(torch.zeros (2L, 3L)))
        ])

    // Trains until it is killed, with a checkpoint after every epoch.
    "endless",
    (fun folder ranks ->
        File.WriteAllText(Path.Combine(folder, $"pid-%d{(Option.get ranks).Rank}"), string Environment.ProcessId)

        for report in
            start ranks { options with Epochs = 1_000_000; Validation = None }
            |> Training.reports (Objective.elboOf 2) (Optimizer.adam 1e-2) do
            if report.Completed.IsSome && Ranks.isFirst ranks then
                use snapshot = report.Snapshot()
                Checkpoint.write (checkpoint folder) snapshot

        [])
]

/// The file that a rank leaves.
let private file folder case rank = Path.Combine(folder, $"%s{case}-%d{rank}")

/// What a rank of a case found, a line each.
let found folder case rank = File.ReadAllLines(file folder case rank)

/// Runs a case where the arguments ask for one, in a process that a test has started for it. None in any other process.
let child (argv: string[]) : int option =
    match argv with
    | [| "--mpi"; case; folder |] ->
        let ranks = Mpi.ranks ()
        let lines = (cases |> List.find (fun (name, _) -> name = case) |> snd) folder ranks
        File.WriteAllLines(file folder case (Mpi.rank () |> Option.defaultValue 0), lines)
        Some 0
    | _ -> None
