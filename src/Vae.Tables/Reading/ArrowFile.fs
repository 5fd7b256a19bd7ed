namespace Vae.Tables

open System
open System.Globalization
open System.IO
open Apache.Arrow
open Apache.Arrow.Compression
open Apache.Arrow.Ipc

/// Tables in Apache Arrow's formats for files (Feather's second) and for streams: numbers, truths, texts, dates and timestamps, and what of
/// them is null as missing. A batch is held at a time.
[<RequireQualifiedAccess>]
module internal ArrowFile =
    let private reading (path: string) (read: unit -> 'a) : 'a =
        TableSource.reading "a whole file of Apache Arrow, or of Feather version 2" path read

    let private numbers (values: PrimitiveArray<'t>) (number: 't -> float) : Cut =
        fun start count ->
            Array.init count (fun i ->
                let value = values.GetValue(start + i)
                if value.HasValue then number value.Value else nan)
            |> Cells.Numbers

    let private texts (text: int -> string | null) : Cut =
        fun start count ->
            Array.init count (fun i -> text (start + i) |> Option.ofObj |> Option.defaultValue "")
            |> Cells.Texts

    let private orNull (text: 't -> string) (value: 't Nullable) : string | null =
        if value.HasValue then text value.Value else null

    /// A number's digits, of which there may be more than .NET's decimals have.
    let private ofDigits (digits: int -> string | null) : Cut =
        fun start count ->
            Array.init count (fun i ->
                match digits (start + i) with
                | null -> nan
                | digits -> Double.Parse(digits, CultureInfo.InvariantCulture))
            |> Cells.Numbers

    let rec private cutOf (values: IArrowArray) : Cut option =
        match values with
        | :? Int8Array as values -> Some(numbers values float)
        | :? UInt8Array as values -> Some(numbers values float)
        | :? Int16Array as values -> Some(numbers values float)
        | :? UInt16Array as values -> Some(numbers values float)
        | :? Int32Array as values -> Some(numbers values float)
        | :? UInt32Array as values -> Some(numbers values float)
        | :? Int64Array as values -> Some(numbers values float)
        | :? UInt64Array as values -> Some(numbers values float)
        | :? HalfFloatArray as values -> Some(numbers values float)
        | :? FloatArray as values -> Some(numbers values float)
        | :? DoubleArray as values -> Some(numbers values id)
        | :? Decimal128Array as values -> Some(ofDigits values.GetString)
        | :? Decimal256Array as values -> Some(ofDigits values.GetString)
        | :? BooleanArray as values ->
            let text truth = if truth then "true" else "false"
            Some(texts (fun i -> values.GetValue i |> orNull text))
        | :? StringArray as values -> Some(texts values.GetString)
        | :? LargeStringArray as values -> Some(texts values.GetString)
        | :? StringViewArray as values -> Some(texts values.GetString)
        | :? Date32Array as values -> Some(texts (fun i -> values.GetDateTime i |> orNull Dates.ofDate))
        | :? Date64Array as values -> Some(texts (fun i -> values.GetDateTime i |> orNull Dates.ofDate))
        | :? TimestampArray as values ->
            Some(texts (fun i -> values.GetTimestamp i |> orNull (fun moment -> Dates.ofMoment moment.UtcDateTime)))
        | :? NullArray -> Some(texts (fun _ -> null))
        | :? DictionaryArray as values -> ofLevels values
        | _ -> None

    /// Values that are numbers of others: a category's levels.
    and private ofLevels (values: DictionaryArray) : Cut option =
        let levels = values.Dictionary

        match cutOf values.Indices, cutOf levels |> Option.map (fun cut -> cut 0 levels.Length) with
        | Some indices, Some(Cells.Texts names) ->
            Some(fun start count ->
                match indices start count with
                | Cells.Numbers places ->
                    places
                    |> Array.map (fun place -> if Double.IsNaN place then "" else names[int place])
                    |> Cells.Texts
                | Cells.Texts _ -> invalidOp "levels have numbers")
        | _ -> None

    let private columnOf (path: string) (batch: RecordBatch) (j: int) : Cut =
        let field = batch.Schema.GetFieldByIndex j
        let where = TableSource.column path field.Name

        match reading where (fun () -> cutOf (batch.Column j)) with
        | None -> TableSource.refuseType where $"values of type %s{field.DataType.Name}"
        // What is damaged may be found only as it is taken.
        | Some cut -> fun start count -> reading where (fun () -> cut start count)

    /// The file's magic word, without which it is a stream.
    let private magic = "ARROW1"B

    let private opened (path: string) : ArrowStreamReader =
        let file = InputFile.opened path "a table"

        try
            reading path (fun () ->
                let first = Array.zeroCreate magic.Length
                let read = file.ReadAtLeast(first.AsSpan(), first.Length, false)
                file.Position <- 0L
                let codecs = CompressionCodecFactory()

                let reader =
                    if read = first.Length && first = magic then
                        new ArrowFileReader(file, compressionCodecFactory = codecs) :> ArrowStreamReader
                    else
                        new ArrowStreamReader(file, compressionCodecFactory = codecs)

                if isNull (box reader.Schema) then
                    raise (InvalidDataException "it has no schema")

                reader)
        with _ ->
            file.Dispose()
            reraise ()

    let private chunks (path: string) : Chunk seq =
        seq {
            use reader = opened path
            let next () = reading path (fun () -> reader.ReadNextRecordBatch() |> Option.ofObj)
            let mutable before = 0L
            let mutable batch = next ()

            while batch.IsSome do
                // Not disposed of, which would take the levels that later batches share: the collector knows how much a batch weighs.
                let held = batch.Value
                let cuts = Array.init held.ColumnCount (columnOf path held)
                yield! TableSource.cut path before held.Length cuts
                before <- before + int64 held.Length
                batch <- next ()
        }

    /// A file as a source. A column that is no number, truth, text, date or timestamp a row is refused as it is read.
    let source (path: string) : TableSource =
        use reader = opened path

        {
            Name = InputFile.name path
            Path = path
            Columns = [ for field in reader.Schema.FieldsList -> field.Name ]
            Rows = None
            Chunks = fun () -> chunks path
        }
