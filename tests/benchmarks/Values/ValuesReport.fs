namespace Vae.Benchmarks.Values

open System
open Spectre.Console
open Vae.Benchmarks

[<RequireQualifiedAccess>]
module ValuesReport =
    let table (c: ValuesComparison) =
        let table = Table().Title($"%s{c.Workload}, batch %d{Workload.batchSize}")

        for column in [ "a step"; "by formulas"; "by laws"; "laws cost" ] do
            table.AddColumn column |> ignore

        let number = Report.number
        let row (cells: string list) = table.AddRow(List.toArray cells) |> ignore

        row [
            "milliseconds, median"
            number 3 c.FormulasMilliseconds
            number 3 c.LawsMilliseconds
            $"%s{number 2 c.CostPercent} %%"
        ]

        row [
            "between quartiles"
            number 3 c.FormulasSpread
            number 3 c.LawsSpread
            $"%s{number 2 c.CostSpread} %%"
        ]

        row [ "managed bytes allocated"; number 0 c.FormulasAllocatedBytes; number 0 c.LawsAllocatedBytes; "" ]

        row [
            "losses differ by"
            ""
            ""
            c.LossDifference.ToString("E1", Globalization.CultureInfo.InvariantCulture)
        ]

        table
