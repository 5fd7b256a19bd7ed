module Vae.Benchmarks.Program

open System
open System.CommandLine
open Spectre.Console
open TorchSharp

let private workload name = Workload.all |> List.find (fun w -> w.Name = name)

let private compare () =
    let only = Option<string[]>("--only", Description = "Workloads: dense, convolutional")

    let rounds =
        Option<int>("--rounds", Description = "Rounds of each side", DefaultValueFactory = fun _ -> 20)

    let asJson = Option<bool>("--json", Description = "Print JSON", DefaultValueFactory = fun _ -> false)

    let root =
        RootCommand "The library's training step against a hand-written TorchSharp loop, alternately in one process"

    root.Options.Add only
    root.Options.Add rounds
    root.Options.Add asJson
    only.AcceptOnlyFromAmong [| for w in Workload.all -> w.Name |] |> ignore

    root.SetAction(fun parsed ->
        Vae.Core.Native.load ()

        let chosen =
            match parsed.GetValue only with
            | null
            | [||] -> Workload.all
            | names -> names |> Array.map workload |> Array.toList

        let comparisons = chosen |> List.map (Comparison.run (parsed.GetRequiredValue rounds))

        if parsed.GetRequiredValue asJson then
            Console.Out.WriteLine(Report.json comparisons)
        else
            let peak = Arithmetic.measuredPeak () / 1e9
            Console.Out.WriteLine $"%d{torch.get_num_threads ()} threads, float32 matrix peak %.0f{peak} GFLOP/s"

            for comparison in comparisons do
                AnsiConsole.Write(Report.table comparison))

    root

[<EntryPoint>]
let main arguments =
    match arguments with
    | [| "alone"; side; name; steps |] ->
        Console.Out.Write(
            (Comparison.alone (Side.all |> List.find (fun s -> s.Name = side)) (workload name) (int steps))
                .ToString(Globalization.CultureInfo.InvariantCulture)
        )

        0
    | _ -> compare().Parse(arguments).Invoke()
