namespace Vae.DiffSharp

open System
open TorchSharp
open Vae.Core

/// The means of an objective's terms over a batch, with their weights and the number of examples.
type internal Seen = { Terms: (string * float * float) list; Examples: int }

[<RequireQualifiedAccess>]
module internal Seen =
    /// What a pass has seen. Raises TrainingDivergedException where it is infinite or not a number.
    let ofTerms (progress: Progress) (examples: int) (terms: Term list) : Seen =
        use _ = torch.NewDisposeScope()

        let seen = {
            Terms =
                terms
                |> List.map (fun t -> t.Name, t.Weight.Factor progress, Tensor.toFloat (t.Nats.Mean().detach()))
            Examples = examples
        }

        if seen.Terms |> List.exists (fun (_, _, mean) -> not (Double.IsFinite mean)) then
            raise (
                TrainingDiverged.at (progress.Step + 1L) (seen.Terms |> List.map (fun (name, _, mean) -> name, mean))
            )

        seen

/// The epochs of a run that something else drives.
[<Sealed>]
type internal History(rate: float) =
    let mutable steps: Seen list = []
    let mutable epochs: Epoch list = []

    /// A step of the epoch under way.
    member _.Add(seen: Seen) = steps <- seen :: steps

    /// Ends the epoch under way; its validation comes last.
    member _.Complete(validate: unit -> Measurement option) =
        let examples = steps |> List.sumBy _.Examples

        let mean term = steps |> List.sumBy (fun s -> term s * float s.Examples) |> (fun sum -> sum / float examples)

        let valueOf name (s: Seen) = s.Terms |> List.pick (fun (n, _, v) -> if n = name then Some v else None)
        let total (s: Seen) = s.Terms |> List.sumBy (fun (_, weight, v) -> weight * v)

        let epoch: Epoch = {
            Number = epochs.Length + 1
            Terms = steps.Head.Terms |> List.map (fun (name, _, _) -> name, mean (valueOf name))
            Total = mean total
            Validation = validate ()
            Rate = rate
            Examples = examples
        }

        epochs <- epochs @ [ epoch ]
        steps <- []

    member _.Epochs = epochs
