namespace Vae.Tables

open Vae.Core

/// Scores of rows that a model was neither trained on nor chosen by, of each kind: what others are compared with.
[<NoComparison; ReferenceEquality>]
type Calibration = private {
    /// In ascending order.
    byKind: Map<string, float[]>
} with

    /// How many rows they are of.
    member this.Rows: int = this.byKind |> Map.toList |> List.head |> snd |> Array.length

[<RequireQualifiedAccess>]
module Calibration =
    /// Draws of the posterior for each row, of -log p.
    let internal samples = 100

    /// Each kind of score, by as many draws of the posterior as rows are calibrated by: means over draws need fewer of them than -log p.
    let kinds: Score list = [ Score.LogLikelihood samples; Score.Bound 10; Score.Reconstruction 10; Score.Latent ]

    /// What a kind of score is called in files and on the command line.
    let nameOf (score: Score) : string =
        match score with
        | Score.LogLikelihood _ -> "log-likelihood"
        | Score.Bound _ -> "bound"
        | Score.Reconstruction _ -> "reconstruction"
        | Score.Latent -> "latent"

    /// From the rows' scores of each kind.
    let internal create (scores: Score -> float[]) : Calibration = {
        byKind = Map [ for kind in kinds -> nameOf kind, Array.sort (scores kind) ]
    }

    /// The scores of a kind, in ascending order.
    let scores (score: Score) (calibration: Calibration) : float[] = calibration.byKind[nameOf score]

    let internal toJson (calibration: Calibration) : Json =
        Json.Object [
            for KeyValue(name, scores) in calibration.byKind ->
                name, Json.List(scores |> Array.map Json.Number |> Array.toList)
        ]

    let internal ofJson at : Calibration =
        JsonAt.only (List.map nameOf kinds) at
        let numbers kind = JsonAt.field (nameOf kind) at |> JsonAt.items |> List.map JsonAt.number |> Array.ofList
        let found = create numbers
        let rows = found.Rows

        for KeyValue(name, scores) in found.byKind do
            if scores.Length <> rows then
                JsonAt.refuse (JsonAt.field name at) $"%d{scores.Length} scores" $"%d{rows}, as of the other kinds"

        found

    /// How many of ascending numbers are at least one.
    let private atLeast (ascending: float[]) (value: float) : int =
        let mutable low, high = 0, ascending.Length

        while low < high do
            let middle = (low + high) / 2
            if ascending[middle] < value then low <- middle + 1 else high <- middle

        ascending.Length - low

    /// The chance that a row of the same kind as the calibration's scores as high or higher: (1 + calibration rows that do) /
    /// (1 + calibration rows). Of rows like those it is at most p with probability p or less (conformal; V. Vovk, A. Gammerman and
    /// G. Shafer, "Algorithmic learning in a random world", 2005, section 2.2).
    let pValue (kind: Score) (calibration: Calibration) (score: float) : float =
        let known = scores kind calibration
        float (1 + atLeast known score) / float (known.Length + 1)
