namespace Vae.Benchmarks.Commands

open System
open System.CommandLine
open TorchSharp
open Vae.Benchmarks

/// What the program does where it is told nothing else.
[<RequireQualifiedAccess>]
module CompareCommand =
    let create () =
        let only, asJson = CommandLine.only (), CommandLine.json ()
        let rounds = CommandLine.number "--rounds" "Rounds of each side" 1 20

        let root =
            RootCommand "The library's training step against a hand-written TorchSharp loop, alternately in one process"

        root.Options.Add only
        root.Options.Add rounds
        root.Options.Add asJson

        root.SetAction(fun parsed ->
            Vae.Core.Native.load ()

            let comparisons =
                CommandLine.chosen only parsed |> List.map (Comparison.run (parsed.GetRequiredValue rounds))

            CommandLine.show (parsed.GetRequiredValue asJson) comparisons (fun comparisons ->
                let peak = Arithmetic.measuredPeak () / 1e9
                Console.Out.WriteLine $"%d{torch.get_num_threads ()} threads, float32 matrix peak %.0f{peak} GFLOP/s"
                List.map Report.table comparisons))

        root
