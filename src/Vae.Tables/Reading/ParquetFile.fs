namespace Vae.Tables

open System
open System.IO
open System.Threading.Tasks
open Parquet
open Parquet.Schema

/// Tables in Apache Parquet: its numbers, truths, texts, dates and timestamps, and what of them is null as missing. A row group is held
/// at a time.
[<RequireQualifiedAccess>]
module internal ParquetFile =
    let private reading (where: string) (read: unit -> 'a) : 'a =
        TableSource.reading "a whole file of Apache Parquet" where read

    /// The package reads asynchronously, and tables as they are asked for: this is the one place that waits.
    let private await (reading: Task<'a>) : 'a = reading.GetAwaiter().GetResult()

    /// The values of a column of a row group, each in its row's place, and where there are none.
    let private raw<'t when 't: struct and 't: (new: unit -> 't) and 't :> ValueType>
        (group: ParquetRowGroupReader)
        (field: DataField)
        : 't[] * (int -> bool) =
        let rows = int group.RowCount
        let values = Array.zeroCreate<'t> rows
        let most = field.MaxDefinitionLevel
        let levels = Array.zeroCreate<int>(if most > 0 then rows else 0)
        let levelsMemory = if most > 0 then Nullable(Memory levels) else Nullable()
        task { do! group.ReadRawAsync<'t>(field, Memory values, levelsMemory, Nullable()) } |> await

        if most = 0 then
            values, (fun _ -> false)
        else
            // Those that are there stand together at the beginning: from the last on, each goes to its row.
            let mutable next = (levels |> Array.sumBy (fun level -> if level = most then 1 else 0)) - 1

            for i in rows - 1 .. -1 .. 0 do
                if levels[i] = most then
                    values[i] <- values[next]
                    next <- next - 1

            values, (fun i -> levels[i] <> most)

    let private numbers<'t when 't: struct and 't: (new: unit -> 't) and 't :> ValueType> (number: 't -> float) =
        fun (group: ParquetRowGroupReader) (field: DataField) ->
            let values, isMissing = raw<'t> group field

            (fun start count ->
                Array.init count (fun i -> if isMissing (start + i) then nan else number values[start + i])
                |> Cells.Numbers)
            : Cut

    let private texts<'t when 't: struct and 't: (new: unit -> 't) and 't :> ValueType> (text: 't -> string) =
        fun (group: ParquetRowGroupReader) (field: DataField) ->
            let values, isMissing = raw<'t> group field

            (fun start count ->
                Array.init count (fun i -> if isMissing (start + i) then "" else text values[start + i])
                |> Cells.Texts)
            : Cut

    let private dateText (field: DataField) : DateTime -> string =
        match field with
        | :? DateTimeDataField as field when field.DateTimeFormat = DateTimeFormat.Date -> Dates.ofDate
        | _ -> Dates.ofMoment

    /// What reads the columns of a type of .NET, for which the package reads them.
    let private readers: (Type * (ParquetRowGroupReader -> DataField -> Cut)) list = [
        typeof<bool>, texts<bool>(fun truth -> if truth then "true" else "false")
        typeof<sbyte>, numbers<sbyte> float
        typeof<byte>, numbers<byte> float
        typeof<int16>, numbers<int16> float
        typeof<uint16>, numbers<uint16> float
        typeof<int>, numbers<int> float
        typeof<uint32>, numbers<uint32> float
        typeof<int64>, numbers<int64> float
        typeof<uint64>, numbers<uint64> float
        typeof<Half>, numbers<Half> float
        typeof<float32>, numbers<float32> float
        typeof<float>, numbers<float> id
        typeof<decimal>, numbers<decimal> float
        typeof<ReadOnlyMemory<char>>, texts<ReadOnlyMemory<char>> _.ToString()
        typeof<Guid>, texts<Guid> string
        typeof<DateTime>, (fun group field -> texts<DateTime> (dateText field) group field)
    ]

    let private readerOf (path: string) (field: Field) =
        let refuse found = TableSource.refuseType (TableSource.column path field.Name) found

        match field with
        | :? TimeDataField -> refuse "times of day"
        | :? DataField as field when not field.IsArray && field.MaxRepetitionLevel = 0 ->
            match readers |> List.tryFind (fun (known, _) -> known = field.ClrType) with
            | Some(_, read) -> field, read
            | None when field.ClrType = typeof<ReadOnlyMemory<byte>> -> refuse "bytes that are no text"
            | None -> refuse $"values of type %s{field.ClrType.Name}"
        | _ -> refuse $"a nested column (%O{field.SchemaType})"

    let private readerOfFile (path: string) (file: Stream) : ParquetReader =
        reading path (fun () -> ParquetReader.CreateAsync file |> await)

    let private chunks (path: string) : Chunk seq =
        seq {
            use file = InputFile.opened path "a table"
            let reader = readerOfFile path file
            let columns = reader.Schema.Fields |> Seq.map (readerOf path) |> Seq.toArray
            let mutable before = 0L

            for group in reader.RowGroups do
                let cuts =
                    columns
                    |> Array.map (fun (field, read) ->
                        reading (TableSource.column path field.Name) (fun () -> read group field))

                let rows = int group.RowCount
                yield! TableSource.cut path before rows cuts
                before <- before + int64 rows
        }

    /// A file as a source. Refuses what is no Parquet, and a column that is no number, truth, text, date or timestamp a row.
    let source (path: string) : TableSource =
        use file = InputFile.opened path "a table"
        let reader = readerOfFile path file

        let fields, rows =
            reading path (fun () ->
                Seq.toList reader.Schema.Fields, reader.RowGroups |> Seq.map _.RowCount |> Seq.toList)

        fields |> List.iter (readerOf path >> ignore)

        match rows |> List.tryFind (fun rows -> rows < 0L || rows > int64 Array.MaxLength) with
        | Some rows ->
            TableException.refuse path $"a row group of %d{rows} rows" $"row groups of at most %d{Array.MaxLength}"
        | None -> ()

        {
            Name = InputFile.name path
            Path = path
            Columns = fields |> List.map (fun (field: Field) -> field.Name)
            Rows = Some(List.sum rows)
            Chunks = fun () -> chunks path
        }
