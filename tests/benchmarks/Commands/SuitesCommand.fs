namespace Vae.Benchmarks.Commands

open System
open System.CommandLine
open System.IO
open BenchmarkDotNet.Configs
open BenchmarkDotNet.Reports
open BenchmarkDotNet.Running
open Vae.Benchmarks.Suites

[<RequireQualifiedAccess>]
module SuitesCommand =
    /// Reports go beside the program, not into the folder that it is called from, and say pairs of laws in full.
    let private config =
        DefaultConfig.Instance
            .WithArtifactsPath(Path.Combine(AppContext.BaseDirectory, "suites"))
            .WithSummaryStyle(SummaryStyle.Default.WithMaxParameterColumnWidth 40)

    let create () =
        let command =
            Command(
                "suites",
                "BenchmarkDotNet's suites of single operations, run from within the clone; what follows is for BenchmarkDotNet, such as --filter '*Kl*' or --list flat"
            )

        command.TreatUnmatchedTokensAsErrors <- false

        command.SetAction(fun parsed ->
            let summaries =
                BenchmarkSwitcher.FromAssembly(typeof<Suite>.Assembly).Run(Seq.toArray parsed.UnmatchedTokens, config)

            if summaries |> Seq.collect _.Reports |> Seq.forall _.Success then 0 else 1)

        command
