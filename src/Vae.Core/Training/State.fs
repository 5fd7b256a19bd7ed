namespace Vae.Core

open System
open TorchSharp

/// The numbers that training moves, changed in place, and a copy of what they were to undo steps to.
[<Sealed>]
type internal State(parameters: Params, slots: (string * Tensor) list, average: Tensor option) =
    let moved = parameters.Trained :: List.map snd slots @ Option.toList average
    let kept = moved |> List.map (fun t -> t.clone().DetachFromDisposeScope())

    let copy (from: Tensor list) (into: Tensor list) =
        use _ = torch.no_grad ()
        List.iter2 (fun (a: Tensor) (b: Tensor) -> b.copy_ a |> ignore) from into

    member _.Params = parameters
    /// What the optimizer remembers.
    member _.Slots = slots

    /// The average of the parameters, where there is one.
    member _.Average = average
    /// All that steps change.
    member _.Moved = moved

    /// Steps are from now on undone to here.
    member _.Keep() = copy moved kept

    /// Back to where `Keep` was last called.
    member _.Undo() = copy kept moved

    interface IDisposable with
        member _.Dispose() =
            (parameters :> IDisposable).Dispose()

            for t in kept @ List.tail moved do
                t.Dispose()
