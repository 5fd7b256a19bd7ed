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
        table.AddColumn "a step" |> ignore

        for side in c.Sides do
            table.AddColumn side.Side |> ignore

        let row (name: string) (show: Measured -> string) =
            table.AddRow(name :: List.map show c.Sides |> List.toArray) |> ignore

        row "milliseconds, median" (fun s -> number 2 s.Milliseconds)
        row "between quartiles" (fun s -> number 2 s.Spread)
        row "times as fast as plain" (fun s -> number 2 s.Ratio)
        row "between quartiles" (fun s -> number 2 s.RatioSpread)
        row "images a second" (fun s -> number 0 s.ImagesPerSecond)
        row "of the matrix peak" (fun s -> $"%s{number 0 (100.0 * s.FractionOfPeak)} %%")
        row "managed bytes allocated" (fun s -> number 0 s.AllocatedBytes)
        row "peak memory, MB" (fun s -> number 0 s.PeakMegabytes)

        row "losses differ by" (fun s -> s.LossDifference.ToString("E1", Globalization.CultureInfo.InvariantCulture))

        table
