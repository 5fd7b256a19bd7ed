namespace Vae.Benchmarks

open System
open System.Diagnostics
open TorchSharp

/// One side of a comparison.
type Side = {
    /// The median time of a step.
    Milliseconds: float
    /// The distance between the quartiles of that time.
    Spread: float
    ImagesPerSecond: float
    /// Arithmetic done over the arithmetic of matrix products in the same time.
    FractionOfPeak: float
    /// Managed memory that a step allocates.
    AllocatedBytes: float
    /// The most memory that a process held that did this side alone.
    PeakMegabytes: float
}

/// Two ways to do the same work, measured alternately in one process.
type Comparison = {
    Workload: string
    Plain: Side
    Library: Side
    /// The plain loop's time over the library's: the median over the rounds.
    Ratio: float
    RatioSpread: float
    /// The largest relative difference of the losses of the first steps.
    LossDifference: float
}

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

        match side with
        | "plain" ->
            use loop = new PlainLoop(workload)

            for _ in 1..steps do
                loop.Next()
        | _ ->
            use loop = new LibraryLoop(workload)

            for _ in 1..steps do
                loop.Next() |> ignore

        float (Process.GetCurrentProcess().PeakWorkingSet64) / 1e6

    /// The same in a process of its own.
    let private peakOf side (workload: Workload) steps =
        let program = nonNull Environment.ProcessPath
        let arguments = [ "alone"; side; workload.Name; string steps ]

        let startInfo =
            ProcessStartInfo(program, arguments, RedirectStandardOutput = true, UseShellExecute = false)

        use child = nonNull (Process.Start startInfo)
        let output = child.StandardOutput.ReadToEnd()
        child.WaitForExit()

        if child.ExitCode <> 0 then
            invalidOp $"%s{side} alone ended with %d{child.ExitCode}: %s{output}"

        Double.Parse(output, Globalization.CultureInfo.InvariantCulture)

    /// Rounds of both sides, in alternating order.
    let run rounds (workload: Workload) : Comparison =
        let difference = Agreement.check workload
        torch.random.manual_seed 0L |> ignore
        use plain = new PlainLoop(workload)
        use library = new LibraryLoop(workload)
        let plainly () = time workload.Steps plain.Next
        let byLibrary () = time workload.Steps (fun () -> library.Next() |> ignore)
        plainly () |> ignore
        byLibrary () |> ignore

        let round i =
            if i % 2 = 0 then
                let first = plainly ()
                first, byLibrary ()
            else
                let first = byLibrary ()
                plainly (), first

        let peak = Arithmetic.measuredPeak ()
        let measured = List.init rounds round

        let flops =
            Arithmetic.perExample [| 1L; 28L; 28L |] (int64 workload.Latent) workload.Encoder workload.Decoder
            * float Workload.batchSize

        let side name taken =
            let milliseconds, spread = taken |> List.map fst |> Arithmetic.medianAndSpread

            {
                Milliseconds = milliseconds
                Spread = spread
                ImagesPerSecond = 1000.0 * float Workload.batchSize / milliseconds
                FractionOfPeak = flops / (milliseconds / 1000.0) / peak
                AllocatedBytes = taken |> List.map snd |> Arithmetic.medianAndSpread |> fst
                PeakMegabytes = peakOf name workload (rounds * workload.Steps)
            }

        let ratio, ratioSpread =
            measured |> List.map (fun (p, l) -> fst p / fst l) |> Arithmetic.medianAndSpread

        {
            Workload = workload.Name
            Plain = side "plain" (List.map fst measured)
            Library = side "library" (List.map snd measured)
            Ratio = ratio
            RatioSpread = ratioSpread
            LossDifference = difference
        }
