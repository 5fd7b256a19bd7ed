/// The files of a run folder that the command reads beside the model, nearly what they should be.
module Vae.Cli.Tests.FuzzTests

open System
open System.IO
open Expecto
open Vae.Core.Tests.Fuzzing
open VaeFunctional.Cli
open VaeFunctional.Cli.Runs

let tests =
    testList "Fuzzing" [
        test "run.json is read, or refused in a line" {
            Studies.withRun (fun _ path ->
                let run = RunFolder.Open path
                let sound = File.ReadAllBytes run.Record
                let mutable refused = 0

                for seed in 1..1000 do
                    File.WriteAllBytes(run.Record, Mutation.mutate (Random seed) sound)

                    try
                        RunRecord.Read run |> ignore
                    with
                    | :? UserException as error ->
                        refused <- refused + 1
                        Expect.isFalse (error.Message.Contains '\n' && error.Message.Length > 2000) $"seed %d{seed}"
                    | error -> failtest $"seed %d{seed}: %O{error}"

                Expect.isTrue (refused > 0 && refused < 1000) $"%d{refused} of 1000 are refused")
        }

        test "metrics.csv is read whatever it holds" {
            Studies.withRun (fun _ path ->
                let run = RunFolder.Open path
                let sound = File.ReadAllBytes run.Metrics
                use model = VaeFunctional.VaeModel.Load path

                for seed in 1..1000 do
                    File.WriteAllBytes(run.Metrics, Mutation.mutate (Random seed) sound)
                    let struct (seconds, images) = MetricsFile.Work(run, model.History)
                    Expect.isTrue (Double.IsFinite seconds && Double.IsFinite images) $"seed %d{seed}"
                    MetricsFile.Complete(run, model.History))
        }
    ]
