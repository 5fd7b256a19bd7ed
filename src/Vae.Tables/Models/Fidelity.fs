namespace Vae.Tables

open System
open Vae.Core

/// How far a column of one table is from the same column of another: 0 where values stand there equally often, 1 at most.
[<NoComparison; ReferenceEquality>]
type ColumnFidelity = {
    Column: string
    /// Of numbers the Kolmogorov-Smirnov distance, the largest difference of the distribution functions; of levels the total
    /// variation, half the sum of the differences of their shares. NaN where one of the tables has no value.
    Distance: float
}

/// How like the rows that a model draws are to those that it was trained on.
[<NoComparison; ReferenceEquality>]
type Fidelity = {
    Columns: ColumnFidelity list
    /// Pairs of columns with their correlations in the data and in the samples, those that both have.
    Correlations: (string * string * float * float) list
    /// The median distance from a sample to its nearest training row, by that from a row that was held back. About 1 of new rows
    /// of the same kind; far below 1 where training rows are copied.
    NearestRatio: float
}

/// Measures of rows that a model draws.
[<RequireQualifiedAccess>]
module Fidelity =
    let private there (numbers: float[]) = numbers |> Array.filter (Double.IsNaN >> not)

    let private isLevels (column: Column) = not (Column.levels column).IsEmpty

    /// sup |F - G| of two samples' distribution functions (Kolmogorov, 1933; Smirnov, 1948).
    let internal kolmogorovSmirnov (a: float[]) (b: float[]) : float =
        let a, b = Array.sort a, Array.sort b
        let mutable i, j = 0, 0
        let mutable distance = 0.0

        while i < a.Length && j < b.Length do
            let x = min a[i] b[j]

            while i < a.Length && a[i] = x do
                i <- i + 1

            while j < b.Length && b[j] = x do
                j <- j + 1

            distance <- max distance (abs (float i / float a.Length - float j / float b.Length))

        distance

    let internal totalVariation (a: float[]) (b: float[]) : float =
        let shares (values: float[]) =
            values
            |> Array.countBy id
            |> Array.map (fun (x, n) -> x, float n / float values.Length)
            |> Map.ofArray

        let a, b = shares a, shares b
        let share x = Map.tryFind x >> Option.defaultValue 0.0
        let values = Set.union (Set.ofSeq a.Keys) (Set.ofSeq b.Keys)
        (values |> Seq.sumBy (fun x -> abs (share x a - share x b))) / 2.0

    let private ofColumn (data: Table) (samples: Table) (column: Column) : ColumnFidelity =
        let a, b = there (Table.numbers column.Name data), there (Table.numbers column.Name samples)
        let distance = if isLevels column then totalVariation else kolmogorovSmirnov

        {
            Column = column.Name
            Distance = (if a.Length = 0 || b.Length = 0 then nan else distance a b)
        }

    /// Pearson's correlation over the rows that have both; None where one does not vary.
    let private correlation (a: float[]) (b: float[]) : float option =
        let pairs = Array.zip a b |> Array.filter (fun (x, y) -> not (Double.IsNaN x || Double.IsNaN y))

        if pairs.Length < 3 then
            None
        else
            let a, b = Array.map fst pairs, Array.map snd pairs

            let centered (values: float[]) =
                let mean = Array.average values
                values |> Array.map (fun x -> x - mean)

            let a, b = centered a, centered b
            let product = Array.fold2 (fun sum x y -> sum + x * y) 0.0
            let scale = sqrt (product a a * product b b)
            if scale > 0.0 then Some(product a b / scale) else None

    /// Columns whose numbers have an order, those of levels without one left out.
    let private ordered (schema: Schema) =
        Schema.modelled schema
        |> List.filter (fun column ->
            match column.Kind with
            | ColumnKind.Category _ -> false
            | _ -> true)
        |> List.map _.Name

    let private correlations (data: Table) (samples: Table) =
        let names = ordered data.Schema |> List.truncate 60
        let numbers table = names |> List.map (fun name -> Table.numbers name table) |> List.toArray
        let ofData, ofSamples = numbers data, numbers samples

        [
            for i in 0 .. names.Length - 1 do
                for j in i + 1 .. names.Length - 1 do
                    match correlation ofData[i] ofData[j], correlation ofSamples[i] ofSamples[j] with
                    | Some a, Some b -> names[i], names[j], a, b
                    | _ -> ()
        ]

    /// Rows by columns as numbers that Gower's distance is of: those of a column without levels by the range that they have in the
    /// reference (J. C. Gower, "A general coefficient of similarity and some of its properties", 1971, section 3).
    let private gower (reference: Table) : (Table -> float[][]) * bool[] =
        let columns = Schema.modelled reference.Schema |> List.toArray

        let scales =
            columns
            |> Array.map (fun column ->
                let numbers = there (Table.numbers column.Name reference)

                if isLevels column || numbers.Length = 0 then
                    1.0
                else
                    match Array.max numbers - Array.min numbers with
                    | 0.0 -> 1.0
                    | range -> range)

        let rows table =
            Array.map2
                (fun (column: Column) (scale: float) ->
                    Table.numbers column.Name table |> Array.map (fun x -> x / scale))
                columns
                scales
            |> Array.transpose

        rows, Array.map isLevels columns

    /// The distance from a row to the nearest of others, over the values that both have.
    let private nearest (levels: bool[]) (others: float[][]) (row: float[]) : float =
        let mutable best = infinity

        for other in others do
            let mutable sum = 0.0
            let mutable count = 0

            for j in 0 .. row.Length - 1 do
                let difference = abs (row[j] - other[j])

                if not (Double.IsNaN difference) then
                    count <- count + 1
                    sum <- sum + (if levels[j] then (if difference > 0.0 then 1.0 else 0.0) else difference)

            if count > 0 then
                best <- min best (sum / float count)

        best

    let private median (values: float[]) = (Array.sort values)[values.Length / 2]

    /// Rows that are looked at, at most: of samples and of rows held back, and of training rows.
    let private most, private mostTraining = 500, 5000

    let private nearestRatio (training: Table) (held: Table) (samples: Table) : float =
        let some count (table: Table) =
            if table.Rows <= count then
                table
            else
                Table.pick (Key.permutation table.Rows (Key.ofSeed 0) |> Array.truncate count) table

        let rows, levels = gower training
        let known = rows (some mostTraining training)
        let far table = rows (some most table) |> Array.map (nearest levels known) |> median
        let ofHeld = far held
        let ofSamples = far samples

        if ofHeld > 0.0 then
            ofSamples / ofHeld
        else
            (if ofSamples = 0.0 then 1.0 else infinity)

    /// How like samples are to a model's rows: those that it was trained on, and those that were held back.
    let measure (training: Table) (held: Table) (samples: Table) : Fidelity = {
        Columns = Schema.modelled training.Schema |> List.map (ofColumn training samples)
        Correlations = correlations training samples
        NearestRatio = nearestRatio training held samples
    }
