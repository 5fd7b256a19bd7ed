module Vae.Core.Tests.Networks.Fused.FusedNetTests

open Expecto
open TorchSharp
open Vae.Core
open Vae.Core.Tests.Kernels
open Vae.Testing

let private f32 = Placement.float32

/// Nets with the shape of their input and a batch: vectors and images, few channels and many, sizes off every multiple of a
/// tile, strides, borders, vectors that become images and back, and layers between that do not fuse.
let private cases = [
    "dense encoder", Net.denseEncoder [ 130; 65 ], [| 1L; 28L; 28L |], 100L
    "dense decoder", Net.denseDecoder [ 256; 70 ], [| 20L |], 128L
    "one wide layer", Net.dense 200, [| 150L |], 33L
    "convolutional encoder", Net.convEncoder [ 32; 64 ] 16, [| 1L; 28L; 28L |], 64L
    "convolutional decoder", Net.convDecoder [ 64; 32 ], [| 2L |], 70L
    "rectifier last", Net.conv2d 20 3 1 --> Net.relu, [| 7L; 9L; 11L |], 40L
    "few channels out", Net.conv2d 3 3 1 --> Net.relu --> Net.conv2d 40 3 2, [| 30L; 9L; 11L |], 37L
    "strides of three", Net.conv2d 30 5 3 --> Net.relu --> Net.conv2d 31 3 2, [| 30L; 13L; 11L |], 129L
    "kernel of one", Net.conv2d 90 1 1 --> Net.relu --> Net.conv2d 5 1 2, [| 12L; 5L; 5L |], 64L
    "vectors and images",
    Net.conv2d 30 3 2
    --> Net.flatten
    --> Net.dense 70
    --> Net.reshape [ 7; 5; 2 ]
    --> Net.relu
    --> Net.convTranspose2d 33 3 2
    --> Net.flatten
    --> Net.dense 3,
    [| 30L; 9L; 11L |],
    200L
    "others between",
    Net.conv2d 7 3 1
    --> Net.relu
    --> Net.conv2d 20 3 1
    --> Net.tanh
    --> Net.flatten
    --> Net.dense 70
    --> Net.relu
    --> Net.dense 300,
    [| 3L; 9L; 11L |],
    37L
]

let private isFused part =
    match part with
    | FusedNet.Fused _ -> true
    | FusedNet.Rounded _
    | FusedNet.Plain _ -> false

/// The net, its first parameters moved away from zero biases, and a function of both them and the input as one vector.
let private prepare (net: Net) (input: int64[]) (batch: int64) =
    let wired = Net.wire "net" input net
    Expect.exists wired.Parts isFused "the net is fused"
    let parameters = Params.Initial(f32, Key.ofSeed 3, wired.Declared)
    let x = Key.normal f32 (Array.append [| batch |] input) (Key.ofSeed 4)
    let weight = Key.normal f32 (Array.append [| batch |] wired.Output) (Key.ofSeed 5)
    let all = torch.cat [| parameters.Trained; x.flatten () |]
    let point = all + 0.01 .* Key.normal f32 all.shape (Key.ofSeed 6)

    let loss (point: Tensor) =
        let n = parameters.Count
        let x = point.narrow(0L, n, x.numel ()).reshape x.shape
        (Net.apply wired (parameters.With(point.narrow (0L, 0L, n))) Mode.Evaluate x * weight).sum()

    wired, loss, point

/// The loss and its gradient by libtorch's layers: those that a pullback of a covector goes through.
let private plainly loss (point: Tensor) = Diff.fjacobianTv loss point (torch.ones [||])

let private largestDifference (a: Tensor) (b: Tensor) =
    Tensor.toFloat ((a - b).abs().max()) / Tensor.toFloat (b.abs().max())

