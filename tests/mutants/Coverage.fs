/// Which tests reach which mutants, and how long they take.
module Vae.Mutants.Coverage

open System
open System.Collections.Concurrent
open System.Diagnostics
open System.IO
open System.Threading.Tasks
open Vae.Mutants.Worker

type Covered = { Test: int; Name: string; Seconds: float; Passed: bool; Reached: Set<int> }

/// Runs a function of a worker and an item over all items, in as many processes as there are workers.
let inParallel (workers: (unit -> Worker) list) (run: Worker -> 'item -> 'result) (items: 'item list) : 'result list =
    let left = ConcurrentQueue(List.indexed items)
    let results = ConcurrentBag()

    let work (make: unit -> Worker) () =
        use worker = make ()
        let mutable item = Unchecked.defaultof<_>

        while left.TryDequeue &item do
            results.Add(fst item, run worker (snd item))

    workers |> List.map (fun make -> Task.Run(work make)) |> List.toArray |> Task.WaitAll
    results |> Seq.sortBy fst |> Seq.map snd |> Seq.toList

let private measure (names: string[]) (worker: Worker) test =
    let watch = Stopwatch.StartNew()
    let answer = worker.Run(0, test, 600.0)

    {
        Test = test
        Name = names[test]
        Seconds = watch.Elapsed.TotalSeconds
        Passed =
            match answer with
            | Passed _ -> true
            | _ -> false
        Reached =
            match answer with
            | Passed reached
            | Failed reached -> set reached
            | _ -> Set.empty
    }

let private write path (covered: Covered list) =
    File.WriteAllLines(
        path,
        [
            for c in covered do
                let ids = c.Reached |> Seq.map string |> String.concat " "
                FormattableString.Invariant $"{c.Test}\t{c.Name}\t{c.Seconds}\t{c.Passed}\t{ids}"
        ]
    )

let private read path : Covered list = [
    for line in File.ReadAllLines path do
        let cells = line.Split '\t'

        {
            Test = int cells[0]
            Name = cells[1]
            Seconds = Double.Parse(cells[2], Globalization.CultureInfo.InvariantCulture)
            Passed = cells[3] = "True"
            Reached = cells[4].Split(' ', StringSplitOptions.RemoveEmptyEntries) |> Seq.map int |> set
        }
]

/// Of every test, kept in a file from run to run of the same build, and the mutants that are reached before any test.
let take path (workers: (unit -> Worker) list) : Covered list * Set<int> =
    let names, started =
        use first = workers.Head()
        first.Tests

    if not (File.Exists path) then
        inParallel workers (measure names) [ 0 .. names.Length - 1 ] |> write path

    read path, set started
