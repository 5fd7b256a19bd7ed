namespace Vae.Tables

open System
open System.IO
open TorchSharp
open Vae.Core

/// A trained model of a table's rows, with what makes vectors of them and what its scores are compared with.
[<NoComparison; ReferenceEquality>]
type TableRun = {
    Schema: Schema
    Encoding: Encoding
    Run: Run
    Calibration: Calibration
} with

    interface IDisposable with
        member this.Dispose() = (this.Run.Params :> IDisposable).Dispose()

/// Scores of rows, nats: the larger, the odder. Numbers and dates count in standard deviations of their column, positive numbers in
/// those of its logarithm: a density's unit.
[<NoComparison; ReferenceEquality>]
type TableScores = {
    Score: float[]
    /// `Calibration.pValue` of each score.
    PValue: float[]
    /// The columns that the model is of.
    Columns: string list
    /// What each column adds to a row's score, [rows][columns]. Of -log p: how unexpected its value is given the others,
    /// -log p(x_j | x_others). Of the bound and the reconstruction: the mean of -log p(x_j | z) over the posterior. Of the latent's: 0.
    Shares: float[][]
    /// What is left of the score. Of -log p: how unusual is what the columns have in common. Of the others: KL(q(z|x) || p(z)), where
    /// it is a part of them.
    Together: float[]
}

/// A table with its holes filled.
[<NoComparison; ReferenceEquality>]
type ImputedTable = {
    Table: Table
    /// Of values that were missing, by their column: the standard deviation of a number in its column's units (of a positive one that of
    /// its logarithm), the probability that a level is another; NaN of values that were there.
    Uncertainty: Map<string, float[]>
}

