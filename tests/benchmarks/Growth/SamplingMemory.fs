namespace Vae.Benchmarks.Growth

open System.Diagnostics
open Vae.Benchmarks
open Vae.Core

/// The most memory that a process held that estimated log p(x) by so many draws for each image, in megabytes.
type SamplingMemory = { Workload: string; Samples: int; PeakMegabytes: float; Seconds: float }

[<RequireQualifiedAccess>]
module SamplingMemory =
    let private samples = [ 50; 500; 5000 ]
    let private images = 100

    /// Estimates in this process, and writes the most memory that it held in megabytes.
    let child (workload: Workload) samples =
        Native.load ()
        use parameters = Vae.initial Placement.float32 (Key.ofSeed 0) (Density.vae workload)

        let run = { Vae = Density.vae workload; Params = parameters; History = [] }

        Evaluation.logLikelihood samples run (Digits.draw (Key.ofSeed 7) images) |> ignore
        use self = Process.GetCurrentProcess()
        Child.write (float self.PeakWorkingSet64 / 1e6)

    /// Each number of draws in a process of its own.
    let measure (workload: Workload) : SamplingMemory list =
        samples
        |> List.map (fun count ->
            let watch = Stopwatch.StartNew()
            let peak = Child.numbers [ "importance-sampling"; workload.Name; string count ]

            {
                Workload = workload.Name
                Samples = count
                PeakMegabytes = peak.Head
                Seconds = watch.Elapsed.TotalSeconds
            })
