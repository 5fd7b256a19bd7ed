module Vae.Benchmarks.Program

open System
open Vae.Benchmarks.Commands
open Vae.Benchmarks.Growth

/// What the process is asked to be, where a measurement started it as a child.
let private asChild arguments =
    match arguments with
    | [ "alone"; side; name; steps ] ->
        Some(fun () -> Comparison.alone (Side.named side) (CommandLine.workload name) (int steps) |> Child.write)
    | [ "memory-of"; name; steps ] -> Some(fun () -> Memory.child (CommandLine.workload name) (int steps))
    | [ "first-step"; name ] -> Some(fun () -> StartUp.child (CommandLine.workload name))
    | [ "importance-sampling"; name; samples ] ->
        Some(fun () -> SamplingMemory.child (CommandLine.workload name) (int samples))
    | "reach-quality" :: rest -> Some(fun () -> Quality.child (Quality.ofArguments rest))
    | _ -> None

let private commands () =
    let root = CompareCommand.create ()

    for command in
        [
            SuitesCommand.create ()
            GrowthCommand.create ()
            ValuesCommand.create ()
            QualityCommand.create ()
            FamiliesCommand.create ()
            LogLikelihoodCommand.create ()
            AnomaliesCommand.create ()
            ImputationCommand.create ()
            ScaleCommand.create ()
        ] do
        root.Subcommands.Add command

    root

[<EntryPoint>]
let main arguments =
    match asChild (List.ofArray arguments) with
    | Some work ->
        work ()
        0
    | None -> commands().Parse(arguments).Invoke()
