/// What came of the mutants, by folder, and each survivor by its source.
module Vae.Mutants.Report

open Vae.Mutants.Points
open Vae.Mutants.Trial

let private count kind (outcomes: (Point * Outcome) list) =
    outcomes |> List.filter (fun (_, outcome) -> kind outcome) |> List.length

let private kinds: (string * (Outcome -> bool)) list = [
    "mutants", (fun _ -> true)
    "killed", _.IsKilled
    "broken", _.IsBroken
    "survived", _.IsSurvived
    "unreached", _.IsUnreached
]

let private table (outcomes: (Point * Outcome) list) = [
    let heading = kinds |> List.map (fun (name, _) -> $"%10s{name}") |> String.concat ""
    String.replicate 20 " " + heading

    let row name outcomes =
        let cells = kinds |> List.map (fun (_, kind) -> $"%10d{count kind outcomes}") |> String.concat ""
        $"%-20s{name}%s{cells}"

    for folder, ofFolder in outcomes |> List.groupBy (fun (p, _) -> p.Folder) do
        row folder ofFolder

    row "all" outcomes

    for kind, ofKind in outcomes |> List.groupBy (fun (p, _) -> p.Mutation.Kind) |> List.sortBy fst do
        row kind ofKind
]

let describe (p: Point) =
    $"%4d{p.Id}  %s{p.File}:%d{p.Line}  %s{p.Mutation.Kind}: %s{p.Mutation.Change}  in %s{p.Method.DeclaringType.Name}.%s{p.Method.Name}"

let private all title kind (outcomes: (Point * Outcome) list) = [
    match outcomes |> List.filter (fun (_, outcome) -> kind outcome) with
    | [] -> ()
    | found ->
        yield ""
        yield title

        for point, outcome in found do
            match outcome with
            | Survived tests -> yield $"%s{describe point}  (%d{tests} tests)"
            | Broken(test, how) -> yield $"%s{describe point}  (%s{test} %s{how})"
            | Killed test -> yield $"%s{describe point}  (%s{test})"
            | Unreached -> yield describe point
]

let lines (outcomes: (Point * Outcome) list) : string list =
    List.concat [
        table outcomes
        outcomes |> all "Survived:" _.IsSurvived
        outcomes |> all "Reached by no test:" _.IsUnreached
        outcomes |> all "Ended a test's process, or its time:" _.IsBroken
        outcomes |> all "Killed:" _.IsKilled
    ]
