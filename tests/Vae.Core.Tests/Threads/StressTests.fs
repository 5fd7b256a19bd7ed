module Vae.Core.Tests.Threads.StressTests

open System
open Expecto

let tests =
    testList "Side by side" [
        testCase "eight threads compute what one does while the garbage collector runs"
        <| fun () ->
            let jobs = Stress.kinds |> List.collect (fun (_, make) -> make ())
            let outcome = Stress.run 8 (TimeSpan.FromSeconds 5.0) jobs
            Expect.isGreaterThanOrEqual outcome.Calls (int64 jobs.Length) "calls"
            Expect.isGreaterThan outcome.Collections 0L "collections"
            Expect.equal (outcome.ErrorCount + outcome.WrongCount) 0 (string outcome)
    ]
