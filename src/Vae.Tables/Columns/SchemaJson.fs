namespace Vae.Tables

open System.IO
open System.Text
open Vae.Core

/// A schema as a file that people read and edit.
[<RequireQualifiedAccess>]
module SchemaJson =
    let private format = "vae-schema 1"

    let private ofColumn (column: Column) =
        Json.Object [
            "name", Json.Text column.Name
            "kind", Json.Text(Column.kindName column.Kind)
            match column.Kind with
            | ColumnKind.Date format -> "format", Json.Text format
            | _ -> ()
            match Column.levels column with
            | [] -> ()
            | levels -> "levels", Json.List(levels |> List.map Json.Text)
            match column.Law with
            | Some law -> "law", Json.Text law
            | None -> ()
        ]

    let internal ofSchema (schema: Schema) =
        Json.Object [
            "format", Json.Text format
            "missing", Json.List(schema.Missing |> List.map Json.Text)
            "columns", Json.List(schema.Columns |> List.map ofColumn)
        ]

    let private toColumn at : Column =
        JsonAt.only [ "name"; "kind"; "format"; "levels"; "law" ] at
        let levels () = JsonAt.field "levels" at |> JsonAt.items |> List.map JsonAt.text
        let kind = JsonAt.field "kind" at

        /// A kind of each name, and how it is read.
        let kinds = [
            ColumnKind.Real, (fun () -> ColumnKind.Real)
            ColumnKind.Positive, (fun () -> ColumnKind.Positive)
            ColumnKind.Count, (fun () -> ColumnKind.Count)
            ColumnKind.Ordinal [], (fun () -> ColumnKind.Ordinal(levels ()))
            ColumnKind.Category [], (fun () -> ColumnKind.Category(levels ()))
            ColumnKind.Binary [], (fun () -> ColumnKind.Binary(levels ()))
            ColumnKind.Date "", (fun () -> ColumnKind.Date(JsonAt.field "format" at |> JsonAt.text))
            ColumnKind.Label, (fun () -> ColumnKind.Label)
            ColumnKind.Ignored, (fun () -> ColumnKind.Ignored)
        ]

        match kinds |> List.tryFind (fun (known, _) -> Column.kindName known = JsonAt.text kind) with
        | Some(_, make) -> {
            Name = JsonAt.field "name" at |> JsonAt.text
            Kind = make ()
            Law = JsonAt.tryField "law" at |> Option.map JsonAt.text
          }
        | None ->
            let known = kinds |> List.map (fst >> Column.kindName) |> String.concat ", "
            JsonAt.refuse kind $"'%s{JsonAt.text kind}'" $"one of %s{known}"

    let internal toSchema at : Schema =
        JsonAt.only [ "format"; "missing"; "columns" ] at
        let found = JsonAt.field "format" at

        if JsonAt.text found <> format then
            JsonAt.refuse found $"'%s{JsonAt.text found}'" $"'%s{format}'"

        let columns = JsonAt.field "columns" at |> JsonAt.items |> List.map toColumn
        let missing = JsonAt.field "missing" at |> JsonAt.items |> List.map JsonAt.text
        JsonAt.build at "columns that fit one another" (fun () -> Schema.create columns |> Schema.withMissing missing)

    /// The schema as JSON text.
    let text (schema: Schema) : string = Json.printIndented (ofSchema schema)

    /// Writes a schema into a file.
    let write (path: string) (schema: Schema) : unit = StoredFile.writeText path (text schema)

    /// The schema of a file. Raises StorageException, naming the place in the file, for what is no schema.
    let read (path: string) : Schema =
        StoredFile.read path (fun stream ->
            use memory = new MemoryStream()
            stream.CopyTo memory
            JsonAt.parse path "schema" (memory.ToArray()) |> toSchema)
