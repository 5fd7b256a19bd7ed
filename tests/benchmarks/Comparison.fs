namespace Vae.Benchmarks

open System
open System.Diagnostics
open TorchSharp

/// What was measured of a side.
type Measured = {
    Side: string
    /// The median time of a step.
    Milliseconds: float
    /// The distance between the quartiles of that time.
    Spread: float
    /// The plain loop's time over this side's: the median over the rounds.
    Ratio: float
    RatioSpread: float
    ImagesPerSecond: float
    /// Arithmetic done over the arithmetic of libtorch's float32 matrix products in the same time.
    FractionOfPeak: float
    /// Managed memory that a step allocates.
    AllocatedBytes: float
    /// The most memory that a process held that did this side alone.
    PeakMegabytes: float
    /// The largest relative difference of the losses of the first steps from the plain loop's.
    LossDifference: float
}

/// Ways to do the same work, measured by turns in one process.
type Comparison = { Workload: string; Sides: Measured list }

[<RequireQualifiedAccess>]
module Comparison =
    /// Milliseconds and allocated bytes of a step, over several.
    let private time steps (step: unit -> unit) =
        let allocated = GC.GetAllocatedBytesForCurrentThread()
        let watch = Stopwatch.StartNew()

        for _ in 1..steps do
            step ()

        watch.Elapsed.TotalMilliseconds / float steps,
        float (GC.GetAllocatedBytesForCurrentThread() - allocated) / float steps

    /// Steps of one side alone, and the most memory that this process held, in megabytes.
    let alone side (workload: Workload) steps =
        Vae.Core.Native.load ()
        torch.random.manual_seed 0L |> ignore
        let next, loop = Side.start side workload
        use _ = loop

        for _ in 1..steps do
            next ()

        float (Process.GetCurrentProcess().PeakWorkingSet64) / 1e6

    /// The same in a process of its own.
    let private peakOf (side: Side) (workload: Workload) steps =
        Child.numbers [ "alone"; side.Name; workload.Name; string steps ] |> List.exactlyOne

    /// Rounds of all sides, every other one in the opposite order.
    let run rounds (workload: Workload) : Comparison =
        let differences = Side.all |> List.map (Agreement.check workload)
        torch.random.manual_seed 0L |> ignore
        let loops = Side.all |> List.map (fun side -> Side.start side workload)
        let indexed = List.indexed loops
        let measure (i, (next, _)) = i, time workload.Steps next
        indexed |> List.iter (measure >> ignore)

        let round n =
            (if n % 2 = 0 then indexed else List.rev indexed)
            |> List.map measure
            |> List.sortBy fst
            |> List.map snd

        let peak = Arithmetic.measuredPeak ()
        let measured = List.init rounds round

        for _, loop in loops do
            loop.Dispose()

        let flops =
            Arithmetic.perExample [| 1L; 28L; 28L |] (int64 workload.Latent) workload.Encoder workload.Decoder
            * float Workload.batchSize

        let side i (side: Side) =
            let milliseconds, spread =
                measured |> List.map (fun round -> fst round[i]) |> Arithmetic.medianAndSpread

            let ratio, ratioSpread =
                measured |> List.map (fun round -> fst round[0] / fst round[i]) |> Arithmetic.medianAndSpread

            {
                Side = side.Name
                Milliseconds = milliseconds
                Spread = spread
                Ratio = ratio
                RatioSpread = ratioSpread
                ImagesPerSecond = 1000.0 * float Workload.batchSize / milliseconds
                FractionOfPeak = flops / (milliseconds / 1000.0) / peak
                AllocatedBytes = measured |> List.map (fun round -> snd round[i]) |> Arithmetic.medianAndSpread |> fst
                PeakMegabytes = peakOf side workload (rounds * workload.Steps)
                LossDifference = differences[i]
            }

        { Workload = workload.Name; Sides = List.mapi side Side.all }
