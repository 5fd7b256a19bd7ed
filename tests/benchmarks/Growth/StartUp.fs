namespace Vae.Benchmarks.Growth

open System
open Vae.Benchmarks
open Vae.Core

/// Seconds from before a process is started to a point of its work: the median over several processes.
type Stage = { Reached: string; Seconds: float; Spread: float }

[<RequireQualifiedAccess>]
module StartUp =
    /// Takes one training step, saying how far it is.
    let child (workload: Workload) =
        let reached (stage: string) = Console.Out.WriteLine stage
        reached "the program's first line"
        Native.load ()
        reached "native libraries loaded"
        let data = Digits.draw (Key.ofSeed 7) Workload.batchSize
        reached $"%d{Workload.batchSize} digits drawn"

        let steps =
            Workload.vae workload
            |> Training.start { TrainingOptions.defaults with BatchSize = Workload.batchSize } data
            |> Training.reports Objective.elbo (Optimizer.adam 1e-3)

        Seq.head steps |> ignore
        reached "first training step taken"

    /// The stages of several fresh processes, one after another.
    let measure processes (workload: Workload) : Stage list =
        List.init processes (fun _ -> Child.timedLines [ "first-step"; workload.Name ])
        |> List.transpose
        |> List.map (fun times ->
            let seconds, spread = times |> List.map snd |> Arithmetic.medianAndSpread

            { Reached = fst times.Head; Seconds = seconds; Spread = spread })
