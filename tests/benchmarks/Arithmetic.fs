namespace Vae.Benchmarks

open System
open System.Diagnostics
open TorchSharp
open Vae.Core

/// Multiplications and additions: how many a step needs, and how many the machine does.
[<RequireQualifiedAccess>]
module Arithmetic =
    let private square n = int64 n * int64 n

    /// Multiplications of one example's pass through a layer, for an input of a shape.
    let private multiplications (input: int64[]) layer =
        match layer with
        | Layer.Linear(_, outputs) -> Array.last input * int64 outputs
        | Layer.Convolution c ->
            match Layer.output input layer with
            | Ok output -> Array.reduce (*) output * input[0] * square c.Kernel
            | Error message -> invalidOp message
        | Layer.ConvolutionTransposed c -> Array.reduce (*) input * int64 c.Outputs * square c.Kernel
        | _ -> 0L

    /// Those of each layer of a net.
    let private ofNet (input: int64[]) (net: Net) =
        let step (shape, counts) layer =
            match Layer.output shape layer with
            | Ok output -> output, counts @ [ multiplications shape layer ]
            | Error message -> invalidOp message

        net.Layers |> List.fold step (input, []) |> snd |> List.filter (fun n -> n > 0L)

    /// Floating-point operations of a training step for one example: two for each multiplication, in the pass forward, in the
    /// gradient by the weights and in that by the input, which the first layer does not need.
    let perExample (data: int64[]) (latent: int64) (encoder: Net) (decoder: Net) =
        let body = ofNet data encoder
        let code = encoder.OutputFor data |> Array.reduce (*)
        let counts = body @ [ 2L * code * latent ] @ ofNet [| latent |] decoder
        float (6L * List.sum counts - 2L * body.Head)

    /// The float32 matrix products that the machine does, in operations a second: the best of several.
    let measuredPeak () =
        use _ = torch.NewDisposeScope()
        let n = 1024L
        let a, b = torch.randn [| n; n |], torch.randn [| n; n |]

        let once () =
            use _ = torch.NewDisposeScope()
            let watch = Stopwatch.StartNew()

            for _ in 1..5 do
                a.mm b |> ignore

            10.0 * float (n * n * n) / watch.Elapsed.TotalSeconds

        Seq.init 10 (fun _ -> once ()) |> Seq.max

    /// The middle of values, and the distance between their quartiles.
    let medianAndSpread (values: float list) =
        let sorted = values |> List.sort |> List.toArray

        let quantile p =
            let at = p * float (sorted.Length - 1)
            let below = int (Math.Floor at)
            let above = min (below + 1) (sorted.Length - 1)
            sorted[below] + (at - float below) * (sorted[above] - sorted[below])

        quantile 0.5, quantile 0.75 - quantile 0.25
