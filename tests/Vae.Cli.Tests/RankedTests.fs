module Vae.Cli.Tests.RankedTests

open System.IO
open System.Threading.Tasks
open Expecto
open VaeFunctional.Cli

/// What a rank writes whose command writes and ends with a code.
let private written rank code =
    use output = new StringWriter()
    use error = new StringWriter()

    let command (out: TextWriter) (err: TextWriter) =
        out.Write "result"
        err.Write "vae: failure\n"
        Task.FromResult code

    let answered = Ranked.RunAsync(rank, output, error, command).GetAwaiter().GetResult()
    answered, output.ToString(), error.ToString()

let tests =
    testList "Ranked" [
        test "the first rank, and a process alone, speaks" {
            Expect.equal (written 0 0) (0, "result", "vae: failure\n") "success"
            Expect.equal (written 0 1) (1, "result", "vae: failure\n") "failure"
        }

        test "another rank speaks of its failure only" {
            Expect.equal (written 2 0) (0, "", "") "success"
            Expect.equal (written 2 70) (70, "", "rank 2: vae: failure\n") "failure"
        }
    ]
