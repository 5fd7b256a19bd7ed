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
        elapsed: TimeSpan,
        rate: float,
        gradientNorm: float,
        fault: Fault option,
        completed: Epoch option,
        snapshot: unit -> Snapshot
    ) =
    /// Steps taken, and steps of the whole run.
    member _.Progress = progress
    /// The epoch under way or just completed, from 1.
    member _.Epoch = int ((progress.Step - 1L) / int64 progress.StepsPerEpoch) + 1
    /// Examples of this epoch so far, without those of steps that were left out.
    member _.Examples = examples
    /// The mean of each term over the examples of this epoch so far, in nats.
    member _.Terms = sums |> List.map (fun (name, sum) -> name, sum / float examples)
    /// The mean of the objective over the same.
    member _.Total = total / float examples
    /// Wall-clock time that this process has trained for in this epoch, without validation: no part of what a run is a function
    /// of, and of none of its files.
    member _.Elapsed = elapsed
    /// The learning rate of the step, by the optimizer's schedule.
    member _.Rate = rate
    /// The length of the step's gradient, the root of its sum of squares, before the optimizer shortened it. NaN of a step that
    /// came to none.
    member _.GradientNorm = gradientNorm
    /// Of a step that was left out, what was wrong with it.
    member _.Fault = fault
    /// The epoch, with the step that completes it.
    member _.Completed = completed
    /// A copy of everything that the rest of the run is a function of. The caller disposes of it.
    member _.Snapshot() = snapshot ()

/// What came of a step.
[<RequireQualifiedAccess>]
type private Outcome =
    /// It was made.
    | Made
    /// It was found wrong before anything was moved.
    | Refused of Fault
    /// It was found wrong by what it left.
    | Spoilt of Fault

/// Where a run stands, beside the numbers that it moves.
type private Standing = {
    Step: int64
    /// The sum of each term over the examples of the epoch under way.
    Sums: (string * float) list
    /// The sum of the loss over the same; None of a checkpoint from before it was kept, until a step says the terms' weights.
    Total: float option
    /// Steps left out, of the run.
    Skipped: int
    /// Examples of the epoch under way whose steps were left out.
    Missed: int
}

