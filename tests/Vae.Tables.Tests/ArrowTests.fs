module Vae.Tables.Tests.ArrowTests

open System
open System.IO
open Apache.Arrow
open Apache.Arrow.Compression
open Apache.Arrow.Ipc
open Apache.Arrow.Types
open Expecto
open Vae.Tables
open Vae.Tables.Tests.Written

let private moment (i: int) = DateTimeOffset(2024, 3, 1 + i, 5, 6, 7, TimeSpan.Zero)

/// Columns of every type, the third value missing of some.
let private everything: (string * IArrowArray * string list) list =
    let five (value: int -> 't) = [ for i in 0..4 -> value i ]

    let texts (builder: StringArray.Builder) (values: string list) =
        for value in values do
            builder.Append value |> ignore

        builder.Build()

    let doubles = DoubleArray.Builder()
    let truths = BooleanArray.Builder()
    let names = StringArray.Builder()
    let days, moments = Date32Array.Builder(), TimestampArray.Builder(TimeUnit.Microsecond)
    let decimals = Decimal128Array.Builder(Decimal128Type(10, 2))

    for i in 0..4 do
        if i = 2 then
            doubles.AppendNull() |> ignore
            truths.AppendNull() |> ignore
            names.AppendNull() |> ignore
            days.AppendNull() |> ignore
        else
            doubles.Append(float i + 0.5) |> ignore
            truths.Append(i > 2) |> ignore
            names.Append $"text %d{i}" |> ignore
            days.Append((moment i).UtcDateTime) |> ignore

        moments.Append(moment i) |> ignore
        decimals.Append(decimal i + 0.25m) |> ignore

    let levels =
        new DictionaryArray(
            DictionaryType(Int8Type.Default, StringType.Default, false),
            Int8Array.Builder().AppendRange(five (fun i -> sbyte (i % 2))).Build(),
            texts (StringArray.Builder()) [ "fir"; "oak" ]
        )

    [
        "int8", Int8Array.Builder().AppendRange(five sbyte).Build(), five string
        "uint16", UInt16Array.Builder().AppendRange(five uint16).Build(), five string
        "int64", Int64Array.Builder().AppendRange(five int64).Build(), five string
        "uint64", UInt64Array.Builder().AppendRange(five uint64).Build(), five string
        "float", FloatArray.Builder().AppendRange(five float32).Build(), five string
        "double", doubles.Build(), [ "0.5"; "1.5"; "NaN"; "3.5"; "4.5" ]
        "decimal", decimals.Build(), [ "0.25"; "1.25"; "2.25"; "3.25"; "4.25" ]
        "truth", truths.Build(), [ "false"; "false"; ""; "true"; "true" ]
        "text", names.Build(), [ "text 0"; "text 1"; ""; "text 3"; "text 4" ]
        "level", levels, [ "fir"; "oak"; "fir"; "oak"; "fir" ]
        "date", days.Build(), [ "2024-03-01"; "2024-03-02"; ""; "2024-03-04"; "2024-03-05" ]
        "moment", moments.Build(), five (fun i -> $"2024-03-0%d{i + 1}T05:06:07")
    ]

let private batch (columns: (string * IArrowArray) list) : RecordBatch =
    let schema = Schema([ for name, values in columns -> Field(name, values.Data.DataType, true) ], null)

    new RecordBatch(schema, List.map snd columns, (snd columns.Head).Length)

let private write (path: string) (isFile: bool) (codec: CompressionCodecType Nullable) (batches: RecordBatch list) =
    use file = File.Create path
    let options = IpcOptions(CompressionCodec = codec, CompressionCodecFactory = CompressionCodecFactory())

    use writer =
        if isFile then
            new ArrowFileWriter(file, batches.Head.Schema, false, options) :> ArrowStreamWriter
        else
            new ArrowStreamWriter(file, batches.Head.Schema, false, options)

    for batch in batches do
        writer.WriteRecordBatch batch

    writer.WriteEnd()

let private cells (path: string) : (string * string list) list =
    let source = ArrowFile.source path

    source.Columns
    |> List.mapi (fun j name ->
        name,
        [
            for chunk in source.Chunks() do
                match chunk.Cells[j] with
                | Cells.Texts texts -> yield! texts
                | Cells.Numbers numbers -> yield! numbers |> Array.map string
        ])

let tests =
    testList "Arrow" [
        inFolder "every type is read, in files and streams, compressed or not" (fun folder ->
            let rows = batch [ for name, values, _ in everything -> name, values ]

            for isFile, name in [ true, "t.arrow"; true, "t.feather"; false, "t.ipc" ] do
                for codec in [ Nullable(); Nullable CompressionCodecType.Lz4Frame; Nullable CompressionCodecType.Zstd ] do
                    let path = Path.Combine(folder, name)
                    write path isFile codec [ rows; rows ]

                    for (name, found), (_, _, expected) in List.zip (cells path) everything do
                        Expect.equal found (expected @ expected) $"%s{path}, %O{codec}: %s{name}")

        inFolder "the ending tells the reader, and the columns are told by a look" (fun folder ->
            let path = Path.Combine(folder, "t.feather")

            let numbers start =
                DoubleArray.Builder().AppendRange(Seq.init 5000 (fun i -> sin (float (start + i)))).Build()

            let part start = batch [ "x", numbers start :> IArrowArray; "y", numbers (start + 7) ]
            write path true (Nullable()) [ part 0; part 5000 ]
            let table = Table.load path
            Expect.equal (table.Name, table.Rows) ("t", 10_000) "name and rows"
            Expect.equal (Table.numbers "y" table |> Array.last) (sin 10_006.0) "the last number"
            let schema = table.Schema |> Schema.withKind "x" ColumnKind.Positive
            refused [ "t.feather, row 0, column 'x'" ] (fun () -> Table.loadAs schema path))

        inFolder "what is no column of values, and what is no file, is refused" (fun folder ->
            let path = Path.Combine(folder, "list.arrow")
            let lists = ListArray.Builder Int32Type.Default
            let items = lists.ValueBuilder :?> Int32Array.Builder

            for i in 0..4 do
                lists.Append() |> ignore
                items.Append i |> ignore

            let x = Int32Array.Builder().AppendRange([ 0..4 ]).Build()
            write path true (Nullable()) [ batch [ "x", x :> IArrowArray; "sizes", lists.Build() ] ]
            refused [ "list.arrow, column 'sizes'"; "list"; "leave the column out" ] (fun () -> Table.load path)

            let whole = Path.Combine(folder, "t.arrow")
            write whole true (Nullable()) [ batch [ for name, values, _ in everything -> name, values ] ]
            let content = File.ReadAllBytes whole

            for share in [ 0; 1; 5; 10; 15; 19 ] do
                let cut = bytes folder "cut.arrow" content[.. content.Length * share / 20]
                refused [ "cut.arrow"; "whole file of Apache Arrow" ] (fun () -> Table.load cut)

            for name, content in
                [ "text.arrow", "a,b\n1,2\n3,4\n"B; "empty.feather", [||]; "old.feather", "FEA1...."B ] do
                refused [ name; "whole file of Apache Arrow" ] (fun () -> Table.load (bytes folder name content)))
    ]
