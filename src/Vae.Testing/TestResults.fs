namespace Vae.Testing

open System
open Expecto
open Expecto.Impl

/// What became of one test.
type TestResult = {
    Name: string
    /// None where it passed.
    Failure: string option
}

[<RequireQualifiedAccess>]
module TestResults =
    /// Runs tests one by one, without a runner: for pages and for tests of tests. Those that are left out are not run.
    let run (test: Test) : TestResult list =
        Test.toTestCodeList test
        |> List.choose (fun flat ->
            let name = flat.name |> List.last

            match flat.test, flat.state with
            | _, FocusState.Pending -> None
            | Sync run, _ ->
                try
                    run ()
                    Some { Name = name; Failure = None }
                with e ->
                    Some { Name = name; Failure = Some e.Message }
            | _ -> None)

    /// The tests that failed.
    let failures (test: Test) : TestResult list = run test |> List.filter _.Failure.IsSome
