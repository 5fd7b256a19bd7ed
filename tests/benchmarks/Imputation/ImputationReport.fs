namespace Vae.Benchmarks.Imputation

open Spectre.Console
open Vae.Benchmarks

[<RequireQualifiedAccess>]
module ImputationReport =
    let tables (options: ImputationOptions) (measured: ImputationErrors) : Table list =
        let share = Report.number 0 (100.0 * options.Share)
        let table = Table().Title $"Errors of %s{share} %% of the cells, removed at random and filled again"
        table.AddColumn "table" |> ignore
        Filling.all |> List.iter (fun filling -> table.AddColumn filling.Name |> ignore)
        table.AddColumn "VAE by mean" |> ignore
        table.AddColumn "VAE by regression" |> ignore

        for found in measured.Tables do
            let cell (errors: FillingErrors) =
                let levels =
                    errors.Levels
                    |> Option.map (fun share -> $"; levels %s{Report.number 1 (100.0 * share)} %%")
                    |> Option.defaultValue ""

                $"%s{Report.number 3 errors.Numbers} (%s{Report.number 3 errors.NumbersDeviation})%s{levels}"

            table.AddRow [|
                found.Table
                yield! found.Errors |> List.map cell
                Report.number 2 found.ByMean
                Report.number 2 found.ByRegression
            |]
            |> ignore

        [
            table.Caption(
                $"root mean squares in standard deviations of a column, and the share of levels that are another: means over %d{options.Seeds} seeds (deviation among them), in %s{Report.number 0 measured.Seconds} s"
            )
        ]
