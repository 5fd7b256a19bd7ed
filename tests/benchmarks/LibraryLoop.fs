namespace Vae.Benchmarks

open System
open Vae.Core

/// The same training by the library's public API.
[<Sealed>]
type LibraryLoop(workload: Workload) =
    let reports =
        (Workload.start workload |> Training.reports Objective.elbo (Optimizer.adam 1e-3)).GetEnumerator()

    /// One step.
    member _.Next() : Report =
        reports.MoveNext() |> ignore
        reports.Current

    interface IDisposable with
        member _.Dispose() = reports.Dispose()

/// Both sides compute the same: from the same parameters, batches and noise they go through the same losses.
[<RequireQualifiedAccess>]
module Agreement =
    let private steps = 5

    /// The losses of the library's first steps, in nats per image.
    let private ofLibrary workload =
        use loop = new LibraryLoop(workload)
        let mutable before = 0.0

        [
            for _ in 1..steps do
                let report = loop.Next()
                let sum = report.Total * float report.Examples
                (sum - before) / float Workload.batchSize
                before <- sum
        ]

    /// The losses of the plain loop's steps on the library's batches and noise.
    let private ofPlain workload =
        use loop = new PlainLoop(workload)
        use first = Workload.firstParameters workload
        loop.BeginAt first
        let plan = Training.steps (Workload.start workload)

        [
            for step in 0 .. steps - 1 do
                use x = plan.Batch step
                let _, draw = Key.split (plan.Noise step)
                use noise = Key.normal Placement.float32 [| x.shape[0]; int64 workload.Latent |] draw
                loop.Step(x, noise)
        ]

    /// The largest relative difference of the losses of the first steps. Raises InvalidOperationException above 1e-4: such
    /// sides do not do the same work.
    let check workload =
        let difference =
            List.zip (ofLibrary workload) (ofPlain workload)
            |> List.map (fun (a, b) -> abs (a - b) / abs b)
            |> List.max

        if not (difference <= 1e-4) then
            invalidOp $"%s{workload.Name}: the two loops' losses differ by %g{difference} of their size"

        difference
