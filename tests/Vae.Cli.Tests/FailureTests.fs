module Vae.Cli.Tests.FailureTests

open System
open System.IO
open Expecto
open VaeFunctional.Cli

let private report (failure: exn) verbose =
    use error = new StringWriter()
    let code = Failure.Report(failure, error, verbose)
    code, error.ToString()

/// An exception as it is once it was thrown, with a trace.
let private thrown (failure: exn) =
    try
        raise failure
    with caught ->
        caught

let tests =
    testList "Failure" [
        test "a fault is told in a line, and answered with 70" {
            let code, said = report (thrown (InvalidOperationException "the sky fell")) false
            Expect.equal code 70 "exit code"

            Expect.equal
                said
                $"vae: a fault of this program: the sky fell; --verbose shows where%s{Environment.NewLine}"
                "said"
        }

        test "a fault's trace is shown only when asked for" {
            let _, said = report (thrown (InvalidOperationException "the sky fell")) true
            Expect.stringContains said "   at " "trace"
        }

        test "what the user can put right is a line, and answered with 1" {
            let code, said = report (thrown (UserException "no such folder")) false
            Expect.equal (code, said) (1, $"vae: no such folder%s{Environment.NewLine}") "said"
        }

        test "messages of several lines become one" {
            let _, said = report (IOException "failed:\n  first\r\n  second\n") false
            Expect.equal said $"vae: failed: first; second%s{Environment.NewLine}" "said"
        }

        test "names steer no terminal" {
            let _, said = report (IOException "no \u001b[2Jfile\u009b5n") true
            Expect.isFalse (said.Replace("\n", "").Replace("\r", "") |> String.exists Char.IsControl) said
            Expect.stringContains said "no \\u001b[2Jfile\\u009b5n" "their codes are shown"
            Cli.refused 2 [ "\\u001b[2J" ] [ "\u001b[2J" ]
            Cli.refused 1 [ "\\u001b[2J" ] [ "evaluate"; "\u001b[2J" ]
        }

        test "an interruption is answered as shells have it" {
            Expect.equal (fst (report (OperationCanceledException()) false)) 130 "exit code"
        }
    ]
