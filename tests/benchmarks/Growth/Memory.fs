namespace Vae.Benchmarks.Growth

open System
open System.Diagnostics
open Vae.Benchmarks
open Vae.Core

/// Resident memory of a long training.
type Memory = {
    Workload: string
    Steps: int
    /// The most that was seen in steps 500 to 1,000, in megabytes.
    FirstMegabytes: float
    /// The most that was seen in the last 500 steps.
    LastMegabytes: float
    /// The last over the first, in percent above it.
    GrowthPercent: float
    /// At every hundredth step.
    Megabytes: float list
}

[<RequireQualifiedAccess>]
module Memory =
    /// Steps between two looks at the memory.
    let private between = 100

    /// Steps until allocators and caches have what they need.
    let private settling = 500

    /// The fewest steps that the growth of can be told: those of settling, and a first and a last window as long.
    let leastSteps = 3 * settling

    let private resident () =
        use self = Process.GetCurrentProcess()
        float self.WorkingSet64 / 1e6

    /// Trains in this process, writing its resident memory in megabytes every so often.
    let child (workload: Workload) steps =
        Native.load ()
        use loop = new LibraryLoop(Precision.Full, workload)

        for step in 1..steps do
            loop.Next() |> ignore

            if step % between = 0 then
                Child.write (resident ())

    /// The same in a process of its own.
    let measure steps (workload: Workload) : Memory =
        let seen = Child.numbers [ "memory-of"; workload.Name; string steps ]
        let window = settling / between
        let first = seen |> List.skip window |> List.truncate window |> List.max
        let last = seen |> List.skip (seen.Length - window) |> List.max

        {
            Workload = workload.Name
            Steps = steps
            FirstMegabytes = first
            LastMegabytes = last
            GrowthPercent = 100.0 * (last / first - 1.0)
            Megabytes = seen
        }
