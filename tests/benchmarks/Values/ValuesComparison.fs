namespace Vae.Benchmarks.Values

open System
open System.Diagnostics
open TorchSharp
open Vae.Benchmarks
open Vae.Core

/// Training steps of a loss on the library's differentiation, optimizer, batches and noise.
[<Sealed>]
type Stepper(workload: Workload, loss: Loss) =
    let plan = Training.steps (Workload.start Precision.Full workload)
    let optimizer = Optimizer.adam 1e-3
    let parameters = Workload.firstParameters workload
    let slots = optimizer.Slots |> List.map (fun _ -> torch.zeros_like parameters.Trained)
    let mutable step = 0

    /// Takes a step; its loss in nats per image.
    member _.Next() : float =
        use _ = torch.NewDisposeScope()
        let x = (plan.Batch(int64 step)).X
        let mutable total = 0.0

        let value (flat: Tensor) =
            let terms = loss (plan.Noise(int64 step)) (parameters.With flat) x
            // As a training does, which reports each term.
            total <- terms |> List.sumBy Tensor.toFloat
            List.reduce (+) terms

        let _, gradient = Diff.fgrad value parameters.Trained
        step <- step + 1
        optimizer.Update (int64 step) optimizer.Rate parameters.Trained gradient slots

        if step % 50 = 0 then
            GC.Collect 0

        total

    interface IDisposable with
        member _.Dispose() =
            (parameters :> IDisposable).Dispose()

            for slot in slots do
                slot.Dispose()

/// What a step costs by laws, and by formulas in their place.
type ValuesComparison = {
    Workload: string
    /// The median time of a step.
    LawsMilliseconds: float
    /// The distance between the quartiles of the rounds' medians.
    LawsSpread: float
    FormulasMilliseconds: float
    FormulasSpread: float
    /// The time by laws over that by formulas, in percent above it: the median over the rounds.
    CostPercent: float
    CostSpread: float
    LawsAllocatedBytes: float
    FormulasAllocatedBytes: float
    /// The largest relative difference of the losses of the first steps.
    LossDifference: float
}

[<RequireQualifiedAccess>]
module ValuesComparison =
    let private first = 5

    /// The largest relative difference of the losses of the first steps. Raises InvalidOperationException above 1e-4: such
    /// steps are not the same.
    let private agree (workload: Workload) =
        let losses loss =
            use stepper = new Stepper(workload, loss)
            List.init first (fun _ -> stepper.Next())

        let difference =
            List.map2 (fun a b -> abs (a - b) / abs b) (losses (Loss.ofLaws workload)) (losses (Loss.inlined workload))
            |> List.max

        if not (difference <= 1e-4) then
            invalidOp $"%s{workload.Name}: by laws and by formulas the losses differ by %g{difference} of their size"

        difference

    let private time (stepper: Stepper) =
        let allocated = GC.GetAllocatedBytesForCurrentThread()
        let watch = Stopwatch.StartNew()
        stepper.Next() |> ignore
        watch.Elapsed.TotalMilliseconds, float (GC.GetAllocatedBytesForCurrentThread() - allocated)

    /// Rounds of steps that take turns, each side first in every other turn.
    let run rounds (workload: Workload) : ValuesComparison =
        let difference = agree workload
        use laws = new Stepper(workload, Loss.ofLaws workload)
        use formulas = new Stepper(workload, Loss.inlined workload)

        let turn i =
            if i % 2 = 0 then
                let byLaws = time laws
                byLaws, time formulas
            else
                let byFormulas = time formulas
                time laws, byFormulas

        let median = Arithmetic.medianAndSpread >> fst

        let round _ =
            let turns = List.init (2 * workload.Steps) turn
            let of' side = turns |> List.map side |> List.unzip |> (fun (t, bytes) -> median t, median bytes)
            of' fst, of' snd

        round 0 |> ignore
        let measured = List.init rounds round
        let lawsTime, lawsSpread = measured |> List.map (fst >> fst) |> Arithmetic.medianAndSpread
        let formulasTime, formulasSpread = measured |> List.map (snd >> fst) |> Arithmetic.medianAndSpread

        let cost, costSpread =
            measured |> List.map (fun ((l, _), (f, _)) -> 100.0 * (l / f - 1.0)) |> Arithmetic.medianAndSpread

        {
            Workload = workload.Name
            LawsMilliseconds = lawsTime
            LawsSpread = lawsSpread
            FormulasMilliseconds = formulasTime
            FormulasSpread = formulasSpread
            CostPercent = cost
            CostSpread = costSpread
            LawsAllocatedBytes = measured |> List.map (fst >> snd) |> median
            FormulasAllocatedBytes = measured |> List.map (snd >> snd) |> median
            LossDifference = difference
        }
