namespace Vae.Benchmarks.Imputation

open System
open TorchSharp
open Vae.Core
open Vae.Tables

/// A way to fill the holes of a table: numbers of its columns by their names, those that were there among them.
type Filling = { Name: string; Fill: int -> Table -> Map<string, float[]> }

[<RequireQualifiedAccess>]
module Filling =
    let internal isLevels (column: Column) = not (Column.levels column).IsEmpty

    /// The most frequent of a column's levels.
    let private mode (numbers: float[]) : float =
        numbers |> Array.filter (Double.IsNaN >> not) |> Array.countBy id |> Array.maxBy snd |> fst

    let private mean (numbers: float[]) : float = numbers |> Array.filter (Double.IsNaN >> not) |> Array.average

    /// A column's mean, or its most frequent level.
    let means: Filling = {
        Name = "mean"
        Fill =
            fun _ table ->
                Map [
                    for column in table.Schema.Columns do
                        let numbers = Table.numbers column.Name table
                        let other = if isLevels column then mode numbers else mean numbers
                        column.Name, numbers |> Array.map (fun x -> if Double.IsNaN x then other else x)
                ]
    }

    /// How often every column is told anew by the others.
    let private rounds = 10

    /// A column as numbers of a regression: standardized, or a 0 or 1 for each level.
    let private design (column: Column) (numbers: float[]) : float[][] =
        if isLevels column then
            [|
                for level in 0 .. (Column.levels column).Length - 1 ->
                    numbers |> Array.map (fun x -> if x = float level then 1.0 else 0.0)
            |]
        else
            let centre = Array.average numbers
            let scale = sqrt (numbers |> Array.averageBy (fun x -> (x - centre) ** 2.0))
            [| numbers |> Array.map (fun x -> (x - centre) / (if scale > 0.0 then scale else 1.0)) |]

    /// The linear regression of each column on the others, by the rows in which it is there; what is missing of the others is at first their
    /// mean and then what their own regressions say (S. van Buuren, "Flexible Imputation of Missing Data", 2018, section 4.5, without
    /// its noise). Of levels the one with the largest of the regressions of each.
    let regressions: Filling = {
        Name = "linear regression"
        Fill =
            fun seed table ->
                use _ = torch.NewDisposeScope()
                let there = Map [ for c in table.Schema.Columns -> c.Name, Table.numbers c.Name table ]
                let mutable filled = means.Fill seed table

                for _ in 1..rounds do
                    for column in table.Schema.Columns do
                        use _ = torch.NewDisposeScope()

                        let others = [|
                            for c in table.Schema.Columns do
                                if c.Name <> column.Name then
                                    yield! design c filled[c.Name]
                            Array.create table.Rows 1.0
                        |]

                        let tensor (columns: float[][]) =
                            torch.tensor(Array.concat columns).reshape(int64 columns.Length, int64 table.Rows).t()

                        let known = there[column.Name]
                        let isKnown = torch.tensor (known |> Array.map (Double.IsNaN >> not))

                        let target = if isLevels column then tensor (design column known) else tensor [| known |]

                        let x = tensor others
                        let rows = isKnown.nonzero().flatten()
                        let a, b = x.index_select (0L, rows), target.index_select (0L, rows)
                        // A little of a ridge, so that columns that say the same are no singular matrix.
                        let ridge =
                            torch.eye (x.shape[1], dtype = torch.ScalarType.Float64) * (1e-6 * float rows.shape[0])

                        let weights = torch.linalg.solve (a.t().matmul(a) + ridge, a.t().matmul(b))
                        let told = x.matmul weights

                        let told =
                            if isLevels column then
                                told.argmax(1L).to_type torch.ScalarType.Float64
                            else
                                told.squeeze 1L

                        let told = Tensor.toArray told

                        filled <-
                            filled
                            |> Map.add
                                column.Name
                                (Array.map2 (fun was is -> if Double.IsNaN was then is else was) known told)

                filled
    }

    /// The library's model of the table's own rows, by its defaults.
    let model: Filling = {
        Name = "VAE"
        Fill =
            fun seed table ->
                use run = TableRun.fit { TableOptions.defaults with Seed = seed } table
                let filled = (TableRun.impute 200 run table).Table
                Map [ for c in table.Schema.Columns -> c.Name, Table.numbers c.Name filled ]
    }

    let all = [ means; regressions; model ]
