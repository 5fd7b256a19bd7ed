namespace Vae.Benchmarks.Imputation

open System
open System.Diagnostics
open System.Collections.Concurrent
open Vae.Benchmarks
open Vae.Core
open Vae.Tables

type ImputationOptions = { Files: string list; Seeds: int; Share: float }

/// Errors of a way to fill the holes of a table, with their deviations among the seeds.
type FillingErrors = {
    Filling: string
    /// Of numbers in units of their column's standard deviation: the root of the mean square over the removed cells.
    Numbers: float
    NumbersDeviation: float
    /// Of levels, the share that is another; none in a table without levels.
    Levels: float option
}

type TableErrors = {
    Table: string
    Rows: int
    Columns: int
    Errors: FillingErrors list
    /// The model's error of numbers by the mean's and by the regressions'.
    ByMean: float
    ByRegression: float
}

type ImputationErrors = { Tables: TableErrors list; Seconds: float }

[<RequireQualifiedAccess>]
module ImputationErrors =
    /// The root mean square error of numbers, and the share of levels that are another, over removed cells.
    let private errors (holed: HoledTable) (filled: Map<string, float[]>) : float * float option =
        let cells = [
            for column in holed.Whole.Schema.Columns do
                let was, there = Table.numbers column.Name holed.Whole, Table.numbers column.Name holed.Holed
                let centre = Array.average was
                let scale = sqrt (was |> Array.averageBy (fun x -> (x - centre) ** 2.0))

                for i in 0 .. was.Length - 1 do
                    if Double.IsNaN there[i] then
                        let is = filled[column.Name][i]

                        if Filling.isLevels column then
                            true, (if is = was[i] then 0.0 else 1.0)
                        else
                            false, ((is - was[i]) / scale) ** 2.0
        ]

        let levels, numbers = cells |> List.partition fst

        sqrt (numbers |> List.averageBy snd), (if levels.IsEmpty then None else Some(List.averageBy snd levels))

    /// The errors of every table, as many at once as there are processors, by a thread each.
    let measure (options: ImputationOptions) (told: string -> unit) : ImputationErrors =
        Native.load ()
        let watch = Stopwatch.StartNew()
        let tables = options.Files |> List.map HoledTable.whole
        let found = ConcurrentDictionary<string * int * string, float * float option>()

        let jobs = [
            for seed in 0 .. options.Seeds - 1 do
                for table in tables do
                    for filling in Filling.all -> table, seed, filling
        ]

        let run (table: Table, seed, filling: Filling) =
            let holed = HoledTable.remove options.Share seed table
            let numbers, levels = errors holed (filling.Fill seed holed.Holed)
            found[(table.Name, seed, filling.Name)] <- (numbers, levels)
            told $"%s{table.Name}, seed %d{seed}: %s{filling.Name} %.3f{numbers}"

        SideBySide.run run jobs

        let ofTable (table: Table) =
            let ofFilling (filling: Filling) =
                let seeds = [ for seed in 0 .. options.Seeds - 1 -> found[(table.Name, seed, filling.Name)] ]
                let mean, deviation = seeds |> List.map fst |> SideBySide.moments

                {
                    Filling = filling.Name
                    Numbers = mean
                    NumbersDeviation = deviation
                    Levels =
                        if (snd seeds.Head).IsNone then
                            None
                        else
                            Some(seeds |> List.averageBy (snd >> Option.get))
                }

            let errors = Filling.all |> List.map ofFilling
            let of' (filling: Filling) = (errors |> List.find (fun e -> e.Filling = filling.Name)).Numbers

            {
                Table = table.Name
                Rows = table.Rows
                Columns = table.Schema.Columns.Length
                Errors = errors
                ByMean = of' Filling.model / of' Filling.means
                ByRegression = of' Filling.model / of' Filling.regressions
            }

        { Tables = tables |> List.map ofTable; Seconds = watch.Elapsed.TotalSeconds }
