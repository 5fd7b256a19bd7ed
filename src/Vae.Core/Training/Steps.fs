namespace Vae.Core

/// The steps of a run, numbered from 0: the batch and the noise of each are functions of the seed and the step alone.
[<Sealed>]
type Steps internal (options: TrainingOptions, data: Data) =
    let perEpoch = (data.Count + options.BatchSize - 1) / options.BatchSize
    let runKey = Key.ofSeed options.Seed
    let orderKey, noiseKey, validationKey = Key.fold 1 runKey, Key.fold 2 runKey, Key.fold 3 runKey
    let mutable order = -1, [||]

    /// Epoch e visits the data in the e-th random order; the last one is kept.
    let orderOf epoch =
        if fst order <> epoch then
            order <- epoch, Key.permutation data.Count (Key.fold epoch orderKey)

        snd order

    /// The key of a run's first parameters.
    static member internal InitialKeyOf(options: TrainingOptions) = Key.fold 0 (Key.ofSeed options.Seed)

    /// Steps of an epoch.
    member _.PerEpoch = perEpoch
    /// Steps of the whole run; those after it go on in the same manner.
    member _.Count = perEpoch * options.Epochs

    /// The rows of a step's batch that this process computes: all, unless the options have several processes.
    member _.Rows(step: int) : Rows =
        let count = min options.BatchSize (data.Count - step % perEpoch * options.BatchSize)

        match options.Ranks with
        | Some ranks -> Rows.ofRank ranks.Rank ranks.Size count
        | None -> Rows.all count

    /// The batch of a step, [rows, data...]: of several processes, the rows that this one passes through the model.
    member this.Batch(step: int) : Tensor =
        let rows = Rows.passed (this.Rows step)
        let start = step % perEpoch * options.BatchSize + rows.Start
        let items = (orderOf (step / perEpoch))[start .. start + rows.Count - 1]
        Data.gather options.Placement items data

    /// The key of everything random in a step.
    member _.Noise(step: int) : Key = Key.fold step noiseKey

    /// The objective on the validation data, where the options have any; its noise is the same each time.
    member _.Validate(objective: Objective<'q>, vae: Vae<'q>, parameters: Params) : Measurement option =
        options.Validation
        |> Option.map (Measurement.takeBy options.Ranks objective validationKey vae parameters)
