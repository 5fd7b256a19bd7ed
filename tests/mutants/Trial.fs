/// Whether the tests notice a mutant.
module Vae.Mutants.Trial

open System.IO
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

/// The first tests of so many seconds together: those that bear the file's name, and of these and the others the shortest,
/// as a test of a formula is a short one.
let private within (seconds: float) (point: Point) (tests: Covered list) =
    let subject = nonNull (Path.GetFileNameWithoutExtension point.File)

    tests
    |> List.filter _.Passed
    |> List.sortBy (fun c -> not (c.Name.Contains subject), c.Seconds)
    |> List.mapFold (fun total c -> (total, c), total + c.Seconds) 0.0
    |> fst
    |> List.takeWhile (fun (before, _) -> before < seconds)
    |> List.map snd

let private reaching (point: Point) = List.filter (fun (c: Covered) -> c.Reached.Contains point.Id)

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

/// `started` has the mutants that are reached before any test: those have a process of their own from its start, as a survivor
/// has once more, so that what is computed once is computed with the mutant.
let run (seconds: float) (covered: Covered list) (started: Set<int>) (start: int -> Worker) worker (point: Point) =
    let inOwnProcess seconds tests =
        use own = start point.Id
        judge own point true (within seconds point tests) 0

    match reaching point covered with
    | [] when started.Contains point.Id ->
        covered |> List.filter (fun c -> c.Name.Contains $".%s{point.Folder}.") |> inOwnProcess seconds
    | [] -> Unreached
    | tests ->
        match judge worker point false (within seconds point tests) 0 with
        | Survived tried ->
            match inOwnProcess (seconds / 4.0) tests with
            | Survived _ -> Survived tried
            | outcome -> outcome
        | outcome -> outcome
