namespace Vae.Core

open System

/// Everything that the rest of a run is a function of: a run that goes on from here is the uninterrupted one, bit for bit.
type Snapshot = {
    /// The model that is trained, as `Vae.describe` puts it.
    Model: string
    /// Steps taken.
    Step: int64
    Params: Params
    /// What the optimizer remembers, a vector for each of its slots.
    Slots: (string * Tensor) list
    /// The sum of each term over the examples of the epoch that is under way.
    Sums: (string * float) list
    History: Epoch list
    /// The epoch with the best validation total, and its parameters.
    Best: (int * Params) option
} with

    interface IDisposable with
        member this.Dispose() =
            (this.Params :> IDisposable).Dispose()

            for _, slot in this.Slots do
                slot.Dispose()

            for _, best in Option.toList this.Best do
                (best :> IDisposable).Dispose()

/// The loss of a step was infinite or not a number: training ended there, before the parameters moved.
type TrainingDivergedException internal (step: int64, terms: (string * float) list) =
    inherit
        Exception(
            let values =
                terms |> List.map (fun (name, nats) -> $"%s{name} %s{Check.number nats}") |> String.concat ", "

            $"training diverged at step %d{step}: %s{values}; a smaller learning rate, or data of another scale, may help"
        )

    /// The step, from 1.
    member _.Step = step

[<RequireQualifiedAccess>]
module TrainingDiverged =
    /// What a training raises whose loss at a step, from 1, was infinite or not a number: its terms with their means.
    let at (step: int64) (terms: (string * float) list) : exn = TrainingDivergedException(step, terms)
