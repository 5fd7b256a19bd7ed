namespace Vae.Tables

open System.IO

/// Files of tables, whatever they are written in.
[<RequireQualifiedAccess>]
module internal Files =
    /// The table that a file's ending says it is: .npy, .npz, .parquet, .arrow, .feather, .ipc, or text.
    let source (options: CsvOptions) (path: string) : TableSource =
        match (Path.GetExtension path |> Option.ofObj |> Option.defaultValue "").ToLowerInvariant() with
        | ".npy" -> Arrays.ofNpy path
        | ".npz" -> Arrays.ofNpz path
        | ".parquet" -> ParquetFile.source path
        | ".arrow"
        | ".feather"
        | ".ipc" -> ArrowFile.source path
        | _ -> Csv.source options path
        |> TableSource.checkNames
