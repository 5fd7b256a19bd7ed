namespace Vae.Benchmarks.Anomalies

open System
open System.IO
open Vae.Core
open Vae.Tables

/// Rows of numbers, and which are anomalies.
type AnomalySet = { Name: string; Rows: float[][]; IsAnomaly: bool[] }

/// Which rows train and which test.
type Split = { Training: int[]; Test: int[] }

/// What is known of the rows that train.
[<RequireQualifiedAccess>]
type Setting =
    /// Half of the normal rows train; the other half and all anomalies test.
    | SemiSupervised
    /// A bootstrap sample of all rows trains, and all rows test.
    | Unsupervised

[<RequireQualifiedAccess>]
module AnomalySet =
    /// Rows of a set that are used at most.
    let private most = 50_000

    /// What a set is called: its archive's name without the ending.
    let nameOf (path: string) : string = Path.GetFileNameWithoutExtension path |> string

    /// Whether a set's name begins with these words.
    let isCalled (path: string) (words: string) : bool = (nameOf path).StartsWith(words, StringComparison.Ordinal)

    /// The number that a set's name begins with, by which ADBench orders them.
    let private number (path: string) =
        match Int32.TryParse(((nameOf path).Split '_')[0]) with
        | true, number -> number
        | _ -> Int32.MaxValue

    /// The archives of a folder, in the order of their numbers.
    let files (folder: string) : string list =
        Directory.GetFiles(folder, "*.npz") |> Array.sortBy (fun path -> number path, path) |> Array.toList

    /// The set of an archive: `X`, rows by columns, and `y`, 1 for an anomaly.
    let read (path: string) : AnomalySet =
        let names = (Table.infer path).Schema.Columns |> List.map _.Name
        let schema = names |> List.map (fun name -> Column.create name ColumnKind.Real) |> Schema.create
        let table = Table.loadAs schema path

        let kept =
            if table.Rows <= most then
                Array.init table.Rows id
            else
                Key.permutation table.Rows (Key.ofSeed 0) |> Array.truncate most

        let columns = [|
            for name in names do
                if name <> "y" then
                    Table.numbers name table
        |]

        let labels = Table.numbers "y" table

        {
            Name = nameOf path
            Rows = kept |> Array.map (fun i -> columns |> Array.map (fun column -> column[i]))
            IsAnomaly = kept |> Array.map (fun i -> labels[i] = 1.0)
        }

    /// The split of a set by a seed.
    let split (setting: Setting) (seed: int) (set: AnomalySet) : Split =
        let key = Key.ofSeed seed |> Key.foldName "split"
        let count = set.Rows.Length

        match setting with
        | Setting.SemiSupervised ->
            let normal = Key.permutation count key |> Array.filter (fun i -> not set.IsAnomaly[i])
            let anomalies = Array.init count id |> Array.filter (fun i -> set.IsAnomaly[i])
            let training, rest = Array.splitAt (normal.Length / 2) normal
            { Training = training; Test = Array.append rest anomalies }
        | Setting.Unsupervised -> {
            Training = Array.init count (fun i -> min (count - 1) (int (float count * Key.unitAt (int64 i) key)))
            Test = Array.init count id
          }
