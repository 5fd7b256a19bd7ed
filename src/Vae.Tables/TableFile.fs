namespace Vae.Tables

open System.IO
open System.Text
open Vae.Core

/// Tables written as comma-separated values (RFC 4180).
[<RequireQualifiedAccess>]
module TableFile =
    /// Writes columns of texts by their names, each of as many rows.
    let internal writeColumns (path: string) (columns: (string * string[]) list) : unit =
        StoredFile.write path (fun stream ->
            use writer = new StreamWriter(stream, UTF8Encoding false, 1 <<< 16, leaveOpen = true)
            writer.NewLine <- "\n"
            writer.WriteLine(Csv.line (List.map fst columns))

            for i in 0 .. (snd columns.Head).Length - 1 do
                writer.WriteLine(Csv.line [ for _, texts in columns -> texts[i] ]))

    /// Writes a table, its missing values as empty cells.
    let write (path: string) (table: Table) : unit =
        writeColumns path [ for column in table.Schema.Columns -> column.Name, Table.texts column.Name table ]
