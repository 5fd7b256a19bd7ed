namespace Vae.Benchmarks.Commands

open System.CommandLine
open Vae.Benchmarks
open Vae.Benchmarks.Growth

[<RequireQualifiedAccess>]
module GrowthCommand =
    let private parts = [| "step-times"; "memory"; "start-up"; "importance-sampling" |]

    let create () =
        let only, asJson = CommandLine.only (), CommandLine.json ()
        let described = String.concat ", " parts
        let part = Option<string[]>("--part", Description = $"What is measured: %s{described}")
        part.AcceptOnlyFromAmong parts |> ignore
        let rounds = CommandLine.number "--rounds" "Rounds over the sizes of batch, and processes started" 1 7

        let steps =
            CommandLine.number "--steps" "Steps of the training whose memory is watched" Memory.leastSteps 10_000

        let options: Option list = [ only; part; rounds; steps; asJson ]

        CommandLine.command
            "growth"
            "How time and memory grow with batch, steps and draws, and how long a start takes"
            options
            (fun parsed ->
                Vae.Core.Native.load ()
                let workloads = CommandLine.chosen only parsed
                let rounds = parsed.GetRequiredValue rounds

                let each name (measure: Workload list -> 'a list) =
                    match parsed.GetValue part with
                    | null
                    | [||] -> measure workloads
                    | wanted when Array.contains name wanted -> measure workloads
                    | _ -> []

                let growth = {
                    // First those that run in processes of their own, while this one holds little.
                    StartUp = each "start-up" (fun workloads -> StartUp.measure rounds workloads.Head)
                    Memory = each "memory" (List.map (Memory.measure (parsed.GetRequiredValue steps)))
                    ImportanceSampling = each "importance-sampling" (List.collect SamplingMemory.measure)
                    StepTimes = each "step-times" (List.map (StepTimes.measure rounds))
                }

                CommandLine.show (parsed.GetRequiredValue asJson) growth GrowthReport.tables
                0)
