module Vae.Core.Tests.Kernels.TeamTests

open System.Threading
open Expecto
open Vae.Core

let tests =
    testList "Team" [
        for count in [ 0; 1; 2; 3; 100; 4097 ] do
            testCase $"each of %d{count} pieces is done once"
            <| fun () ->
                let times = Array.zeroCreate<int> count
                Team.run count (fun piece -> Interlocked.Increment &times[piece] |> ignore)
                Expect.isTrue (Array.forall ((=) 1) times) "once"
    ]
