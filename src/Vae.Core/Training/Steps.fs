namespace Vae.Core

/// What makes the sequence of a run's steps, beside its model: it goes on as itself only with the same.
type Origin = {
    /// The SHA-256 of the data, as `Data.hash` gives it.
    Data: string
    /// How many examples the data has.
    Examples: int
    /// Examples of a step: at most those of the data.
    BatchSize: int
    Seed: int
    /// The objective's name.
    Objective: string
    /// The SHA-256 of the validation data, where something of the run is decided by it: its end, its result or a learning rate.
    Validation: string option
}

/// The steps of a run, numbered from 0: the batch and the noise of each are functions of the seed and the step alone.
[<Sealed>]
type Steps internal (options: TrainingOptions, reads: Reads, data: Data) =
    // One of all the data, where that is less than a batch: what is left of an epoch is a batch too.
    let batchSize = int (min (int64 options.BatchSize * int64 options.Accumulate) (int64 data.Count))
    let perEpoch = (data.Count - 1) / batchSize + 1
    let runKey = Key.ofSeed options.Seed
    let orderKey, noiseKey, validationKey = Key.fold 1 runKey, Key.fold 2 runKey, Key.fold 3 runKey
    let read = Batches.reader options.Placement reads data
    let mutable order = -1, [||]

    /// Epoch e visits the data in the e-th random order; the last one is kept.
    let orderOf epoch =
        if fst order <> epoch then
            order <- epoch, Key.permutation data.Count (Key.fold epoch orderKey)

        snd order

    let epochOf (step: int64) = int (step / int64 perEpoch)
    let placeOf (step: int64) = int (step % int64 perEpoch)

    /// Which examples of the data a step's rows are.
    let examplesOf (step: int64) (rows: Rows) =
        let start = placeOf step * batchSize + rows.Start
        (orderOf (epochOf step))[start .. start + rows.Count - 1]

    /// The key of a run's first parameters.
    static member internal InitialKeyOf(options: TrainingOptions) = Key.fold 0 (Key.ofSeed options.Seed)

    /// Examples of a step: those of the options' batches, or all the data where it has fewer.
    member _.BatchSize = batchSize
    /// Steps of an epoch.
    member _.PerEpoch = perEpoch
    /// Steps of the whole run; those after it go on in the same manner.
    member _.Count = int64 perEpoch * int64 options.Epochs

    /// What makes these the steps they are, by an objective, and whether validation decides something.
    member internal _.Origin(objective: string, isJudged: bool) : Origin = {
        Data = Data.hash data
        Examples = data.Count
        BatchSize = batchSize
        Seed = options.Seed
        Objective = objective
        Validation = options.Validation |> Option.filter (fun _ -> isJudged) |> Option.map Data.hash
    }

    /// The rows of a step's batch that this process computes: all, unless the options have several processes.
    member _.Rows(step: int64) : Rows =
        let count = min batchSize (data.Count - placeOf step * batchSize)

        match options.Ranks with
        | Some ranks -> Rows.ofRank ranks.Rank ranks.Size count
        | None -> Rows.all count

    /// The parts of a step that are computed one after another, of the rows that this process passes through the model: one,
    /// unless the options accumulate.
    member internal this.Parts(step: int64) : Rows list = Rows.passed (this.Rows step) |> Rows.parts options.Accumulate

    /// These rows of a step's batch.
    member internal _.Part(step: int64, rows: Rows) : Batch = read (examplesOf step rows)

    /// The batch of a step: of several processes, the rows that this one passes through the model.
    member this.Batch(step: int64) : Batch = read (this.Examples step)

    /// How far the run is at a step.
    member _.Progress(step: int64) : Progress = {
        Step = step
        Steps = int64 perEpoch * int64 options.Epochs
        StepsPerEpoch = perEpoch
    }

    /// Examples of the data.
    member _.Population = data.Count

    /// The pass of an objective at a step, of these rows of its batch.
    member internal this.PassOf
        (rows: Rows, batch: Batch, step: int64, vae: Vae, parameters: Params, objective: Objective)
        =
        Objective.passOf rows (this.Progress step) data.Count (this.Noise step) vae parameters batch objective

    /// The terms of an objective at a step, on these rows of its batch.
    member internal this.TermsOf
        (rows: Rows, batch: Batch, step: int64, vae: Vae, parameters: Params, objective: Objective)
        =
        this.PassOf(rows, batch, step, vae, parameters, objective) |> objective.Terms

    /// The terms of an objective at a step.
    member this.Terms(step: int64, vae: Vae, parameters: Params, objective: Objective) : Term list =
        this.TermsOf(Rows.passed (this.Rows step), this.Batch step, step, vae, parameters, objective)

    /// Which examples of the data these are.
    member internal this.Examples(step: int64) : int[] = examplesOf step (Rows.passed (this.Rows step))

    /// Which examples of the data these rows of a step's batch are.
    member internal _.Examples(step: int64, rows: Rows) : int[] = examplesOf step rows

    /// The key of everything random in a step.
    member _.Noise(step: int64) : Key = Key.foldWide step noiseKey

    /// The objective on the validation data, where the options have any; its noise is the same each time.
    member _.Validate(objective: Objective, vae: Vae, parameters: Params) : Measurement option =
        options.Validation
        |> Option.map (Measurement.takeBy options.Ranks objective validationKey vae parameters)
