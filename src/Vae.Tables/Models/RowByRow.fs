namespace Vae.Tables

open System
open System.Collections.Generic
open TorchSharp
open Vae.Core

/// What a model says of one row.
[<NoComparison; ReferenceEquality>]
type internal RowReading = {
    /// -log p of what is there, nats; infinity where a value is one that its column's law cannot have.
    Score: float
    PValue: float
    /// The posterior mean.
    Latent: float32[]
    /// What the model expects of each modelled column given the row: `Encoding.expected`.
    Expected: float32[][]
}

/// Rows one by one: what is said of a row is a function of that row alone, wherever it stands and whatever is asked beside it. It is what
/// `TableRun.score` says of a table of no other row.
[<RequireQualifiedAccess>]
module internal RowByRow =
    let private samples = Calibration.samples

    /// Stands for a value that its column's law cannot have.
    let private impossible = infinity

    let private orImpossible found =
        match found with
        | Ok number -> number
        | Error _ -> impossible

    let private cells (schema: Schema) = Table.cells (HashSet<string> schema.Missing)

    /// The number of a modelled column's value, from its text: NaN where it is missing.
    let cell (schema: Schema) (column: Column) : string -> float = (cells schema column).OfText >> orImpossible

    /// The same from a number.
    let cellOfNumber (schema: Schema) (column: Column) : float -> float = (cells schema column).OfNumber >> orImpossible

    /// How many numbers are expected of a modelled column.
    let width (column: Column) : int =
        match column.Kind with
        | ColumnKind.Category levels -> levels.Length + 1
        | _ -> 1

    /// A model over one vector: log-weights of draws [draws], the mean of its posterior, and the likelihood's means by these weights.
    let private pass (run: Run) (vector: float32[]) =
        use _ = torch.no_grad ()
        use _ = torch.NewDisposeScope()
        let data = Data.ofIncomplete "row" run.Vae.DataShape [||] vector
        let batch = Batches.ranges run.Params.Placement run.Vae.Reads data 0 1
        // The first block of a table, and its only row: the noise is that of no other place.
        let key = Key.fold 0 TableRun.scoreKey
        let mutable centre = Array.empty

        let draw _ (encoded: Encoded) =
            centre <- Tensor.toArray encoded.Centre
            encoded.Draw(key, [| int64 samples |])

        Alive.during (fun () ->
            let pass = Pass.makeBy draw (Pass.setting run.Vae run.Params Mode.Evaluate key 1) batch
            let logWeight = Pass.logWeight pass
            let weights = (logWeight.softmax 0L).unsqueeze -1L
            let means = (weights * pass.Likelihood.Law.Mean).sum 0L
            let total = logWeight.to_type(torch.ScalarType.Float64).logsumexp 0L

            log (float samples) - Tensor.toFloat total,
            Array.map float32 centre,
            Array.map float32 (Tensor.toArray means))

    /// What a run says of a row, by the numbers of its modelled columns in the order of the schema.
    let reader (run: TableRun) : float[] -> RowReading =
        let columns = Schema.modelled run.Schema |> List.map _.Name |> List.toArray
        let places = columns |> Array.mapi (fun i name -> name, i) |> dict

        fun numbers ->
            let isPossible = numbers |> Array.forall (fun number -> number <> impossible)

            let number name =
                let number = numbers[places[name]]
                if number = impossible then nan else number

            let score, latent, means = pass run.Run (Encoding.vector run.Encoding number)
            let score = if isPossible then score else infinity
            let expected = Encoding.expected run.Encoding means

            {
                Score = score
                PValue = Calibration.pValue (Score.LogLikelihood samples) run.Calibration score
                Latent = latent
                Expected = columns |> Array.map (fun name -> expected[name])
            }
