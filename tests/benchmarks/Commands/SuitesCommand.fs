namespace Vae.Benchmarks.Commands

open System.CommandLine
open BenchmarkDotNet.Running
open Vae.Benchmarks.Suites

[<RequireQualifiedAccess>]
module SuitesCommand =
    let create () =
        let command =
            Command(
                "suites",
                "BenchmarkDotNet's suites of single operations; what follows is for BenchmarkDotNet, such as --filter '*Kl*' or --list flat"
            )

        command.TreatUnmatchedTokensAsErrors <- false

        command.SetAction(fun parsed ->
            BenchmarkSwitcher.FromAssembly(typeof<Suite>.Assembly).Run(Seq.toArray parsed.UnmatchedTokens)
            |> ignore)

        command
