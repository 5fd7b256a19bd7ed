namespace Vae.Tables

open System
open Parquet
open Parquet.Schema

/// Tables in Apache Parquet: its numbers, truths, texts, dates and timestamps, and what of them is null as missing. A row group is held
/// at a time.
[<RequireQualifiedAccess>]
module internal ParquetFile =
    /// What the package does, in the one place that waits for it. Whatever it raises says that the file is damaged.
    let private reading (path: string) (read: unit -> 'a) : 'a =
        try
            read ()
        with
        | :? TableException -> reraise ()
        | error -> TableException.refuse path $"what cannot be read: %s{error.Message}" "a whole file of Apache Parquet"

    /// The cells of a column's rows from one on, as many as are asked for.
    type private Cut = int -> int -> Cells

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
        group.ReadRawAsync<'t>(field, Memory values, levelsMemory, Nullable()).AsTask().GetAwaiter().GetResult()

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
        let refuse found =
            TableException.refuse
                $"%s{path}, column %s{TableException.quoted field.Name}"
                found
                "numbers, truths, texts, dates or timestamps, one a row: leave the column out, or make columns of them (a list's length, a field of a struct)"

        match field with
        | :? TimeDataField -> refuse "times of day"
        | :? DataField as field when not field.IsArray && field.MaxRepetitionLevel = 0 ->
            match readers |> List.tryFind (fun (known, _) -> known = field.ClrType) with
            | Some(_, read) -> field, read
            | None when field.ClrType = typeof<ReadOnlyMemory<byte>> -> refuse "bytes that are no text"
            | None -> refuse $"values of type %s{field.ClrType.Name}"
        | _ -> refuse $"a nested column (%O{field.SchemaType})"

    let private opened (path: string) (read: ParquetReader -> 'a) : 'a =
        use file = InputFile.opened path "a table"

        reading path (fun () ->
            let reader = ParquetReader.CreateAsync(file).GetAwaiter().GetResult()
            read reader)

    let private chunks (path: string) : Chunk seq =
        seq {
            use file = InputFile.opened path "a table"
            let reader = reading path (fun () -> ParquetReader.CreateAsync(file).GetAwaiter().GetResult())
            let columns = reader.Schema.Fields |> Seq.map (readerOf path) |> Seq.toArray
            let mutable before = 0L

            for group in reader.RowGroups do
                let rows = int group.RowCount

                let cuts =
                    columns
                    |> Array.map (fun (field, read) ->
                        reading $"%s{path}, column %s{TableException.quoted field.Name}" (fun () -> read group field))

                for start in 0 .. TableSource.chunkRows .. rows - 1 do
                    let count = min TableSource.chunkRows (rows - start)
                    let first = before + int64 start

                    {
                        Count = count
                        Cells = cuts |> Array.map (fun cut -> cut start count)
                        Where = fun i -> $"%s{path}, row %d{first + int64 i}"
                    }

                before <- before + int64 rows
        }

    /// A file as a source. Refuses what is no Parquet, and a column that is no number, truth, text, date or timestamp a row.
    let source (path: string) : TableSource =
        opened path (fun reader ->
            let fields = Seq.toList reader.Schema.Fields
            fields |> List.iter (readerOf path >> ignore)
            let names = fields |> List.map _.Name

            if names.IsEmpty then
                TableException.refuse path "no columns" "at least one"

            {
                Name = InputFile.name path
                Path = path
                Columns = names
                Rows = Some(reader.RowGroups |> Seq.sumBy _.RowCount)
                Chunks = fun () -> chunks path
            })
