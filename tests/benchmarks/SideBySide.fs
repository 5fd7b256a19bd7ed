namespace Vae.Benchmarks

open System
open System.Collections.Concurrent
open System.Threading.Tasks
open TorchSharp

/// Independent measurements, and what they say together.
[<RequireQualifiedAccess>]
module SideBySide =
    /// Work on every job, in their order, as many at once as there are processors, by a thread each.
    let run (work: 'job -> unit) (jobs: 'job list) : unit =
        let alone job =
            torch.set_num_threads 1
            work job

        Parallel.ForEach(
            Partitioner.Create(jobs, EnumerablePartitionerOptions.NoBuffering),
            ParallelOptions(MaxDegreeOfParallelism = Environment.ProcessorCount),
            alone
        )
        |> ignore

    /// The mean, and the standard deviation over n - 1; 0 of one number.
    let moments (values: float list) : float * float =
        let mean = List.average values
        mean, sqrt (List.sumBy (fun x -> (x - mean) ** 2.0) values / float (max 1 (values.Length - 1)))
