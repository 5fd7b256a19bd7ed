namespace Vae.Core

open System
open System.Diagnostics
open TorchSharp

/// A run as it stands after a step. It is read-only, and it is about the step only until the next one is asked for:
/// `Snapshot` copies what is to be kept.
[<Sealed>]
type Report
    internal
    (
        progress: Progress,
        examples: int,
        sums: (string * float) list,
        total: float,
        completed: Epoch option,
        snapshot: unit -> Snapshot
    ) =
    /// Steps taken, and steps of the whole run.
    member _.Progress = progress
    /// The epoch under way or just completed, from 1.
    member _.Epoch = int ((progress.Step - 1L) / int64 progress.StepsPerEpoch) + 1
    /// Examples of this epoch so far.
    member _.Examples = examples
    /// The mean of each term over the examples of this epoch so far, in nats.
    member _.Terms = sums |> List.map (fun (name, sum) -> name, sum / float examples)
    /// The mean of the objective over the same.
    member _.Total = total / float examples
    /// The epoch, with the step that completes it.
    member _.Completed = completed
    /// A copy of everything that the rest of the run is a function of. The caller disposes of it.
    member _.Snapshot() = snapshot ()

/// A training run in motion: it owns its buffers and changes them in place.
[<Sealed>]
type internal Loop<'q>
    (
        objective: Objective<'q>,
        optimizer: Optimizer,
        vae: Vae<'q>,
        options: TrainingOptions,
        data: Data,
        from: Snapshot option
    ) =
    let plan = Steps(options, data)
    let stepsPerEpoch, steps = plan.PerEpoch, plan.Count

    /// Steps of the epoch that is under way after so many; 0 where none is.
    let placeOf (step: int64) = int (step % int64 stepsPerEpoch)

    let parameters =
        match from with
        | Some snapshot -> snapshot.Params.Copy()
        | None -> Vae.initial options.Placement (Steps.InitialKeyOf options) vae

    let slots =
        match from with
        | Some snapshot ->
            let found = List.map fst snapshot.Slots

            if found <> optimizer.Slots then
                let listed names = names |> String.concat ", "

                Check.refuse
                    "snapshot"
                    $"of an optimizer that remembers [%s{listed found}]"
                    $"[%s{listed optimizer.Slots}], what %s{optimizer.Name} remembers"

            snapshot.Slots |> List.map (fun (name, slot) -> name, slot.clone().DetachFromDisposeScope())
        | None ->
            optimizer.Slots
            |> List.map (fun name -> name, parameters.Trained.zeros_like().DetachFromDisposeScope())

    do from |> Option.iter (fun snapshot -> SameRun.checkObjective snapshot plan objective.Name)

    let origin =
        lazy
            (match from |> Option.bind _.Origin with
             | Some origin -> { origin with Objective = objective.Name }
             | None -> plan.Origin objective.Name)

    let mutable step = from |> Option.map _.Step |> Option.defaultValue 0L
    let mutable sums = from |> Option.map _.Sums |> Option.defaultValue []
    let history = ResizeArray(from |> Option.map _.History |> Option.defaultValue [])
    let mutable best = from |> Option.bind _.Best |> Option.map (fun (epoch, p) -> epoch, p.Copy())
    let mutable weights: (string * float) list = []
    let mutable disposed = false
    let mutable hasMoved = false
    let watch = Stopwatch()

    /// The parameters as views of a vector, in what layers compute in.
    let at (flat: Tensor) =
        match options.Precision with
        | Precision.Full -> parameters.With flat
        | Precision.BFloat16 -> parameters.WithRounded flat

    do
        options.Ranks
        |> Option.iter (fun ranks ->
            use x = plan.Batch 0L

            let run = [
                "Seed", int64 options.Seed
                "Epochs", int64 options.Epochs
                "BatchSize", int64 options.BatchSize
                "data.Count", int64 data.Count
                // As many bits of it as a float64 holds.
                "the SHA-256 of data", Convert.ToInt64(origin.Value.Data[..11], 16)
                "snapshot.Step", step
            ]

            Sharing.start ranks run (parameters.Trained :: List.map snd slots) vae parameters x objective)

    let move () =
        use _ = torch.NewDisposeScope()
        let x = plan.Batch step
        let rows = plan.Rows step
        let mutable seen = []

        let loss (flat: Tensor) =
            let means =
                Objective.termsOf (Rows.passed rows) (plan.Noise step) vae (at flat) x objective |> Objective.means

            seen <- means |> List.map (fun (t, mean) -> t.Name, t.Weight, Tensor.toFloat mean)
            Objective.weighted means

        let _, gradient = Diff.fgrad loss parameters.Trained

        let seen, gradient =
            match options.Ranks with
            | None -> seen, gradient
            | Some ranks ->
                let means = seen |> List.map (fun (_, _, mean) -> mean)
                let means, gradient = Exchange.mean ranks rows.Share means gradient
                List.map2 (fun (name, weight, _) mean -> name, weight, mean) seen means, gradient

        if seen |> List.exists (fun (_, _, mean) -> not (Double.IsFinite mean)) then
            raise (TrainingDiverged.at (step + 1L) (seen |> List.map (fun (name, _, mean) -> name, mean)))

        let rate =
            optimizer.Rate
            * optimizer.Schedule.Factor { Step = step; Steps = steps; StepsPerEpoch = stepsPerEpoch }

        optimizer.Update (step + 1L) rate parameters.Trained gradient (List.map snd slots)

        if placeOf step = 0 then
            sums <- seen |> List.map (fun (name, _, _) -> name, 0.0)

        weights <- seen |> List.map (fun (name, weight, _) -> name, weight)
        sums <- List.map2 (fun (name, sum) (_, _, mean) -> name, sum + mean * float rows.Of) sums seen
        step <- step + 1L
        rate

    /// Refuses to go on with parameters that the optimizer can no longer move. What is infinite stays so, so that it is
    /// enough to look now and then.
    let movable () =
        use _ = torch.NewDisposeScope()

        for name, slot in slots do
            let lost = slot.isfinite().logical_not().sum().whole()

            if lost > 0L then
                raise (TrainingDiverged.ofSlot step optimizer.Name name lost (slot.numel ()) parameters.Placement)

    let total () = List.fold2 (fun total (_, weight) (_, sum) -> total + weight * sum) 0.0 weights sums

    let examples () =
        match placeOf step with
        | 0 -> data.Count
        | place -> place * plan.BatchSize

    let isBetter (epoch: Epoch) =
        match epoch.Validation, best with
        | Some _, None -> true
        | Some now, Some(number, _) ->
            let before = history[number - 1]
            now.Total.Mean < before.Validation.Value.Total.Mean
        | None, _ -> false

    let complete rate : Epoch =
        let seconds = watch.Elapsed.TotalSeconds

        let epoch = {
            Number = int (step / int64 stepsPerEpoch)
            Terms = sums |> List.map (fun (name, sum) -> name, sum / float data.Count)
            Total = total () / float data.Count
            Validation = plan.Validate(objective, vae, parameters)
            Rate = rate
            Seconds = seconds
            Examples = data.Count
        }

        if options.Patience.IsSome && isBetter epoch then
            best |> Option.iter (fun (_, p) -> (p :> IDisposable).Dispose())
            best <- Some(epoch.Number, parameters.Copy())

        history.Add epoch
        watch.Restart()
        epoch

    let snapshot () = {
        Model = Vae.describe vae
        Step = step
        Params = parameters.Copy()
        Slots = slots |> List.map (fun (name, slot) -> name, slot.clone().DetachFromDisposeScope())
        Sums = sums
        Origin = Some origin.Value
        History = List.ofSeq history
        Best = best |> Option.map (fun (epoch, p) -> epoch, p.Copy())
    }

    /// The snapshot of a report, as long as the run stands where the report was made.
    let snapshotOf reported () =
        if disposed || step <> reported then
            invalidOp
                $"the run has gone on since step %d{reported}, or ended: take a report's snapshot before the next report is asked for"

        snapshot ()

    member _.IsDone =
        let outOfPatience =
            match options.Patience, best with
            | Some patience, Some(number, _) -> history.Count - number >= patience
            | _ -> false

        step >= steps || outOfPatience && placeOf step = 0

    /// Takes one step, and reports it.
    member _.Next() =
        if not watch.IsRunning then
            watch.Start()

        let isFirst = not hasMoved
        let rate = move ()
        hasMoved <- true

        if isFirst || step % 50L = 0L || placeOf step = 0 then
            movable ()

        // Small native objects that scopes do not track live until their finalizers run: without this, resident memory
        // grows by about 1 MB a step. What is alive during a collection of the youngest is collected with all, less often.
        if step % 500L = 0L then
            GC.Collect()
        elif step % 50L = 0L then
            GC.Collect 0

        let completed = if placeOf step = 0 then Some(complete rate) else None

        Report(
            { Step = step; Steps = steps; StepsPerEpoch = stepsPerEpoch },
            examples (),
            sums,
            total (),
            completed,
            snapshotOf step
        )

    /// A copy of what the run has come to: the best epoch's parameters, where early stopping chose them.
    member _.Result() : Params * Epoch list =
        match best with
        | Some(_, chosen) -> chosen.Copy(), List.ofSeq history
        | None -> parameters.Copy(), List.ofSeq history

    interface IDisposable with
        member _.Dispose() =
            disposed <- true
            (parameters :> IDisposable).Dispose()

            for _, slot in slots do
                slot.Dispose()

            best |> Option.iter (fun (_, p) -> (p :> IDisposable).Dispose())
