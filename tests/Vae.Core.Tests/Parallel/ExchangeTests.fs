module Vae.Core.Tests.Parallel.ExchangeTests

open Expecto
open TorchSharp
open Vae.Core

/// One of two processes, of which the other gives the same numbers.
let private beside: Ranks = {
    Rank = 1
    Size = 2
    Sum = fun t -> t.mul_ (2.0.ToScalar()) |> ignore
    Broadcast = ignore
    Barrier = ignore
}

/// One of two processes, of which the other, rank 0, has other numbers.
let private unlike = {
    beside with
        Sum = ignore
        Broadcast = fun t -> t.add_ (1.0.ToScalar()) |> ignore
}

let private vector place values = Tensor.ofArray place [| int64 (List.length values) |] (List.toArray values)

let tests =
    testList "Exchange" [
        for place in [ Placement.float32; Placement.float64 ] do
            testCase $"means and gradients are weighed by the share and summed, in %A{place.DType}"
            <| fun () ->
                use gradient = vector place [ 1.0; -2.0; 8.0 ]
                let means, whole = Exchange.mean beside 0.25 [ 4.0; 6.0 ] gradient
                Expect.equal means [ 2.0; 3.0 ] "means"
                Expect.equal (Tensor.toArray whole) [| 0.5; -1.0; 4.0 |] "gradient"
                Expect.equal (Tensor.toArray gradient) [| 1.0; -2.0; 8.0 |] "what was given stays"
                Expect.equal whole.dtype place.DType "precision"

        testCase "a share of 0 counts nothing"
        <| fun () ->
            use gradient = vector Placement.float64 [ 1.0 ]
            let means, whole = Exchange.mean beside 0.0 [ 4.0 ] gradient
            Expect.equal (means, Tensor.toArray whole) ([ 0.0 ], [| 0.0 |]) "nothing"

        testCase "a loss that is no number in one process is none in all"
        <| fun () ->
            use gradient = vector Placement.float64 [ 1.0 ]
            let means, _ = Exchange.mean beside 0.5 [ nan; infinity ] gradient
            Expect.isTrue (System.Double.IsNaN means[0]) "not a number"
            Expect.equal means[1] infinity "infinite"

        testCase "numbers that differ between processes are refused by name"
        <| fun () ->
            Exchange.agree beside []
            Vae.Testing.Numbers.refused [ "Seed"; "3 in rank 1" ] (fun () -> Exchange.agree unlike [ "Seed", 3L ])

        testCase "a process sends contiguous vectors on the CPU in two precisions, and refuses others"
        <| fun () ->
            let refused words (t: Tensor) = Vae.Testing.Numbers.refused ("x" :: words) (fun () -> Ranks.vector "x" t)

            refused [ "Int64" ] (torch.zeros (3L, dtype = torch.ScalarType.Int64))
            refused [ "[2, 2]" ] (torch.zeros (2L, 2L))
            refused [ "contiguous" ] ((torch.zeros (4L, 2L)).select(1L, 0L))
            Ranks.vector "x" (torch.zeros 3L)

        testCase "the first process, and the only one, speaks for the run"
        <| fun () ->
            Expect.isTrue (Ranks.isFirst None) "the only one"
            Expect.isTrue (Ranks.isFirst (Some { beside with Rank = 0 })) "the first"
            Expect.isFalse (Ranks.isFirst (Some beside)) "the second"
    ]