/// A training run in motion: it owns its buffers and changes them in place.
[<Sealed>]
type internal Loop
    (objective: Objective, optimizer: Optimizer, vae: Vae, options: TrainingOptions, data: Data, from: Snapshot option)
    =
    do
        Objective.check vae objective

        if options.Accumulate > 1 then
            Objective.checkShared "a step accumulates several batches" objective

        if optimizer.Plateau.IsSome && options.Validation.IsNone then
            Check.refuse
                "optimizer"
                "one whose rate falls on a plateau"
                "one that does not without validation data, which a plateau is one of"

    let plan = Steps(options, vae.Reads, data)
    let model = Vae.declared vae
    let declared = Params.Distinct(model @ objective.Declared vae)
    let stepsPerEpoch, steps = plan.PerEpoch, plan.Count

    /// Steps of the epoch that is under way after so many; 0 where none is.
    let placeOf (step: int64) = int (step % int64 stepsPerEpoch)

    let state =
        let parameters =
            match from with
            | Some snapshot ->
                SameRun.checkLearned snapshot model declared objective.Name
                snapshot.Params.Copy()
            | None ->
                let parameters = Params.Initial(options.Placement, Steps.InitialKeyOf options, declared)
                // Whoever makes a model may leave it to another thread.
                Team.release ()
                parameters

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

        let average =
            match from with
            | Some snapshot -> snapshot.Average |> Option.map (fun a -> a.clone().DetachFromDisposeScope())
            | None -> options.Average |> Option.map (fun _ -> parameters.Trained.zeros_like().DetachFromDisposeScope())

        new State(parameters, slots, average)

    let parameters, slots = state.Params, state.Slots

    do from |> Option.iter (fun snapshot -> SameRun.checkObjective snapshot plan objective.Name)

    let origin =
        let isJudged = options.Patience.IsSome || options.KeepBest || optimizer.Plateau.IsSome

        lazy
            (let now = plan.Origin(objective.Name, isJudged)

             match from |> Option.bind _.Origin with
             | Some origin -> {
                 origin with
                     Objective = now.Objective
                     Validation = origin.Validation |> Option.orElse now.Validation
               }
             | None -> now)

    let mutable place =
        match from with
        | Some snapshot -> {
            Step = snapshot.Step
            Sums = snapshot.Sums
            Total = snapshot.Total
            Skipped = snapshot.Skipped
            Missed = snapshot.Missed
          }
        | None -> { Step = 0L; Sums = []; Total = Some 0.0; Skipped = 0; Missed = 0 }

    let mutable kept = place
    let mutable rate, norm = 0.0, nan
    let history = ResizeArray(from |> Option.map _.History |> Option.defaultValue [])

    /// The factor of the learning rate by what validation has said so far.
    let onPlateau () =
        match optimizer.Plateau with
        | None -> 1.0
        | Some plateau ->
            [
                for epoch in history do
                    epoch.Validation |> Option.map _.Total.Mean |> Option.defaultValue nan
            ]
            |> Plateau.factor plateau

    let mutable lowered = onPlateau ()
    let mutable best = from |> Option.bind _.Best |> Option.map (fun (epoch, p) -> epoch, p.Copy())
    let mutable disposed = false
    let watch = Stopwatch()

    /// The parameters as views of a vector, in what layers compute in.
    let at (step: int64) (flat: Tensor) =
        let views =
            match options.Precision with
            | Precision.Full -> parameters.With flat
            | Precision.BFloat16 -> parameters.WithRounded flat

        if (plan.Rows step).Of < plan.BatchSize then views.OfRest() else views

    do
        options.Ranks
        |> Option.iter (fun ranks ->
            use _ = torch.NewDisposeScope()

            let run = [
                "Seed", int64 options.Seed
                "Epochs", int64 options.Epochs
                "BatchSize", int64 options.BatchSize
                "Accumulate", int64 options.Accumulate
                "data.Count", int64 data.Count
                // As many bits of it as a float64 holds.
                "the SHA-256 of data", Convert.ToInt64(origin.Value.Data[..11], 16)
                "snapshot.Step", place.Step
            ]

            Sharing.start ranks run state.Moved vae parameters plan objective
            state.Keep())

    /// The largest number of the parameters' precision.
    let most =
        if parameters.Placement.DType = torch.ScalarType.Float64 then
            Double.MaxValue
        else
            float Single.MaxValue

    /// The learning rate of a step.
    let rateOf (step: int64) =
        let rate =
            optimizer.Rate
            * optimizer.Schedule.Factor(plan.Progress step)
            * Guard.factor options.Guard place.Skipped
            * lowered

        // Beyond the parameters' precision it is no number to them.
        if not (rate >= 0.0 && rate <= most) then
            let found =
                $"%s{Check.number rate} at step %d{step + 1L}, by the schedule '%s{optimizer.Schedule.Name}'"

            Check.refuse "learning rate" found $"a number from 0 to %s{Check.number most}"

        rate

    let zeros (terms: (string * float) list) = terms |> List.map (fun (name, _) -> name, 0.0)

    let faultAt step terms (found, examples) = { Step = step + 1L; Found = found; Terms = terms; Examples = examples }

    let termsOf step rows batch p = plan.TermsOf(rows, batch, step, vae, p, objective)

    /// What was not finite first in the forward pass of a step's parts.
    let forwardFault (step: int64) =
        plan.Parts step
        |> List.tryPick (fun rows ->
            use _ = torch.NewDisposeScope()
            Diagnosis.ofForward (termsOf step rows (plan.Part(step, rows))) parameters (plan.Examples(step, rows)))

    /// The step of a gradient, with the terms that were seen on the way to it.
    let apply step (rows: Rows) (seen: (string * float * float) list) moves (gradient: Tensor) : Outcome =
        let seen, gradient =
            match options.Ranks with
            | None -> seen, gradient
            | Some ranks ->
                let means = seen |> List.map (fun (_, _, mean) -> mean)
                let means, gradient = Exchange.mean ranks rows.Share means gradient
                List.map2 (fun (name, weight, _) mean -> name, weight, mean) seen means, gradient

        let named = seen |> List.map (fun (name, _, mean) -> name, mean)

        let isFirst = placeOf step = 0

        let weights = seen |> List.map (fun (_, weight, _) -> weight)

        // A term without weight is no part of the loss, though it be infinite.
        let weighted (terms: (string * float) list) =
            List.fold2 (fun sum weight (_, nats) -> if weight = 0.0 then sum else sum + weight * nats) 0.0 weights terms

        let sums = if isFirst || place.Sums.IsEmpty then zeros named else place.Sums

        place <- {
            place with
                Sums = sums
                Total =
                    Some(
                        if isFirst then
                            0.0
                        else
                            place.Total |> Option.defaultWith (fun () -> weighted sums)
                    )
                Missed = if isFirst then 0 else place.Missed
        }

        let fault = faultAt step named

        if named |> List.exists (fun (_, mean) -> not (Double.IsFinite mean)) then
            forwardFault step
            |> Option.defaultValue ("the loss is not finite, of terms that are", [])
            |> fault
            |> Outcome.Refused
        else
            norm <- Norm.l2 gradient

            if not (Double.IsFinite norm) then
                // One example alone, with the noise that it has in the batch: in the batch's own gradient what is no number
                // for one example is none for all, as 0 times it is none either.
                let ofRow row (flat: Tensor) =
                    let passed = Rows.passed rows
                    let one = { passed with Start = passed.Start + row; Count = 1 }

                    termsOf step one (plan.Part(step, one)) (at step flat) |> Objective.lossAt (plan.Progress step)

                Outcome.Refused(fault (Diagnosis.ofGradient ofRow parameters gradient (plan.Examples step)))
            else
                match optimizer.MaxNorm with
                | Some length when norm > length -> gradient.mul_ ((length / norm).AsScalar()) |> ignore
                | _ -> ()

                optimizer.Update (step + 1L) rate parameters.Trained gradient (List.map snd slots)

                for path: string, value: Tensor in moves do
                    parameters[path].copy_ value |> ignore

                match options.Average, state.Average with
                | Some decay, Some average ->
                    Average.update decay (step + 1L - int64 place.Skipped) parameters.Trained average
                | _ -> ()

                let held = optimizer.SquaresBoundSlots && norm < sqrt most

                if
                    Diagnosis.isFinite parameters.Trained && (held || slots |> List.forall (snd >> Diagnosis.isFinite))
                then
                    place <- {
                        place with
                            Step = step + 1L
                            Sums =
                                List.map2
                                    (fun (name, sum) (_, mean) -> name, sum + mean * float rows.Of)
                                    place.Sums
                                    named
                            Total = place.Total |> Option.map (fun total -> total + weighted named * float rows.Of)
                    }

                    Outcome.Made
                else
                    Outcome.Spoilt(fault (Diagnosis.ofState optimizer.Name parameters slots, []))

    /// The terms' means over a part of a step, with their weights, what the objective sets itself, and the gradient.
    let computed (step: int64) (rows: Rows) =
        use scope = torch.NewDisposeScope()
        let batch = plan.Part(step, rows)
        let mutable seen, moves = [], []

        let loss (flat: Tensor) =
            let pass = plan.PassOf(rows, batch, step, vae, at step flat, objective)
            let means = objective.Terms pass |> Objective.means (plan.Progress step)
            // The gradient's own scope ends before they are set.
            moves <- objective.Moves pass |> List.map (fun (path, value) -> path, value.DetachFromDisposeScope())
            seen <- means |> List.map (fun (t, weight, mean) -> t.Name, weight, Tensor.toFloat mean)
            Objective.weighted means

        let gradient = Diff.fgrad loss parameters.Trained |> snd
        seen, moves, scope.MoveToOuter gradient

    /// The same over all parts, weighed by their shares.
    let accumulated (step: int64) =
        match plan.Parts step with
        | [ all ] -> computed step all
        | parts ->
            let count = parts |> List.sumBy _.Count
            let sum = parameters.Trained.zeros_like ()

            let seen =
                parts
                |> List.map (fun rows ->
                    let seen, _, gradient = computed step rows
                    use gradient = gradient
                    let share = float rows.Count / float count
                    Held.Increase(sum, gradient, share)
                    seen |> List.map (fun (name, weight, mean) -> name, weight, share * mean))
                |> List.reduce (List.map2 (fun (name, weight, a) (_, _, b) -> name, weight, a + b))

            // What looks at a batch as a whole is refused where one is computed in parts.
            seen, [], sum

    let move () : Outcome =
        use _ = torch.NewDisposeScope()
        let step = place.Step
        rate <- rateOf step
        norm <- nan

        let computed =
            try
                Ok(accumulated step)
            with :? ArgumentException ->
                match forwardFault step with
                | Some found -> Error(faultAt step [] found)
                | None -> reraise ()

        match computed with
        | Error found -> Outcome.Refused found
        | Ok(seen, moves, gradient) ->
            try
                apply step (plan.Rows step) seen moves gradient
            finally
                for _, value in moves do
                    value.Dispose()

    let keep () =
        state.Keep()
        kept <- place

    /// Back to before the step that has just been spoilt: to what was kept, and from there by the same steps again.
    let undo () =
        let target = place.Step
        state.Undo()
        place <- kept

        while place.Step < target do
            match move () with
            | Outcome.Made -> ()
            | Outcome.Refused fault
            | Outcome.Spoilt fault -> raise (TrainingDiverged.by place.Skipped fault)

    /// Goes on without the step, or ends the run.
    let leaveOut (fault: Fault) =
        if place.Skipped >= Guard.most options.Guard then
            raise (TrainingDiverged.by place.Skipped fault)

        let isFirst = placeOf place.Step = 0
        // A law that refuses what a layer gave leaves no terms: their names are those of the epoch before.
        let terms = if fault.Terms.IsEmpty then place.Sums else fault.Terms

        place <- {
            place with
                Step = place.Step + 1L
                Sums = (if isFirst then zeros terms else place.Sums)
                Total = (if isFirst then Some 0.0 else place.Total)
                Missed = (if isFirst then 0 else place.Missed) + (plan.Rows place.Step).Of
                Skipped = place.Skipped + 1
        }

        keep ()
        Some fault

    /// One step further; what was wrong with it where it was left out.
    let advance () : Fault option =
        match move () with
        | Outcome.Made ->
            // Often enough that few steps are made again, and seldom enough that a copy costs nothing.
            if place.Step % 50L = 0L || placeOf place.Step = 0 then
                keep ()

            None
        | Outcome.Refused fault -> leaveOut fault
        | Outcome.Spoilt fault ->
            let lastRate, lastNorm = rate, norm
            undo ()
            rate <- lastRate
            norm <- lastNorm
            leaveOut fault

    let total () = place.Total |> Option.defaultValue nan

    let examples () =
        let visited =
            match placeOf place.Step with
            | 0 -> data.Count
            | place -> place * plan.BatchSize

        visited - place.Missed

    let isBetter (epoch: Epoch) =
        match epoch.Validation, best with
        | Some now, None -> Double.IsFinite now.Total.Mean
        | Some now, Some(number, _) ->
            let before = history[number - 1]
            now.Total.Mean < before.Validation.Value.Total.Mean
        | None, _ -> false

    let complete () : Epoch =
        let epoch = {
            Number = int (place.Step / int64 stepsPerEpoch)
            Terms = place.Sums |> List.map (fun (name, sum) -> name, sum / float (examples ()))
            Total = total () / float (examples ())
            Validation =
                (use _ = torch.NewDisposeScope()
                 let measured = state.Average |> Option.map parameters.With |> Option.defaultValue parameters
                 plan.Validate(objective, vae, measured))
            Rate = rate
            Examples = examples ()
        }

        if (options.Patience.IsSome || options.KeepBest) && isBetter epoch then
            best |> Option.iter (fun (_, p) -> (p :> IDisposable).Dispose())
            best <- Some(epoch.Number, Snapshot.measured declared parameters state.Average)

        history.Add epoch
        lowered <- onPlateau ()
        epoch

    let snapshot () = {
        Model = Vae.describe vae
        Step = place.Step
        Params = parameters.Copy()
        Learned = declared |> List.map _.Path |> List.except (model |> List.map _.Path)
        Slots = slots |> List.map (fun (name, slot) -> name, slot.clone().DetachFromDisposeScope())
        Average = state.Average |> Option.map (fun a -> a.clone().DetachFromDisposeScope())
        Sums = place.Sums
        Total = place.Total
        Skipped = place.Skipped
        Missed = place.Missed
        Origin = Some origin.Value
        History = List.ofSeq history
        Best = best |> Option.map (fun (epoch, p) -> epoch, p.Copy())
    }

    /// The snapshot of a report, as long as the run stands where the report was made.
    let snapshotOf reported () =
        if disposed || place.Step <> reported then
            invalidOp
                $"the run has gone on since step %d{reported}, or ended: take a report's snapshot before the next report is asked for"

        snapshot ()

    member _.IsDone =
        let outOfPatience =
            match options.Patience, best with
            | Some patience, Some(number, _) -> history.Count - number >= patience
            | _ -> false

        place.Step >= steps || outOfPatience && placeOf place.Step = 0

    /// Takes one step, and reports it.
    member _.Next() =
        if placeOf place.Step = 0 then
            watch.Reset()

        watch.Start()
        let fault = advance ()
        let step = place.Step

        // Small native objects that scopes do not track live until their finalizers run: without this, resident memory
        // grows by about 1 MB a step. What is alive during a collection of the youngest is collected with all, less often.
        if step % 500L = 0L then
            GC.Collect()
        elif step % 50L = 0L then
            GC.Collect 0

        watch.Stop()
        let completed = if placeOf step = 0 then Some(complete ()) else None

        Report(
            plan.Progress step,
            examples (),
            place.Sums,
            total (),
            watch.Elapsed,
            rate,
            norm,
            fault,
            completed,
            snapshotOf step
        )

    /// A copy of what the run has come to: the best epoch's parameters, where they were kept, and else the last ones, or their
    /// average. What the objective has learned of its own is no part of the model.
    member _.Result() : Params * Epoch list =
        let result =
            match best with
            | Some(_, best) -> Snapshot.measured model best None
            | None -> Snapshot.measured model parameters state.Average

        result, List.ofSeq history

    interface IDisposable with
        member _.Dispose() =
            disposed <- true
            (state :> IDisposable).Dispose()
            best |> Option.iter (fun (_, p) -> (p :> IDisposable).Dispose())
