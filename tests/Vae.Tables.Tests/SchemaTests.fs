module Vae.Tables.Tests.SchemaTests

open System.IO
open Expecto
open Vae.Core
open Vae.Tables
open Vae.Tables.Tests.Written

let private schema =
    Schema.create [
        Column.create "height" ColumnKind.Real
        { Column.create "price" ColumnKind.Positive with Law = Some "Gamma" }
        Column.create "visits" ColumnKind.Count
        Column.create "size" (ColumnKind.Ordinal [ "small"; "middle"; "large" ])
        Column.create "colour" (ColumnKind.Category [ "red"; "green" ])
        Column.create "member" (ColumnKind.Binary [ "no"; "yes" ])
        Column.create "day" (ColumnKind.Date "yyyy-MM-dd")
        Column.create "outcome" ColumnKind.Label
        Column.create "note" ColumnKind.Ignored
    ]
    |> Schema.withMissing [ "-"; "unknown" ]

let tests =
    testList "Schema" [
        inFolder "a schema is written, and read as it was" (fun folder ->
            let path = Path.Combine(folder, "schema.json")
            SchemaJson.write path schema
            let back = SchemaJson.read path
            Expect.equal (back.Columns, back.Missing) (schema.Columns, schema.Missing) "the same"
            Expect.equal (SchemaJson.text back) (File.ReadAllText path) "to the letter")

        inFolder "what is no schema is refused by its place" (fun folder ->
            let refuses words (change: string -> string) =
                let path = file folder "schema.json" (change (SchemaJson.text schema))

                try
                    SchemaJson.read path |> ignore
                    failtest "nothing was refused"
                with :? StorageException as error ->
                    for word in words do
                        Expect.stringContains error.Message word "said"

            refuses [ "schema.columns[0].kind"; "'rael'"; "real, positive" ] (fun text ->
                text.Replace("\"kind\": \"real\"", "\"kind\": \"rael\""))

            refuses [ "levels" ] (fun text -> text.Replace("\"no\", \"yes\"", "\"no\""))
            refuses [ "vae-schema" ] (fun text -> text.Replace("vae-schema 1", "vae-schema 9"))
            refuses [ "'names'" ] (fun text -> text.Replace("\"name\": \"height\"", "\"names\": \"height\""))
            refuses [ "'price'"; "2 times" ] (fun text -> text.Replace("\"height\"", "\"price\"")))

        testCase "columns that cannot be are refused" (fun () ->
            refused [ "none" ] (fun () -> Schema.create [])

            refused [ "binary with 3 levels" ] (fun () ->
                Schema.create [ Column.create "a" (ColumnKind.Binary [ "x"; "y"; "z" ]) ])

            refused [ "'b'"; "height" ] (fun () -> Schema.withKind "b" ColumnKind.Count schema))

        testCase "a column is given another kind or law" (fun () ->
            let changed =
                schema |> Schema.withKind "visits" ColumnKind.Real |> Schema.withLaw "height" "StudentT df=4"

            let column name = changed.Columns |> List.find (fun column -> column.Name = name)
            Expect.equal (column "visits").Kind ColumnKind.Real "kind"
            Expect.equal (column "height").Law (Some "StudentT df=4") "law"
            Expect.equal changed.Missing schema.Missing "the rest stays")
    ]