[<RequireQualifiedAccess>]
module TableRun =
    let internal scoreKey = Key.fold 1 (Key.ofSeed 0)
    let private imputeKey, private sampleKey = Key.fold 2 (Key.ofSeed 0), Key.fold 3 (Key.ofSeed 0)
    let private completeKey = Key.fold 4 (Key.ofSeed 0)

    let private columns (run: TableRun) = Schema.modelled run.Schema |> List.map _.Name

    /// The table as the run's vectors. Refuses one whose modelled columns are not the run's.
    let private data (run: TableRun) (table: Table) : Data =
        let kind (column: Column) = column.Name, column.Kind
        let expected, found = Schema.modelled run.Schema |> List.map kind, table.Schema.Columns |> List.map kind

        for name, expected in expected do
            match found |> List.tryFind (fun (other, _) -> other = name) with
            | None ->
                Check.refuse (nameof table) $"without a column '%s{name}'" "one with the columns of the run's schema"
            | Some(_, kind) when kind <> expected ->
                Check.refuse
                    (nameof table)
                    $"one whose column '%s{name}' is %s{Column.kindName kind} with other levels or of another kind"
                    "one that is read by the run's schema: Table.loadAs (in C#: Table.Read(path, model.Schema))"
            | Some _ -> ()

        Encoding.data run.Encoding table

    /// How many of so many rows are held back to choose the best epoch by, and how many to calibrate scores by.
    let private heldBackFor (options: TableOptions) (rows: int) : int * int =
        let share = int (Math.Round(options.HeldBack * float rows))
        let held = max 2 (min (rows - 1) (min TableOptions.mostHeldBack share))
        let rest = min TableOptions.mostChoosing (held / 2)
        rest, held - rest

    /// How many of so many rows scores would be calibrated by.
    let internal calibrationRows (options: TableOptions) (rows: int) : int = heldBackFor options rows |> snd

    /// Where in a random order, a function of the seed, each row stands. Those that are held back stand first.
    let private places (options: TableOptions) (rows: int) : int[] =
        let order = Key.permutation rows (Key.foldName "held back" (Key.ofSeed options.Seed))
        let places = Array.zeroCreate rows
        order |> Array.iteri (fun place row -> places[row] <- place)
        places

    /// Which of so many rows a training by these options holds back.
    let heldBack (options: TableOptions) (rows: int) : bool[] =
        TableOptions.check options
        Check.atLeast 10 (nameof rows) rows
        let rest, calibrated = heldBackFor options rows
        places options rows |> Array.map (fun place -> place < rest + calibrated)

    /// As `fitRows`, with so many bytes of the rows' vectors in memory at most.
    let internal fitWithin
        (most: int64)
        (observe: Report -> unit)
        (options: TableOptions)
        (rows: TableRows)
        : TableRun =
        TableOptions.check options

        if rows.Rows < 10 then
            Check.refuse (nameof rows) $"of %d{rows.Rows} rows" "at least 10 rows"

        let rest, calibrated = heldBackFor options rows.Rows
        let held = rest + calibrated
        let places = places options rows.Rows
        let encoding = Encoding.fitRows (fun row -> places[row] >= held) rows
        let vae = TableModel.create options encoding
        use store = Encoding.store most (fun row -> places[row]) encoding rows

        if store.IsFile then
            // What reading the rows has left is given back: the collector does not see that tensors need the room.
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive)

        let ordered = Encoding.dataOf encoding rows store
        let part start count = Data.slice start count ordered
        let data = part held (rows.Rows - held)
        let epochs = TableOptions.epochs options data.Count
        let objective = ObjectiveRecipes.read options.Objective vae

        let training = {
            TrainingOptions.defaults with
                Seed = options.Seed
                Epochs = epochs
                BatchSize = TableOptions.batchSize options data.Count
                Validation = Some(part 0 rest)
                KeepBest = true
        }

        let optimizer =
            Optimizer.adam options.LearningRate
            |> Optimizer.withSchedule (Schedule.cosine 0.01)
            |> Optimizer.clip 10.0

        let run = Training.start training data vae |> Training.fitWith observe objective optimizer

        let calibrating = part rest calibrated

        {
            Schema = rows.Schema
            Encoding = encoding
            Run = run
            Calibration = Calibration.create (fun kind -> Scores.rows kind scoreKey run calibrating)
        }

    /// A model of rows that need not fit in memory, trained on most of them: they are gone through twice, and from then on their vectors
    /// are read, of more than 256 MB from a temporary file. It is the model of the same rows in a table, bit for bit. Reports are shown to a
    /// function on the way.
    let fitRows (observe: Report -> unit) (options: TableOptions) (rows: TableRows) : TableRun =
        fitWithin ValueStore.Usual observe options rows

    /// A model of a table's rows, trained on most of them. Reports are shown to a function on the way.
    let fitWith (observe: Report -> unit) (options: TableOptions) (table: Table) : TableRun =
        fitWithin Int64.MaxValue observe options (TableRows.ofTable table)

    /// A model of a table's rows, trained on most of them.
    let fit (options: TableOptions) (table: Table) : TableRun = fitWith ignore options table

    /// The scores of a table's rows alone.
    let nats (kind: Score) (run: TableRun) (table: Table) : float[] = Scores.rows kind scoreKey run.Run (data run table)

    /// Draws of the posterior for each row, with and without a column.
    let private fewSamples = 20

    /// How unexpected each column is given the others, -log p(x_j | x_others), by leaving it out, [rows][columns]. The same noise is in
    /// both terms; a column that is missing gives 0.
    let private surprises (run: TableRun) (columns: string list) (table: Table) (data: Data) : float[][] =
        let score data = Scores.rows (Score.LogLikelihood fewSamples) scoreKey run.Run data
        let whole = score data
        let without = columns |> List.map (fun column -> score (Encoding.dataWithout column run.Encoding table))
        Array.init table.Rows (fun i -> [| for rest in without -> whole[i] - rest[i] |])

    /// The scores of a table's rows, and what each column adds to them. The noise is a function of a row's place and of the number of
    /// draws alone. -log p by fewer draws than rows are calibrated by (`Calibration.kinds`) is higher on average, and its p-values lower
    /// than they should be.
    let score (kind: Score) (run: TableRun) (table: Table) : TableScores =
        let data = data run table
        let columns = columns run

        let score, shares =
            match kind with
            | Score.LogLikelihood _ -> Scores.rows kind scoreKey run.Run data, surprises run columns table data
            | Score.Bound _
            | Score.Reconstruction _
            | Score.Latent ->
                let found = Scores.explain kind scoreKey run.Run data
                found.Score, found.Values |> Array.map (Encoding.byColumn run.Encoding columns)

        {
            Score = score
            PValue = score |> Array.map (Calibration.pValue kind run.Calibration)
            Columns = columns
            Shares = shares
            Together = Array.map2 (fun score shares -> score - Array.sum shares) score shares
        }

    /// The posterior means of a table's rows, a row a latent's numbers.
    let encode (run: TableRun) (table: Table) : float[][] =
        use codes = Evaluation.encode run.Run (data run table)
        let size = int codes.shape[1]
        Tensor.toArray codes |> Array.chunkBySize size

    let private floats (t: Tensor) : float32[] = Tensor.toArray t |> Array.map float32

    /// The table with other numbers of columns where it has none.
    let private withHolesFilled (table: Table) (numbers: Map<string, float[]>) : Table =
        let merged =
            numbers
            |> Map.map (fun name values ->
                Array.map2 (fun was value -> if Double.IsNaN was then value else was) (Table.numbers name table) values)

        Table.withNumbers merged table

    /// The table with its missing values filled by the mean given what is there, by so many draws of the posterior for each row: of a
    /// positive column the geometric mean, of counts and ordered levels the nearest to the mean, of levels without an order the most
    /// probable one.
    let impute (samples: int) (run: TableRun) (table: Table) : ImputedTable =
        let data = data run table
        use imputed = Imputation.impute samples imputeKey run.Run data
        let means, deviations = floats imputed.Mean, floats imputed.StandardDeviation
        let filled = Encoding.columns run.Encoding means

        let uncertainty =
            Encoding.uncertainty run.Encoding means deviations
            |> Map.map (fun name values ->
                Array.map2 (fun was value -> if Double.IsNaN was then value else nan) (Table.numbers name table) values)

        { Table = withHolesFilled table filled; Uncertainty = uncertainty }

    /// So many copies of the table with its missing values filled by draws of their laws given what is there, by a seed, each among so
    /// many draws of the posterior for each row (multiple imputation; `Imputation.complete`): what an analysis of each copy says,
    /// and how the copies differ, is what is known of what was missing. Drawn values have the decimals and ranges of their columns.
    let complete (copies: int) (samples: int) (seed: int) (run: TableRun) (table: Table) : Table list =
        use drawn = Imputation.complete copies samples (Key.fold seed completeKey) run.Run (data run table)

        [
            for copy in floats drawn |> Array.chunkBySize (int (drawn.numel ()) / copies) ->
                Encoding.columns run.Encoding copy |> Encoding.onGrid run.Encoding |> withHolesFilled table
        ]

    /// New rows: draws of the columns' laws at draws of the prior, by a seed; with as many decimals as the columns of the training rows
    /// have, and within their ranges.
    let sample (seed: int) (count: int) (run: TableRun) : Table =
        use drawn = Evaluation.simulate (Key.fold seed sampleKey) count run.Run
        let columns = Encoding.columns run.Encoding (floats drawn) |> Encoding.onGrid run.Encoding
        Table.ofNumbers "samples" run.Schema columns

    let private format = "vae-table 3"
    let private schemaFile (folder: string) = Path.Combine(folder, "schema.json")
    let private tableFile (folder: string) = Path.Combine(folder, "table.json")

    /// Saves a run into a folder: the schema, what was learned of the columns, and the model. Raises StorageException where the
    /// folder holds a run already.
    let save (folder: string) (run: TableRun) : unit =
        Directory.CreateDirectory folder |> ignore
        SchemaJson.write (schemaFile folder) run.Schema

        let table =
            Json.Object [
                "format", Json.Text format
                "encoding", EncodingJson.ofEncoding run.Encoding
                "calibration", Calibration.toJson run.Calibration
            ]

        StoredFile.writeText (tableFile folder) (Json.printIndented table)
        // Last: a folder with it is a whole run.
        Saved.save folder run.Run

    /// The run that was saved into a folder. Raises StorageException for files that are missing, damaged, or not about one model.
    let load (folder: string) : TableRun =
        let schema = SchemaJson.read (schemaFile folder)
        let file = tableFile folder

        let encoding, calibration =
            StoredFile.read file (fun stream ->
                use memory = new MemoryStream()
                stream.CopyTo memory
                let at = JsonAt.parse file "table" (memory.ToArray())
                JsonAt.only [ "format"; "encoding"; "calibration" ] at
                let found = JsonAt.field "format" at

                if JsonAt.text found <> format then
                    JsonAt.refuse found $"'%s{JsonAt.text found}'" $"'%s{format}'"

                JsonAt.field "encoding" at |> EncodingJson.toEncoding,
                JsonAt.field "calibration" at |> Calibration.ofJson)

        let modelled = Schema.modelled schema |> List.map _.Name |> set
        let encoded = Encoding.pieces encoding |> List.map _.Column |> set

        if modelled <> encoded then
            let differing = (modelled - encoded) + (encoded - modelled) |> String.concat ", "

            raise (
                StorageException(
                    file,
                    "encoding",
                    $"other columns than schema.json's: %s{differing}",
                    "those of the schema"
                )
            )

        let run = Saved.load folder

        if run.Vae.DataShape <> [| int64 (Encoding.size encoding) |] then
            raise (
                StorageException(
                    file,
                    "encoding",
                    $"rows of %d{Encoding.size encoding} numbers",
                    $"rows of the model's %s{Check.shape run.Vae.DataShape}"
                )
            )

        { Schema = schema; Encoding = encoding; Run = run; Calibration = calibration }