let tests =
    scoped
    <| testList "FusedNet" [
        for name, net, input, batch in cases do
            testCase $"%s{name}: value and gradients are those of libtorch's layers"
            <| fun () ->
                Kernel.needed ()
                let _, loss, point = prepare net input batch
                let value, gradient = Diff.fgrad loss point
                let value', gradient' = plainly loss point
                // Sums of a few thousand products of float32.
                Expect.isLessThan (largestDifference gradient gradient') 1e-5 "gradient"

                Expect.isLessThan
                    (abs (Tensor.toFloat value - Tensor.toFloat value'))
                    (1e-4 * (1.0 + abs (Tensor.toFloat value')))
                    "value"

        testCase "the same bits on any number of threads, and at every repetition"
        <| fun () ->
            Kernel.needed ()
            let _, loss, point = prepare (Net.convDecoder [ 16; 8 ]) [| 2L |] 150L
            let threads = torch.get_num_threads ()

            let bits count =
                torch.set_num_threads count
                Tensor.toArray (Diff.grad loss point)

            let one, two, again = bits 1, bits 2, bits 2
            torch.set_num_threads threads
            Expect.equal two one "threads"
            Expect.equal again two "repetition"

        testCase "without gradients, in parts, it gives what it gives with them"
        <| fun () ->
            Kernel.needed ()
            let wired = Net.wire "net" [| 20L |] (Net.denseDecoder [ 64 ])
            use parameters = Params.Initial(f32, Key.ofSeed 3, wired.Declared)
            let x = Key.normal f32 [| 600L; 20L |] (Key.ofSeed 4)
            let apply (x: Tensor) = Net.apply wired parameters Mode.Evaluate x
            use _ = torch.no_grad ()
            let whole = apply x

            for first, count in [ 0L, 40L; 256L, 256L; 555L, 45L ] do
                Expect.equal
                    (Tensor.toArray (apply (x.narrow (0L, first, count))))
                    (Tensor.toArray (whole.narrow (0L, first, count)))
                    $"rows from %d{first}"

        testCase "second derivatives go through libtorch's layers, and are right"
        <| fun () ->
            Kernel.needed ()
            let wired = Net.wire "net" [| 150L |] (Net.dense 200 --> Net.relu --> Net.dense 150)
            use parameters = Params.Initial(f32, Key.ofSeed 3, wired.Declared)
            let x = Key.normal f32 [| 40L; 150L |] (Key.ofSeed 4)
            let square (flat: Tensor) = (Net.apply wired (parameters.With flat) Mode.Evaluate x).square().sum()
            let v = Key.normal f32 parameters.Trained.shape (Key.ofSeed 5)
            let hv = Diff.hessianv square parameters.Trained v
            let wide = parameters.Trained.to_type torch.ScalarType.Float64

            let exact =
                let net (flat: Tensor) =
                    (Net.apply wired (parameters.With flat) Mode.Evaluate (x.to_type torch.ScalarType.Float64))
                        .square()
                        .sum()

                Diff.hessianv net wide (v.to_type torch.ScalarType.Float64)

            Expect.isLessThan (largestDifference (hv.to_type torch.ScalarType.Float64) exact) 1e-4 "Hessian times v"

        testCase "small nets stay with libtorch"
        <| fun () ->
            let small = Net.wire "net" [| 20L |] (Net.dense 20)
            Expect.isFalse (List.exists isFused small.Parts) "few multiplications"

        testCase "batches of more numbers than are counted by Int32 stay with libtorch"
        <| fun () ->
            let wired = Net.wire "net" [| 1L; 28L; 28L |] (Net.convEncoder [ 32; 64 ] 16)

            for part in wired.Parts do
                match part with
                | FusedNet.Fused(net, _) ->
                    // The widest layer's output is 32 images of 14 x 14.
                    Expect.isTrue (net.Takes 80_000L) "half a billion numbers"
                    Expect.isFalse (net.Takes 90_000L) "more"
                | _ -> failtest "it is fused"

        testCase "small batches and double precision go by libtorch's layers, to the bit"
        <| fun () ->
            let wired = Net.wire "net" [| 150L |] (Net.dense 200)

            for place, batch in [ f32, 32L; Placement.float64, 64L ] do
                use parameters = Params.Initial(place, Key.ofSeed 3, wired.Declared)
                let x = Key.normal place [| batch; 150L |] (Key.ofSeed 4)
                let byLayers = Layer.applyAll parameters "net" Mode.Evaluate x wired.Net.Layers
                use _ = torch.no_grad ()

                Expect.equal
                    (Tensor.toArray (Net.apply wired parameters Mode.Evaluate x))
                    (Tensor.toArray byLayers)
                    $"%A{place.DType}"
    ]
