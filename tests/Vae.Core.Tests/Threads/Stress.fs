/// Threads that compute side by side while the garbage collector runs all the while, each result compared bit for bit with
/// that of one thread.
module Vae.Core.Tests.Threads.Stress

open System
open System.Collections.Concurrent
open System.Diagnostics
open System.Threading
open Vae.Core

/// What came of it: of the errors and of the wrong numbers, whose they were, how often, and the first in words.
type Outcome = {
    Threads: int
    Seconds: float
    Calls: int64
    Collections: int64
    Errors: (string * int * string) list
    Wrong: (string * int) list
} with

    member this.ErrorCount = this.Errors |> List.sumBy (fun (_, count, _) -> count)
    member this.WrongCount = this.Wrong |> List.sumBy snd

    override this.ToString() =
        String.concat "\n" [
            for name, count, message in this.Errors do
                $"error in %s{name}, %d{count} times: %s{message}"
            for name, count in this.Wrong do
                $"wrong number in %s{name}, %d{count} times"
            $"%d{this.Threads} threads, %.0f{this.Seconds} s, %d{this.Calls} calls, %d{this.Collections} collections: %d{this.ErrorCount} errors, %d{this.WrongCount} wrong numbers"
        ]

/// Collections of all generations, one after the other, until it is told to stop; how many.
let private collect (isOver: unit -> bool) : int64 =
    let mutable count = 0L

    while not (isOver ()) do
        // Mostly of the youngest, whose collections are short: so more of them fall into calls.
        let generation = if count % 16L = 0L then 2 else int (count % 2L)
        GC.Collect(generation, GCCollectionMode.Forced, true)
        count <- count + 1L

        if count % 8L = 0L then
            Thread.Sleep 1

    count

/// Jobs in turn by many threads, each beginning elsewhere, for a time and until each of them has been done.
let run (threads: int) (time: TimeSpan) (jobs: Work.Job list) : Outcome =
    let jobs = List.toArray jobs
    let expected = jobs |> Array.map (fun job -> job.Compute())
    let errors, wrong = ConcurrentBag<string * exn>(), ConcurrentBag<string>()
    let mutable calls, collections, next = 0L, 0L, 0L
    let watch = Stopwatch.StartNew()
    let isOver () = watch.Elapsed >= time && Interlocked.Read &next >= int64 jobs.Length

    let work () =
        while not (isOver ()) do
            // Steps that share no factor with the number of jobs visit all of them, in an order that mixes kinds.
            let turn = Interlocked.Increment &next
            let i = int (turn * 7919L % int64 jobs.Length)

            try
                if jobs[i].Compute() <> expected[i] then
                    wrong.Add jobs[i].Name
            with error ->
                errors.Add(jobs[i].Name, error)

            Interlocked.Increment &calls |> ignore

    let start (body: unit -> unit) =
        let thread = Thread(body)
        thread.Start()
        thread

    let workers = List.init threads (fun _ -> start work)

    let collector =
        start (fun () -> collections <- collect (fun () -> workers |> List.forall (fun t -> not t.IsAlive)))

    workers |> List.iter _.Join()
    collector.Join()

    {
        Threads = threads
        Seconds = watch.Elapsed.TotalSeconds
        Calls = calls
        Collections = collections
        Errors = [
            for name, found in errors |> Seq.groupBy fst |> Seq.sortBy fst do
                let (error: exn) = found |> Seq.head |> snd
                name, Seq.length found, $"%s{error.GetType().Name}: %s{error.Message.Split('\n')[0]}"
        ]
        Wrong = wrong |> Seq.countBy id |> Seq.sort |> Seq.toList
    }

/// What is computed, by the names it is asked for with.
let kinds: (string * (unit -> Work.Job list)) list = [
    "laws", Work.laws
    "divergences", Work.divergences
    "models", Work.evaluations
    "trainings", Work.trainings
]

/// `--threads 8 --minutes 10`, and `--only laws` for one kind: all kinds at once otherwise. 1 where anything went wrong.
let child (argv: string[]) : int option =
    let value name =
        match Array.tryFindIndex ((=) name) argv with
        | Some i when i + 1 < argv.Length -> Some argv[i + 1]
        | _ -> None

    match value "--threads", value "--minutes" with
    | Some threads, Some minutes ->
        Native.load ()
        TorchSharp.torch.set_num_threads 2
        let isAsked (name, _) = value "--only" |> Option.forall ((=) name)
        let jobs = kinds |> List.filter isAsked |> List.collect (fun (_, make) -> make ())
        printfn "%d jobs" jobs.Length
        let outcome = run (int threads) (TimeSpan.FromMinutes(float minutes)) jobs
        printfn "%O" outcome
        Some(if outcome.ErrorCount + outcome.WrongCount > 0 then 1 else 0)
    | _ -> None
