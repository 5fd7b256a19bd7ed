namespace Vae.Core

/// What an epoch of training saw.
type Epoch = {
    /// From 1.
    Number: int
    /// The mean of each term over the epoch's examples, as the parameters moved, in nats per example.
    Terms: (string * float) list
    /// The mean of the objective, the weighted sum of the terms.
    Total: float
    /// The objective on the validation data, with the parameters the epoch ended with, or their average where the run has one.
    Validation: Measurement option
    /// The learning rate of the last step.
    Rate: float
    /// How many were visited: those of the data, without the steps that were left out.
    Examples: int
}

/// A model with its parameters, and how it came by them.
type Run = {
    Vae: Vae
    Params: Params
    /// The epochs so far; of a model that was never trained there are none.
    History: Epoch list
}

/// How a model is trained.
type TrainingOptions = {
    /// What every draw and every batch of the run is a function of.
    Seed: int
    Epochs: int
    /// Examples of a batch, and of a step, unless it accumulates several.
    BatchSize: int
    /// A step is of so many batches: of the mean of their gradients, taken one after another, which is that of a batch so many
    /// times as large, in the memory of one. The run is that of such batches, to rounding; layers that draw, such as dropout,
    /// draw anew in each. Refused with an objective that looks at a batch as a whole.
    Accumulate: int
    /// Measured after every epoch.
    Validation: Data option
    /// Ends the run after this many epochs without a better validation total, and returns to the best epoch's parameters.
    Patience: int option
    /// Whether the run returns to the parameters of the epoch with the best validation total, though it has no patience.
    KeepBest: bool
    /// The decay of an exponential average of the parameters over the steps, such as 0.999: validation, the run's result
    /// and its best epoch are of the average, and training of the parameters themselves. Those after step k of n weigh
    /// decay^(n - k), divided by the sum of these weights; the first parameters, which are random, are no part of it. None: there
    /// is no average.
    Average: float option
    Placement: Placement
    /// What a step's layers are computed in.
    Precision: Precision
    /// What is done about a step that is not finite.
    Guard: Guard
    /// The processes that share every batch of the run, such as `Mpi.ranks ()`: each with the same options, data and model.
    /// The run is that of one process, to rounding, and ends with the same bits in each. None: this process alone.
    Ranks: Ranks option
}

[<RequireQualifiedAccess>]
module TrainingOptions =
    /// Seed 0, 30 epochs, batches of 128, no validation, in float32; the run ends at a step that is not finite.
    let defaults = {
        Seed = 0
        Epochs = 30
        BatchSize = 128
        Accumulate = 1
        Validation = None
        Patience = None
        KeepBest = false
        Average = None
        Placement = Placement.float32
        Precision = Precision.Full
        Guard = Guard.Stop
        Ranks = None
    }

    let internal check options =
        Check.atLeast 1 "Epochs" options.Epochs
        Check.atLeast 1 "BatchSize" options.BatchSize
        Check.atLeast 1 "Accumulate" options.Accumulate
        options.Average |> Option.iter (Check.fractionFloat "Average")
        Precision.check options.Placement options.Precision
        Guard.check options.Guard
        options.Patience |> Option.iter (Check.atLeast 1 "Patience")

        if options.Patience.IsSome && options.Validation.IsNone then
            Check.refuse
                "Patience"
                (string options.Patience.Value)
                "none without validation data, which early stopping is decided by"

        if options.KeepBest && options.Validation.IsNone then
            Check.refuse "KeepBest" "true" "false without validation data, which the best epoch is decided by"
