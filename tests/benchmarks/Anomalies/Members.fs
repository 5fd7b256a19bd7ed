namespace Vae.Benchmarks.Anomalies

open System
open Vae.Core
open Vae.Tables

/// A model of the ensemble, for rows of so many columns.
type Member = {
    Latent: int -> int
    Hidden: int list
    /// Of every column, given the latent.
    Law: string
}

/// Scores by a few of the library's models of tables, of different capacity: one setting for every set. A model of one or two
/// dimensions learns what most rows have in common, and is not moved by a few that have not; one of many, whose columns have a scale
/// each, learns where rows are.
[<RequireQualifiedAccess>]
module Members =
    let all: Member list = [
        { Latent = (fun _ -> 1); Hidden = [ 64; 64 ]; Law = "Normal" }
        { Latent = (fun columns -> min 2 columns); Hidden = [ 64; 64 ]; Law = "Normal" }
        {
            Latent = (fun columns -> min 16 columns)
            Hidden = [ 128; 128 ]
            Law = "Normal scale=each"
        }
    ]

    let private steps, private mostEpochs, private batch = 800, 200, 128
    let private kind = Score.LogLikelihood 20

    let private table (law: string) (rows: float[][]) : Table =
        let names = List.init rows[0].Length (fun j -> $"x%d{j}")

        let schema =
            names
            |> List.map (fun name -> { Column.create name ColumnKind.Real with Law = Some law })
            |> Schema.create

        names
        |> List.mapi (fun j name -> name, Cells.Numbers(rows |> Array.map (fun row -> row[j])))
        |> Table.ofColumnsBy schema "rows"

    /// A model's scores of rows in units of their spread, about their middle, on rows that were held back: scores of models of
    /// different units. Far scores count by their logarithm, so that no model outvotes the rest.
    let private standardize (calibration: float[]) (scores: float[]) : float[] =
        let quantile p = calibration[int (p * float (calibration.Length - 1))]
        let middle = quantile 0.5
        // Of a normal law, the standard deviation is the range between quartiles by 1.349.
        let scale = max 1e-6 ((quantile 0.75 - quantile 0.25) / 1.349)
        scores |> Array.map (fun score -> Math.Asinh((score - middle) / scale))

    let private score (seed: int) (training: float[][]) (test: float[][]) (m: Member) : float[] =
        let perEpoch = (int (0.8 * float training.Length) - 1) / batch + 1

        let options = {
            TableOptions.defaults with
                Latent = Some(m.Latent training[0].Length)
                Hidden = m.Hidden
                Objective = "elbo"
                Epochs = Some(Math.Clamp(steps / perEpoch, 1, mostEpochs))
                BatchSize = Some batch
                Seed = seed
        }

        use run = TableRun.fit options (table m.Law training)
        let calibration = Calibration.scores kind run.Calibration
        TableRun.nats kind run (table m.Law test) |> standardize calibration

    /// The mean of the members' standardized scores.
    let detector: Detector = {
        Name = "VAE"
        Score =
            fun seed training test ->
                all |> List.mapi (fun i m -> score (10 * seed + i) training test m) |> List.reduce (Array.map2 (+))
    }
