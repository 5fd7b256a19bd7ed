/// Whether the tests notice a mutant.
module Vae.Mutants.Trial

open Vae.Mutants.Coverage
open Vae.Mutants.Points
open Vae.Mutants.Worker

type Outcome =
    | Killed of test: string
    /// A test ran for far longer than it does, or ended the process.
    | Broken of test: string * how: string
    | Survived of tests: int
    /// No test comes to it.
    | Unreached

/// Tests that reach a mutant, the shortest first, of so many seconds together: a test of a formula is a short one.
let private testsOf (seconds: float) (covered: Covered list) (point: Point) =
    covered
    |> List.filter (fun c -> c.Passed && c.Reached.Contains point.Id)
    |> List.sortBy _.Seconds
    |> List.scan (fun (total, _) c -> total + c.Seconds, Some c) (0.0, None)
    |> List.choose (fun (total, c) -> if total - (Option.fold (fun _ c -> c.Seconds) 0.0 c) < seconds then c else None)

/// Whether a failure is the mutant's: what a process keeps from an earlier mutant fails without any.
let private isOwn (worker: Worker) (c: Covered) =
    match worker.Run(0, c.Test, 30.0 + 10.0 * c.Seconds) with
    | Passed _ -> true
    | _ -> false

let rec private judge (worker: Worker) (point: Point) (isFresh: bool) (tests: Covered list) tried =
    match tests with
    | [] -> Survived tried
    | c :: others ->
        match worker.Run(point.Id, c.Test, 20.0 + 10.0 * c.Seconds) with
        | Passed _ -> judge worker point isFresh others (tried + 1)
        | Failed _ when isOwn worker c || isFresh -> Killed c.Name
        | Failed _ ->
            worker.Restart()
            judge worker point true tests tried
        | TimedOut -> Broken(c.Name, "ran out of time")
        | Crashed -> Broken(c.Name, "ended the process")

let run (seconds: float) (covered: Covered list) (worker: Worker) (point: Point) : Outcome =
    match testsOf seconds covered point with
    | [] -> Unreached
    | tests -> judge worker point false tests 0

/// A survivor once more, in a process that has the mutant from its start: what is computed once is computed with it.
let confirm
    (seconds: float)
    (covered: Covered list)
    (start: int -> Worker)
    (point: Point)
    (outcome: Outcome)
    : Outcome =
    match outcome with
    | Survived _ ->
        use worker = start point.Id
        judge worker point true (testsOf seconds covered point) 0
    | outcome -> outcome
