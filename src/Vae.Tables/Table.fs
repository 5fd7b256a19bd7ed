namespace Vae.Tables

open System
open System.Collections.Generic
open System.Globalization
open Vae.Core

/// Values of a column: numbers, or what is carried along as text.
[<RequireQualifiedAccess>]
type internal Values =
    /// NaN where one is missing. Levels are numbered from 0, what is none of a category's levels is the number after the last, and
    /// dates are days since the beginning of 2000.
    | Numbers of float[]
    | Texts of string[]

/// An immutable table in memory: rows of the columns that a schema tells.
[<NoComparison; ReferenceEquality>]
type Table = private {
    name: string
    schema: Schema
    rows: int
    values: Values[]
} with

    member table.Name = table.name
    member table.Schema = table.schema
    /// How many rows there are.
    member table.Rows = table.rows

    override table.ToString() = $"%s{table.name}: %d{table.rows} rows of %d{table.schema.Columns.Length} columns"

/// What makes numbers of a column's cells, texts or numbers: NaN of one that is missing; an error says what was expected.
[<NoComparison; ReferenceEquality>]
type internal CellNumbers = {
    OfText: string -> Result<float, string>
    OfNumber: float -> Result<float, string>
}

[<RequireQualifiedAccess>]
module Table =
    /// Level numbers by their texts and, where all are numbers, by these: 1 and 1.0 are one level.
    let private levelOf (levels: string list) : string -> int option =
        let byText = Dictionary<string, int>()
        levels |> List.iteri (fun i level -> byText[level] <- i)
        let numbers = levels |> List.map Look.tryNumber
        let areNumbers = numbers |> List.forall Option.isSome
        let byNumber = Dictionary<float, int>()

        if areNumbers then
            numbers |> List.iteri (fun i number -> byNumber[number.Value] <- i)

        fun text ->
            match byText.TryGetValue text with
            | true, level -> Some level
            | _ when areNumbers ->
                match Look.tryNumber text with
                | Some number when byNumber.ContainsKey number -> Some byNumber[number]
                | _ -> None
            | _ -> None

    /// A number as the text that a cell of it would be.
    let private textOfNumber (number: float) =
        if Double.IsNaN number then
            ""
        else
            number.ToString("R", CultureInfo.InvariantCulture)

    /// Which finite numbers a column of numbers takes, and what these are; None of a column of something else.
    let private allowed (kind: ColumnKind) : ((float -> bool) * string) option =
        match kind with
        | ColumnKind.Real -> Some((fun _ -> true), "a finite number")
        | ColumnKind.Positive -> Some((fun x -> x > 0.0), "a number above 0")
        | ColumnKind.Count -> Some((fun x -> x >= 0.0 && x = floor x), "a whole number from 0 on")
        | _ -> None

    /// What makes a number of a text that is there, or says what was expected.
    let private parser (column: Column) : string -> Result<float, string> =
        match column.Kind with
        | ColumnKind.Real
        | ColumnKind.Positive
        | ColumnKind.Count ->
            let isAllowed, expected = (allowed column.Kind).Value

            fun text ->
                match Look.tryNumber text with
                | Some x when Double.IsFinite x && isAllowed x -> Ok x
                | _ -> Error expected
        | ColumnKind.Date format ->
            fun text ->
                match Dates.tryDays format text with
                | Some days -> Ok days
                | None -> Error $"a date as %s{format}"
        | ColumnKind.Category levels ->
            let level = levelOf levels
            fun text -> Ok(level text |> Option.defaultValue levels.Length |> float)
        | ColumnKind.Ordinal levels
        | ColumnKind.Binary levels ->
            let level = levelOf levels
            let known = String.concat ", " levels

            fun text ->
                match level text with
                | Some level -> Ok(float level)
                | None -> Error $"one of %s{known}"
        | ColumnKind.Label
        | ColumnKind.Ignored -> fun _ -> Ok nan

    /// What makes numbers of a modelled column's cells, of which these texts stand for missing ones.
    let internal cells (missing: HashSet<string>) (column: Column) : CellNumbers =
        let parse = parser column
        let missingNumbers = Look.missingNumbers missing
        let ofText text = if text = "" || missing.Contains text then Ok nan else parse text

        {
            OfText = ofText
            // A number is one without being a text on the way, but where it is the name of a level.
            OfNumber =
                match allowed column.Kind with
                | None -> textOfNumber >> ofText
                | Some(isAllowed, expected) ->
                    fun number ->
                        if Double.IsNaN number || missingNumbers.Contains number then Ok nan
                        elif Double.IsFinite number && isAllowed number then Ok number
                        else Error expected
        }

    let private read (missing: HashSet<string>) (column: Column) : Cells -> (int -> string) -> Values =
        let cells = cells missing column

        let orRefuse (where: unit -> string) (text: unit -> string) found =
            match found with
            | Ok number -> number
            | Error expected ->
                TableException.refuse
                    $"%s{where ()}, column '%s{column.Name}'"
                    (TableException.quoted (text ()))
                    $"%s{expected}, or none where it is missing"

        let ofText where text = cells.OfText text |> orRefuse where (fun () -> text)
        let ofNumber where number = cells.OfNumber number |> orRefuse where (fun () -> textOfNumber number)

        fun cells where ->
            match cells, Column.isModelled column with
            | Cells.Texts texts, false -> Values.Texts texts
            | Cells.Numbers numbers, false -> Values.Texts(numbers |> Array.map textOfNumber)
            | Cells.Texts texts, true ->
                Values.Numbers(texts |> Array.mapi (fun i text -> ofText (fun () -> where i) text))
            | Cells.Numbers numbers, true ->
                Values.Numbers(numbers |> Array.mapi (fun i number -> ofNumber (fun () -> where i) number))

    let private joined (parts: Values list) : Values =
        match parts with
        | Values.Numbers _ :: _ ->
            parts
            |> List.map (function
                | Values.Numbers numbers -> numbers
                | Values.Texts _ -> invalidOp "a column is of one kind")
            |> Array.concat
            |> Values.Numbers
        | _ ->
            parts
            |> List.map (function
                | Values.Texts texts -> texts
                | Values.Numbers _ -> invalidOp "a column is of one kind")
            |> Array.concat
            |> Values.Texts

    /// What a schema says of the columns of a source: those that the source does not have, of those that no model is of, are left out.
    let internal kept (schema: Schema) (source: TableSource) : Schema =
        match Schema.difference source.Columns schema with
        | None -> ()
        | Some lacking ->
            let found = source.Columns |> List.map (fun name -> $"'%s{name}'") |> String.concat ", "
            TableException.refuse source.Path $"the columns %s{found}" $"%s{lacking} as well, which the schema has"

        schema.Columns
        |> List.filter (fun column -> List.contains column.Name source.Columns)
        |> Schema.create
        |> Schema.withMissing schema.Missing

    /// The rows of a source as a schema tells them, a chunk at a time.
    let internal parts (schema: Schema) (source: TableSource) : Table seq =
        let schema = kept schema source
        let missing = HashSet<string> schema.Missing

        let readers = [|
            for column in schema.Columns -> List.findIndex ((=) column.Name) source.Columns, read missing column
        |]

        source.Chunks()
        |> Seq.map (fun chunk -> {
            name = source.Name
            schema = schema
            rows = chunk.Count
            values = readers |> Array.map (fun (place, read) -> read chunk.Cells[place] chunk.Where)
        })

    /// Tables of the same columns one after another.
    let internal concat (tables: Table list) : Table =
        let columns = tables.Head.values.Length

        {
            tables.Head with
                rows = tables |> List.sumBy _.rows
                values = Array.init columns (fun j -> tables |> List.map (fun table -> table.values[j]) |> joined)
        }

    /// The rows of a source as a schema tells them.
    let internal ofSource (schema: Schema) (source: TableSource) : Table =
        match List.ofSeq (parts schema source) with
        | [] -> TableSource.refuseNone source
        | parts -> concat parts

    /// What the columns of a file are, by a look at all of its values. The ending says what it is written in: Apache Parquet (.parquet),
    /// Apache Arrow (.arrow, .feather, .ipc), arrays of NumPy (.npy, .npz), or text. Raises TableException, naming file, line and column, for what
    /// cannot be told.
    let infer (path: string) : Inferred = Files.source Csv.defaults path |> Inference.ofSource Schema.missingTexts

    /// The table of a file of comma-separated values or of one like it, its columns as `infer` tells them.
    let loadInferred (options: CsvOptions) (missing: string list) (path: string) : Table * Inferred =
        let source = Files.source options path
        let inferred = Inference.ofSource missing source
        ofSource inferred.Schema source, inferred

    /// The table of a file, its columns as `infer` tells them.
    let load (path: string) : Table = loadInferred Csv.defaults Schema.missingTexts path |> fst

    /// The table of a file, its columns as a schema tells them. Raises TableException for a file without some of these, and for a value
    /// that is none of its column.
    let loadAs (schema: Schema) (path: string) : Table = Files.source Csv.defaults path |> ofSource schema

    /// The same of a file that is written otherwise.
    let loadBy (options: CsvOptions) (schema: Schema) (path: string) : Table =
        Files.source options path |> ofSource schema

    /// A table of columns by their names, texts or numbers, as many of each, and what they are taken for, by a look at all values, among
    /// which these texts stand for missing ones. Refuses columns of different lengths; raises TableException as `infer`.
    let ofColumnsInferred (name: string) (missing: string list) (columns: (string * Cells) list) : Table * Inferred =
        let source = TableSource.ofColumns name columns |> TableSource.checkNames
        let inferred = Inference.ofSource missing source
        ofSource inferred.Schema source, inferred

    /// The table of columns, which are told by a look.
    let ofColumns (name: string) (columns: (string * Cells) list) : Table =
        ofColumnsInferred name Schema.missingTexts columns |> fst

    /// The table of columns, told by a schema. Raises TableException as `loadAs`.
    let ofColumnsBy (schema: Schema) (name: string) (columns: (string * Cells) list) : Table =
        TableSource.ofColumns name columns |> TableSource.checkNames |> ofSource schema

    /// The table of values of a program, a row each: a column for each of the type's public properties, in the order of their
    /// declaration. Properties are numbers, truths, names of an enumeration, texts and dates (a DateTimeOffset as its moment in UTC);
    /// what is null, or None, is missing. Refuses a property of another type by its name. Columns are told as by `ofColumnsInferred`.
    let ofRecordsInferred (missing: string list) (records: 'T seq) : Table * Inferred =
        let name, columns = Records.columns records
        ofColumnsInferred name missing columns

    /// The table of values of a program, whose columns are told by a look.
    let ofRecords (records: 'T seq) : Table = ofRecordsInferred Schema.missingTexts records |> fst

    /// The table of values of a program, its columns told by a schema. Raises TableException as `loadAs`.
    let ofRecordsBy (schema: Schema) (records: 'T seq) : Table = Records.columns records ||> ofColumnsBy schema

    /// A table of numbers, row by row, NaN where one is missing; every column is real.
    let ofRows (name: string) (columns: string list) (rows: float[][]) : Table =
        let schema = columns |> List.map (fun column -> Column.create column ColumnKind.Real) |> Schema.create

        if rows.Length = 0 then
            Check.refuse (nameof rows) "none" "at least one"

        rows
        |> Array.iteri (fun i row ->
            if row.Length <> columns.Length then
                Check.refuse
                    (nameof rows)
                    $"of %d{row.Length} numbers in row %d{i}"
                    $"%d{columns.Length}, one for each column"

            if row |> Array.exists Double.IsInfinity then
                Check.refuse (nameof rows) $"infinite in row %d{i}" "finite numbers, NaN where one is missing")

        {
            name = name
            schema = schema
            rows = rows.Length
            values =
                columns
                |> List.mapi (fun j _ -> Values.Numbers(rows |> Array.map (fun row -> row[j])))
                |> List.toArray
        }

    let private indexOf (name: string) (table: Table) : int =
        match table.schema.Columns |> List.tryFindIndex (fun column -> column.Name = name) with
        | Some i -> i
        | None ->
            let known = table.schema.Columns |> List.map _.Name |> String.concat ", "
            Check.refuse (nameof name) $"'%s{name}'" $"a column: %s{known}"

    /// The numbers of a modelled column: NaN where one is missing, levels by their place, days since the beginning of 2000.
    let numbers (name: string) (table: Table) : float[] =
        match table.values[indexOf name table] with
        | Values.Numbers numbers -> Array.copy numbers
        | Values.Texts _ -> Check.refuse (nameof name) $"'%s{name}', which no model is of" "a modelled column"

    let private textOf (column: Column) (number: float) : string =
        if Double.IsNaN number then
            ""
        else
            match column.Kind with
            | ColumnKind.Date format -> Dates.text format number
            | ColumnKind.Category levels
            | ColumnKind.Ordinal levels
            | ColumnKind.Binary levels -> levels |> List.tryItem (int number) |> Option.defaultValue "other"
            | _ -> textOfNumber number

    /// The values of a column as text, empty where they are missing.
    let texts (name: string) (table: Table) : string[] =
        let i = indexOf name table

        match table.values[i] with
        | Values.Texts texts -> Array.copy texts
        | Values.Numbers numbers -> numbers |> Array.map (textOf table.schema.Columns[i])

    /// How many values of a modelled column are missing.
    let missing (name: string) (table: Table) : int = numbers name table |> Array.filter Double.IsNaN |> Array.length

    /// How many values of a category are none of its levels.
    let others (name: string) (table: Table) : int =
        let column = table.schema.Columns[indexOf name table]

        match column.Kind with
        | ColumnKind.Category levels ->
            numbers name table |> Array.filter (fun level -> level = float levels.Length) |> Array.length
        | _ -> 0

    /// The rows of these numbers, in their order: each as often as it is there.
    let pick (rows: int[]) (table: Table) : Table =
        if rows.Length = 0 then
            Check.refuse (nameof rows) "none" "at least one"

        rows
        |> Array.tryFind (fun row -> row < 0 || row >= table.rows)
        |> Option.iter (fun row -> Check.refuse (nameof rows) (string row) $"rows from 0 to %d{table.rows - 1}")

        let picked values =
            match values with
            | Values.Numbers numbers -> Values.Numbers(rows |> Array.map (fun row -> numbers[row]))
            | Values.Texts texts -> Values.Texts(rows |> Array.map (fun row -> texts[row]))

        { table with rows = rows.Length; values = table.values |> Array.map picked }

    /// Neighboring rows.
    let internal slice (start: int) (count: int) (table: Table) : Table =
        let part values =
            match values with
            | Values.Numbers numbers -> Values.Numbers(Array.sub numbers start count)
            | Values.Texts texts -> Values.Texts(Array.sub texts start count)

        { table with rows = count; values = table.values |> Array.map part }

    /// The table with other numbers in its modelled columns, by their names.
    let internal withNumbers (columns: Map<string, float[]>) (table: Table) : Table =
        let changed i values =
            columns.TryFind table.schema.Columns[i].Name
            |> Option.map Values.Numbers
            |> Option.defaultValue values

        { table with values = table.values |> Array.mapi changed }

    /// A table of numbers by their columns, as many of each.
    let internal ofNumbers (name: string) (schema: Schema) (columns: Map<string, float[]>) : Table =
        let kept = Schema.modelled schema
        let values = kept |> List.map (fun column -> columns[column.Name]) |> List.toArray

        {
            name = name
            schema = Schema.create kept |> Schema.withMissing schema.Missing
            rows = values[0].Length
            values = values |> Array.map Values.Numbers
        }
