namespace Vae.Benchmarks.Imputation

open System
open System.IO
open Vae.Core
open Vae.Tables

/// A table without holes, and the same with cells removed at random.
type HoledTable = { Name: string; Whole: Table; Holed: Table }

[<RequireQualifiedAccess>]
module HoledTable =
    /// Rows of a table that are used at most.
    let private most = 10_000

    /// The table of a file whose every cell is there: of an archive of ADBench the columns of X as numbers, of others the columns as
    /// they look. Constant columns are left out.
    let whole (path: string) : Table =
        let table =
            if Path.GetExtension path = ".npz" then
                (Table.load path).Schema.Columns
                |> List.filter (fun column -> column.Name <> "y")
                |> List.map (fun column -> Column.create column.Name ColumnKind.Real)
                |> Schema.create
                |> fun schema -> Table.loadAs schema path
            else
                Table.load path

        let columns = Schema.modelled table.Schema |> List.map (fun column -> Table.numbers column.Name table)

        let there =
            Key.permutation table.Rows (Key.ofSeed 0)
            |> Array.filter (fun i -> columns |> List.forall (fun numbers -> not (Double.IsNaN numbers[i])))
            |> Array.truncate most

        let table = Table.pick there table

        let varies (column: Column) =
            let numbers = Table.numbers column.Name table
            numbers |> Array.exists (fun x -> x <> numbers[0])

        let kept = Schema.modelled table.Schema |> List.filter varies

        Table.ofColumnsBy (Schema.create kept) table.Name [
            for c in kept -> c.Name, Cells.Texts(Table.texts c.Name table)
        ]

    /// A share of the cells removed at random, by a seed.
    let remove (share: float) (seed: int) (table: Table) : HoledTable =
        let key = Key.ofSeed seed |> Key.foldName "cells"

        let holed (j: int) (column: Column) =
            let key = Key.fold j key
            let cells = Table.texts column.Name table
            let left = cells |> Array.mapi (fun i cell -> if Key.unitAt (int64 i) key < share then "" else cell)
            column.Name, Cells.Texts left

        {
            Name = table.Name
            Whole = table
            Holed = Table.ofColumnsBy table.Schema table.Name (table.Schema.Columns |> List.mapi holed)
        }
