namespace Vae.Benchmarks

open Vae.Core

/// All sides compute the same: from the same parameters, batches and noise they go through the same losses.
[<RequireQualifiedAccess>]
module Agreement =
    let private steps = 5

    /// The losses of the library's first steps, in nats per image.
    let private ofLibrary precision workload =
        use loop = new LibraryLoop(precision, workload)
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
        let plan = Training.steps (Workload.start Precision.Full workload)

        [
            for step in 0 .. steps - 1 do
                use x = (plan.Batch step).X
                let _, draw = Key.split (plan.Noise step)
                use noise = Key.normal Placement.float32 [| x.shape[0]; int64 workload.Latent |] draw
                loop.Step(x, noise)
        ]

    /// What rounding can make of losses: that of sums in another order, and that of factors of 8 bits.
    let private tolerance precision =
        match precision with
        | Precision.Full -> 1e-4
        | Precision.BFloat16 -> 1e-2

    /// The largest relative difference of the losses of a side's first steps from the plain loop's. Raises
    /// InvalidOperationException where they differ by more than rounding: such sides do not do the same work.
    let check workload side =
        match side with
        | Side.Plain -> 0.0
        | Side.Library precision ->
            let difference =
                List.zip (ofLibrary precision workload) (ofPlain workload)
                |> List.map (fun (a, b) -> abs (a - b) / abs b)
                |> List.max

            if not (difference <= tolerance precision) then
                invalidOp $"%s{workload.Name}, %s{side.Name}: losses differ by %g{difference} of the plain loop's size"

            difference
