namespace Vae.Benchmarks

open System
open System.Text.Json
open Spectre.Console

/// Comparisons for people and for machines.
[<RequireQualifiedAccess>]
module Report =
    let json (measured: 'a) =
        JsonSerializer.Serialize(
            measured,
            JsonSerializerOptions(WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase)
        )

    let number digits (value: float) = value.ToString($"N%d{digits}", Globalization.CultureInfo.InvariantCulture)

    let table (c: Comparison) =
        let table = Table().Title($"%s{c.Workload}, batch %d{Workload.batchSize}")

        for column in [ "a step"; "plain TorchSharp"; "VaeFunctional"; "ratio" ] do
            table.AddColumn column |> ignore

        let row (name: string) (of': Side -> string) (ratio: string) =
            table.AddRow(name, of' c.Plain, of' c.Library, ratio) |> ignore

        row "milliseconds, median" (fun s -> number 2 s.Milliseconds) $"%s{number 2 c.Ratio} times as fast"
        row "between quartiles" (fun s -> number 2 s.Spread) (number 2 c.RatioSpread)
        row "images a second" (fun s -> number 0 s.ImagesPerSecond) ""
        row "of the matrix peak" (fun s -> $"%s{number 0 (100.0 * s.FractionOfPeak)} %%") ""
        row "managed bytes allocated" (fun s -> number 0 s.AllocatedBytes) ""
        row "peak memory, MB" (fun s -> number 0 s.PeakMegabytes) ""

        row
            "losses differ by"
            (fun _ -> "")
            (c.LossDifference.ToString("E1", Globalization.CultureInfo.InvariantCulture))

        table
