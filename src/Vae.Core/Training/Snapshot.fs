namespace Vae.Core

open System
open TorchSharp

/// Everything that the rest of a run is a function of: a run that goes on from here is the uninterrupted one, bit for bit.
type Snapshot = {
    /// The model that is trained, as `Vae.describe` puts it.
    Model: string
    /// Steps taken.
    Step: int64
    /// Those of the model, and after them those that the objective learns.
    Params: Params
    /// The paths of the latter.
    Learned: string list
    /// What the optimizer remembers, a vector for each of its slots.
    Slots: (string * Tensor) list
    /// The average of the trained parameters, where the run has one.
    Average: Tensor option
    /// The sum of each term over the examples of the epoch that is under way.
    Sums: (string * float) list
    /// The sum of the loss over the same; None of a checkpoint from before it was kept.
    Total: float option
    /// Steps that were left out, of the whole run.
    Skipped: int
    /// Examples of the epoch that is under way whose steps were left out.
    Missed: int
    History: Epoch list
    /// What the run's steps are made by; None of a checkpoint from before this was kept.
    Origin: Origin option
    /// The epoch with the best validation total, and its parameters.
    Best: (int * Params) option
} with

    interface IDisposable with
        member this.Dispose() =
            (this.Params :> IDisposable).Dispose()

            for _, slot in this.Slots do
                slot.Dispose()

            this.Average |> Option.iter _.Dispose()

            for _, best in Option.toList this.Best do
                (best :> IDisposable).Dispose()

[<RequireQualifiedAccess>]
module Snapshot =
    /// A copy of a model's parameters as validation sees them: of the average, where there is one.
    let internal measured (model: Parameter list) (parameters: Params) (average: Tensor option) : Params =
        use _ = torch.NewDisposeScope()
        let seen = average |> Option.map parameters.With |> Option.defaultValue parameters
        Params.Create(parameters.Placement, model, (fun p -> seen[p.Path]))

    /// The run as it stood, with parameters of its own: their average, where the run has one.
    let run (vae: Vae) (snapshot: Snapshot) : Run = {
        Vae = vae
        Params = measured (Vae.declared vae) snapshot.Params snapshot.Average
        History = snapshot.History
    }

/// Whether a run goes on as the one that a snapshot is of.
[<RequireQualifiedAccess>]
module internal SameRun =
    let private refuse found expected : 'a =
        Check.refuse "snapshot" $"of a run %s{found}" $"%s{expected}, or a run that begins anew by Training.start"

    /// Of what is not known it is known how many epochs were completed in so many steps, and how many examples each had.
    let private isConsistent (snapshot: Snapshot) (steps: Steps) (data: Data) =
        let examples = snapshot.History |> List.map _.Examples |> List.tryFind ((<>) data.Count)

        match examples with
        | Some examples -> refuse $"on %d{examples} examples" $"its data, as %O{data} has %d{data.Count}"
        | None ->
            let epochs = snapshot.Step / int64 steps.PerEpoch

            if epochs <> int64 snapshot.History.Length then
                refuse
                    $"that took %d{snapshot.Step} steps for %d{snapshot.History.Length} epochs"
                    $"its BatchSize: with %d{steps.BatchSize} these steps are %d{epochs} epochs"

    /// Refuses other data, batches or seeds than those of the run: their steps would be others, and the epoch under way one
    /// of both. A snapshot that does not know its own is taken on trust, where its epochs are as long as those of the run.
    let check (snapshot: Snapshot) (options: TrainingOptions) (data: Data) =
        let steps = Steps(options, { Given = None; Known = []; Missing = None }, data)

        match snapshot.Average, options.Average with
        | Some _, None -> refuse "with an average of its parameters" "the options' Average to be its decay, not None"
        | None, Some decay ->
            refuse "without an average of its parameters" $"the options' Average to be None, not %s{Check.number decay}"
        | _ -> ()

        match snapshot.Origin with
        | None -> isConsistent snapshot steps data
        | Some origin ->
            if origin.BatchSize <> steps.BatchSize then
                refuse
                    $"with BatchSize %d{origin.BatchSize}"
                    $"the options' BatchSize to be that, not %d{steps.BatchSize}"

            if origin.Seed <> options.Seed then
                refuse $"with Seed %d{origin.Seed}" $"the options' Seed to be that, not %d{options.Seed}"

            let now = steps.Origin(origin.Objective, origin.Validation.IsSome)

            if origin.Data <> now.Data then
                refuse
                    $"on data of %d{origin.Examples} examples with the SHA-256 %s{origin.Data}"
                    $"that data, not %O{data} with the SHA-256 %s{now.Data}"

            match origin.Validation, now.Validation with
            | Some before, Some validation when before <> validation ->
                refuse
                    $"that is judged by Validation data with the SHA-256 %s{before}"
                    $"that data, not %O{options.Validation.Value} with the SHA-256 %s{validation}"
            | _ -> ()

    /// Refuses parameters of a snapshot that are not those of the model and of the objective.
    let checkLearned (snapshot: Snapshot) (model: Parameter list) (declared: Parameter list) (objective: string) =
        let layout (declared: Parameter list) = declared |> List.map (fun p -> p.Path, p.Shape)

        if layout snapshot.Params.Declared <> layout declared then
            let own (parameters: Parameter list) =
                match parameters |> List.map _.Path |> List.except (model |> List.map _.Path) with
                | [] -> "without parameters of the objective's own"
                | paths -> $"""with the objective's own %s{String.concat ", " paths}"""

            refuse (own snapshot.Params.Declared) $"one %s{own declared}, as the objective '%s{objective}' has"

    /// Refuses another objective in the middle of an epoch, whose means would be of both.
    let checkObjective (snapshot: Snapshot) (steps: Steps) (objective: string) =
        match snapshot.Origin with
        | Some origin when origin.Objective <> objective && snapshot.Step % int64 steps.PerEpoch <> 0L ->
            refuse
                $"in the middle of an epoch, by the objective '%s{origin.Objective}'"
                $"that one to its end, not '%s{objective}'"
        | _ -> ()
