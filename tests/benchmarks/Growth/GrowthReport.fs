namespace Vae.Benchmarks.Growth

open Spectre.Console
open Vae.Benchmarks

/// All that was measured of how cost grows; a part that was not asked for is empty.
type Growth = {
    StepTimes: StepTimes list
    Memory: Memory list
    StartUp: Stage list
    ImportanceSampling: SamplingMemory list
}

[<RequireQualifiedAccess>]
module GrowthReport =
    let private table (title: string) (columns: string list) (rows: string list list) =
        let table = Table().Title title

        for column in columns do
            table.AddColumn column |> ignore

        for row in rows do
            table.AddRow(List.toArray row) |> ignore

        table

    let private number = Report.number

    let private stepTimes (measured: StepTimes) =
        table $"%s{measured.Workload}: time grows as batch to the power of %s{number 2 measured.Exponent}" [
            "batch"
            "a step, ms"
            "between quartiles"
            "over twice the half"
        ] [
            for t in measured.Times ->
                [
                    number 0 (float t.Batch)
                    number 2 t.Milliseconds
                    number 2 t.Spread
                    if t.OverTwiceTheHalf.HasValue then number 3 t.OverTwiceTheHalf.Value else ""
                ]
        ]

    let private memory (measured: Memory list) =
        table "resident memory of a training, MB" [
            "net"
            "steps"
            "highest of steps 500-1,000"
            "highest of the last 500"
            "growth"
        ] [
            for m in measured ->
                [
                    m.Workload
                    number 0 (float m.Steps)
                    number 1 m.FirstMegabytes
                    number 1 m.LastMegabytes
                    $"%s{number 2 m.GrowthPercent} %%"
                ]
        ]

    let private startUp (stages: Stage list) =
        table "start-up, seconds from before the process" [ "reached"; "median"; "between quartiles" ] [
            for s in stages -> [ s.Reached; number 2 s.Seconds; number 2 s.Spread ]
        ]

    let private sampling (measured: SamplingMemory list) =
        table "importance sampling of 100 images" [ "net"; "draws for each"; "peak memory, MB"; "seconds" ] [
            for s in measured ->
                [ s.Workload; number 0 (float s.Samples); number 0 s.PeakMegabytes; number 1 s.Seconds ]
        ]

    /// A table for each part that was measured.
    let tables (growth: Growth) : Table list = [
        yield! List.map stepTimes growth.StepTimes

        if not growth.Memory.IsEmpty then
            memory growth.Memory

        if not growth.StartUp.IsEmpty then
            startUp growth.StartUp

        if not growth.ImportanceSampling.IsEmpty then
            sampling growth.ImportanceSampling
    ]
