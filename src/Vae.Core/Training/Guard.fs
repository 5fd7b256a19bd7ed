namespace Vae.Core

open System
open System.Collections.Generic

/// What training does about a step whose loss or gradient is not finite, or that would leave parameters that are not. Such a
/// step is never applied: what stays, in memory and in every checkpoint, is what the step before it left.
[<RequireQualifiedAccess>]
type Guard =
    /// Ends the run by TrainingDivergedException.
    | Stop
    /// Leaves the step out and goes on with the next batch; ends the run at one step more than so many of all of its steps.
    | Skip of most: int
    /// Leaves the step out and multiplies the learning rate of all steps after it by a factor; ends the run at one step more
    /// than so many of all of its steps.
    | LowerRate of factor: float * most: int

/// What was found wrong with a step.
type Fault = {
    /// The step, from 1.
    Step: int64
    /// What was not finite first, with where it is: a layer's output, a term, the gradient by a parameter, a parameter.
    Found: string
    /// The terms of the step's loss, each its mean over the batch in nats.
    Terms: (string * float) list
    /// The examples of the data that it comes from, by their index; at most 10, and none where it comes from no single one.
    Examples: int list
} with

    override this.ToString() =
        let terms =
            this.Terms |> List.map (fun (name, nats) -> $"%s{name} %s{Check.number nats}") |> String.concat ", "

        let examples =
            match this.Examples with
            | [] -> ""
            | [ one ] -> $"; example %d{one} of the data"
            | several -> $"""; examples %s{several |> List.map string |> String.concat ", "} of the data"""

        $"%s{this.Found} (%s{terms}%s{examples})"

/// Training ended at a step that was not applied, as its loss, its gradient or what it would have left was not finite.
type TrainingDivergedException internal (fault: Fault, message: string) =
    inherit Exception(message)

    /// The step, from 1.
    member _.Step = fault.Step

    /// What was not finite first, with where it is.
    member _.Found = fault.Found

    /// The examples of the data that it comes from, by their index; at most 10, and none where it comes from no single one.
    member _.Examples: IReadOnlyList<int> = List.toArray fault.Examples

[<RequireQualifiedAccess>]
module TrainingDiverged =
    let private mayHelp =
        "a smaller learning rate, gradients clipped by their norm (Optimizer.clip), data of another scale (Data.scaleBy), or parameters in float64 may help"

    /// What a training raises whose loss at a step, from 1, was infinite or not a number: its terms with their means.
    let at (step: int64) (terms: (string * float) list) : exn =
        let fault = { Step = step; Found = "the loss is not finite"; Terms = terms; Examples = [] }

        TrainingDivergedException(fault, $"training diverged at step %d{step}: %O{fault}; %s{mayHelp}")

    /// What a training raises for a fault, after so many steps that were left out before.
    let internal by (skipped: int) (fault: Fault) : exn =
        let before = if skipped = 0 then "" else $" after %d{skipped} steps that were left out"

        TrainingDivergedException(
            fault,
            $"training diverged at step %d{fault.Step}%s{before}: %O{fault}; the step was not applied; %s{mayHelp}"
        )

[<RequireQualifiedAccess>]
module internal Guard =
    let check guard =
        match guard with
        | Guard.Stop -> ()
        | Guard.Skip most -> Check.atLeast 1 "Guard.Skip" most
        | Guard.LowerRate(factor, most) ->
            Check.atLeast 1 "Guard.LowerRate" most

            if not (factor > 0.0 && factor < 1.0) then
                Check.refuse "Guard.LowerRate" (Check.number factor) "a factor between 0 and 1"

    /// How many steps of a run may be left out.
    let most guard =
        match guard with
        | Guard.Stop -> 0
        | Guard.Skip most
        | Guard.LowerRate(_, most) -> most

    /// The factor of the learning rate after so many steps were left out.
    let factor guard (skipped: int) =
        match guard with
        | Guard.LowerRate(factor, _) -> factor ** float skipped
        | _ -> 1.0
