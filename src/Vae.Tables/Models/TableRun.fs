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
    /// Scores of rows that the model was neither trained on nor chosen by, in ascending order.
    Calibration: float[]
} with

    interface IDisposable with
        member this.Dispose() = (this.Run.Params :> IDisposable).Dispose()

/// Scores of rows, nats: the larger, the odder. Numbers and dates count in standard deviations of their column, positive numbers in
/// those of its logarithm: a density's unit.
[<NoComparison; ReferenceEquality>]
type TableScores = {
    /// -log p of what is there of each row.
    Score: float[]
    /// The chance that a row of the same kind as the calibration's scores as high or higher: (1 + calibration rows that do) /
    /// (1 + calibration rows). Of rows like those it is at most p with probability p or less (conformal; V. Vovk, A. Gammerman and
    /// G. Shafer, "Algorithmic learning in a random world", 2005, section 2.2).
    PValue: float[]
    /// The columns that the model is of.
    Columns: string list
    /// What each column adds to a row's score, [rows][columns].
    Shares: float[][]
    /// What is left of the score: how unusual the row's values are together. With the shares it sums to the score.
    Latent: float[]
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

    /// Draws of the posterior for each row that scores are calibrated by.
    let internal calibrationSamples = 100

    /// How many of so many rows are held back to choose the best epoch by, and how many to calibrate scores by.
    let private heldBackFor (options: TableOptions) (rows: int) : int * int =
        let share = int (Math.Round(options.HeldBack * float rows))
        let held = max 2 (min (rows - 1) (min TableOptions.mostHeldBack share))
        held / 2, held - held / 2

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
                BatchSize = options.BatchSize
                Validation = Some(part 0 rest)
                KeepBest = true
        }

        let optimizer =
            Optimizer.adam options.LearningRate
            |> Optimizer.withSchedule (Schedule.cosine 0.01)
            |> Optimizer.clip 10.0

        let run = Training.start training data vae |> Training.fitWith observe objective optimizer

        let calibration =
            part rest calibrated
            |> Scores.rows (Score.LogLikelihood calibrationSamples) scoreKey run
            |> Array.sort

        {
            Schema = rows.Schema
            Encoding = encoding
            Run = run
            Calibration = calibration
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

    /// How many of ascending numbers are at least one.
    let private atLeast (ascending: float[]) (value: float) : int =
        let mutable low, high = 0, ascending.Length

        while low < high do
            let middle = (low + high) / 2
            if ascending[middle] < value then low <- middle + 1 else high <- middle

        ascending.Length - low

    /// The p-value of a score by a run's calibration.
    let internal pValue (run: TableRun) (score: float) : float =
        float (1 + atLeast run.Calibration score) / float (run.Calibration.Length + 1)

    /// The scores of a table's rows by so many draws of the posterior for each: -log p of what is there, and what each column adds to
    /// it. The noise is a function of a row's place and of the number of draws alone. Scores are calibrated by 100 draws: with fewer they are
    /// higher on average, and p-values lower than they should be.
    let score (samples: int) (run: TableRun) (table: Table) : TableScores =
        let found = Scores.explain samples scoreKey run.Run (data run table)
        let columns = columns run

        {
            Score = found.Score
            PValue = found.Score |> Array.map (pValue run)
            Columns = columns
            Shares = found.Values |> Array.map (Encoding.byColumn run.Encoding columns)
            Latent = found.Latent
        }

    /// The posterior means of a table's rows, a row a latent's numbers.
    let encode (run: TableRun) (table: Table) : float[][] =
        use codes = Evaluation.encode run.Run (data run table)
        let size = int codes.shape[1]
        Tensor.toArray codes |> Array.chunkBySize size

    let private floats (t: Tensor) : float32[] = Tensor.toArray t |> Array.map float32

    /// The table with its missing values filled by the mean given what is there, by so many draws of the posterior for each row: of a
    /// positive column the geometric mean, of counts and ordered levels the nearest to the mean, of levels without an order the most
    /// probable one.
    let impute (samples: int) (run: TableRun) (table: Table) : ImputedTable =
        let data = data run table
        use imputed = Imputation.impute samples imputeKey run.Run data
        let means, deviations = floats imputed.Mean, floats imputed.StandardDeviation
        let filled = Encoding.columns run.Encoding means
        let columns = columns run
        let before = columns |> List.map (fun name -> name, Table.numbers name table) |> Map.ofList

        let merged =
            filled
            |> Map.map (fun name values ->
                let there = before[name]
                values |> Array.mapi (fun i value -> if Double.IsNaN(there[i]) then value else there[i]))

        let uncertainty =
            Encoding.uncertainty run.Encoding means deviations
            |> Map.map (fun name values ->
                values |> Array.mapi (fun i value -> if Double.IsNaN(before[name][i]) then value else nan))

        { Table = Table.withNumbers merged table; Uncertainty = uncertainty }

    /// New rows: draws of the columns' laws at draws of the prior, by a seed; with as many decimals as the columns of the training rows
    /// have, and within their ranges.
    let sample (seed: int) (count: int) (run: TableRun) : Table =
        use drawn = Evaluation.simulate (Key.fold seed sampleKey) count run.Run
        let columns = Encoding.columns run.Encoding (floats drawn) |> Encoding.onGrid run.Encoding
        Table.ofNumbers "samples" run.Schema columns

    let private format = "vae-table 2"
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
                "calibration", Json.List(run.Calibration |> Array.map Json.Number |> Array.toList)
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

                let numbers = JsonAt.field "calibration" at |> JsonAt.items |> List.map JsonAt.number
                JsonAt.field "encoding" at |> EncodingJson.toEncoding, Array.ofList numbers)

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

        {
            Schema = schema
            Encoding = encoding
            Run = run
            Calibration = calibration |> Array.sort
        }
