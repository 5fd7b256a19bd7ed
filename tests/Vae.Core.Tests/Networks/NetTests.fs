module Vae.Core.Tests.NetTests

open Expecto
open TorchSharp
open Vae.Core
open Vae.Testing

let private key = Key.ofSeed 9

let private run mode (net: Net) (x: Tensor) (input: int64[]) =
    let wired = Net.wire "net" input net
    let parameters = Params.Initial(Placement.like x, key, wired.Declared)
    Net.apply wired parameters mode x

let tests =
    scoped
    <| testList "Net" [
        testCase "layers that do not fit are refused, naming both"
        <| fun () ->
            refused [ "linear 5 -> 2"; "[..., 4]"; "linear 3 -> 4" ] (fun () -> Net.linear 3 4 --> Net.linear 5 2)

            refused [ "reshape [2, 3]"; "8"; "linear 3 -> 8" ] (fun () ->
                Net.wire "net" [| 3L |] (Net.linear 3 8 --> Net.reshape [ 2; 3 ]))

            refused [ "residual"; "relu" ] (fun () ->
                Net.wire "net" [| 3L |] (Net.linear 3 8 --> Net.relu --> Net.residual (Net.dense 7)))

            refused [ "convolution"; "[784]" ] (fun () -> Net.wire "net" [| 784L |] (Net.conv2d 8 3 2))
        testCase "numbers out of range are refused by name"
        <| fun () ->
            refused [ "outputs"; "0" ] (fun () -> Net.dense 0)
            refused [ "kernel"; "4"; "odd" ] (fun () -> Net.conv2d 8 4 2)
            refused [ "probability"; "1" ] (fun () -> Net.dropout 1.0)
            refused [ "shape"; "divisible by 4" ] (fun () -> Net.convDecoderTo [ 1; 30; 30 ] [ 8; 4 ])

        testCase "the study's nets have the parameters of keras.io's, and the shapes of the data"
        <| fun () ->
            let count (wired: Wired) = wired.Declared |> List.sumBy (fun p -> Array.fold (*) 1L p.Shape)
            let encoder = Net.wire "encoder" [| 1L; 28L; 28L |] (Net.convEncoder [ 32; 64 ] 16)
            Expect.equal encoder.Output [| 16L |] "code"
            // keras.io's encoder has 69,076 with its two heads of 16 * 2 + 2.
            Expect.equal (count encoder + 2L * 34L) 69076L "encoder"
            let decoder = Net.wire "decoder" [| 2L |] (Net.convDecoder [ 64; 32 ])
            Expect.equal decoder.Output [| 1L; 28L; 28L |] "image"
            Expect.equal (count decoder) 65089L "decoder"

        testCase "a linear layer is x W' + b"
        <| fun () ->
            let wired = Net.wire "net" [| 3L |] (Net.dense 2)
            let parameters = Params.Initial(f64, key, wired.Declared)
            let x = Key.normal f64 [| 4L; 3L |] key
            let expected = x.matmul (parameters["net.0.weight"].t()) + parameters["net.0.bias"]

            Expect.equal
                (Tensor.toArray (Net.apply wired parameters Mode.Evaluate x))
                (Tensor.toArray expected)
                "values"

        testCase "a transposed convolution is the transpose of the convolution"
        <| fun () ->
            // <conv x, y> = <x, conv' y> for the same weights, without biases.
            let x, y = Key.normal f64 [| 1L; 2L; 8L; 8L |] key, Key.normal f64 [| 1L; 3L; 4L; 4L |] (Key.fold 1 key)
            let forward = Net.wire "net" [| 2L; 8L; 8L |] (Net.conv2d 3 3 2)
            let weights = Params.Initial(f64, key, forward.Declared)
            let backward = Net.wire "net" [| 3L; 4L; 4L |] (Net.convTranspose2d 2 3 2)

            let shared =
                Params.Create(
                    f64,
                    backward.Declared,
                    fun p ->
                        if p.Path = "net.0.weight" then
                            weights[p.Path]
                        else
                            torch.zeros (p.Shape, dtype = torch.ScalarType.Float64)
                )

            let left = ((Net.apply forward weights Mode.Evaluate x) * y).sum()
            let right = (x * Net.apply backward shared Mode.Evaluate y).sum()
            isClose 1e-13 (number left) (number right) "inner products"

        testCase "leading dimensions pass through"
        <| fun () ->
            let x = Key.normal f64 [| 2L; 5L; 1L; 28L; 28L |] key
            let y = run Mode.Evaluate (Net.convEncoder [ 4; 8 ] 3) x [| 1L; 28L; 28L |]
            Expect.equal y.shape [| 2L; 5L; 3L |] "shape"

        testCase "a residual net adds its input, and a custom layer runs"
        <| fun () ->
            let double = {
                Name = "double"
                Declared = fun _ _ -> []
                Output = id
                Apply = fun _ _ _ x -> 2.0 .* x
            }

            let x = Key.normal f64 [| 4L; 3L |] key
            let y = run Mode.Evaluate (Net.residual (Net.custom double)) x [| 3L |]
            Array.iter2 (fun x y -> isClose 1e-15 (3.0 * x) y "x + 2 x") (Tensor.toArray x) (Tensor.toArray y)

        testCase "group normalisation brings each group to mean 0 and variance 1, then scales and shifts channels"
        <| fun () ->
            // The definition, with its first two derivatives: of images and of vectors.
            for input, groups in [ [| 6L; 3L; 2L |], 3; [| 6L |], 2; [| 4L; 5L |], 1 ] do
                let wired = Net.wire "net" input (Net.groupNorm groups)
                let channels = input[0]
                let draw shape i = Key.normal f64 shape (Key.fold i key)

                let parameters =
                    Params.Create(f64, wired.Declared, fun p -> draw p.Shape (if p.Path.EndsWith "bias" then 1 else 2))

                let x = draw (Array.append [| 4L |] input) 3
                let weights = draw x.shape 4
                let beside (t: Tensor) = t.reshape (Array.append [| channels |] (Array.create (input.Length - 1) 1L))

                let defined (x: Tensor) =
                    let grouped = x.reshape [| 4L; int64 groups; -1L |]
                    let centred = grouped - grouped.mean ([| -1L |], keepdim = true)
                    let variance = centred.square().mean([| -1L |], keepdim = true)
                    let normal = (centred / (variance + (1e-5).ToScalar()).sqrt()).reshape x.shape
                    normal * beside parameters["net.0.weight"] + beside parameters["net.0.bias"]

                let layer (x: Tensor) = Net.apply wired parameters Mode.Evaluate x
                let summed (f: Tensor -> Tensor) (flat: Tensor) = (f (flat.reshape x.shape) * weights).sum()
                let flat = x.flatten ()
                let along = draw flat.shape 5
                let gradient f = Diff.grad (summed f) flat
                let curved f = Diff.hessianv (summed f) flat along

                for what, ours, theirs in
                    [
                        "values", layer x, defined x
                        "gradient", gradient layer, gradient defined
                        "second derivative", curved layer, curved defined
                    ] do
                    Array.iter2
                        (fun expected found -> isClose 1e-10 expected found what)
                        (Tensor.toArray theirs)
                        (Tensor.toArray ours)

        testCase "group normalisation begins as nothing but that, and refuses what it cannot do"
        <| fun () ->
            let wired = Net.wire "net" [| 4L; 2L; 2L |] (Net.groupNorm 2)
            let declared = wired.Declared |> List.map (fun p -> p.Path, p.Shape)
            Expect.equal declared [ "net.0.weight", [| 4L |]; "net.0.bias", [| 4L |] ] "a gain and a bias a channel"

            let y =
                run (Mode.Train key) (Net.groupNorm 2) (Key.normal f64 [| 3L; 4L; 2L; 2L |] key) [| 4L; 2L; 2L |]

            let groups = y.reshape [| 3L; 2L; 8L |]
            Expect.all (Tensor.toArray (groups.mean [| -1L |])) (fun mean -> abs mean < 1e-12) "means"

            Expect.all
                (Tensor.toArray (groups.var (-1L, unbiased = false)))
                (fun variance -> abs (variance - 1.0) < 1e-3)
                "variances"

            // Equal numbers are 0, and gradients of them finite.
            let still = torch.full ([| 1L; 4L; 2L; 2L |], (3.0).ToScalar(), dtype = torch.ScalarType.Float64)
            Expect.allEqual (Tensor.toArray (run Mode.Evaluate (Net.groupNorm 2) still [| 4L; 2L; 2L |])) 0.0 "still"

            refused [ "groups"; "0" ] (fun () -> Net.groupNorm 0)

            refused [ "group normalisation 3"; "4"; "[4, 2, 2]"; "relu" ] (fun () ->
                Net.wire "net" [| 4L; 2L; 2L |] (Net.relu --> Net.groupNorm 3))

            refused [ "group normalisation 4"; "one number" ] (fun () -> Net.wire "net" [| 4L |] (Net.groupNorm 4))

        testCase "group normalisation has the same bits on any number of threads"
        <| fun () ->
            let x = Key.normal Placement.float32 [| 8L; 16L; 33L; 32L |] key
            let net = Net.conv2d 16 1 1 --> Net.groupNorm 4
            let threads = torch.get_num_threads ()

            let gradient count =
                torch.set_num_threads count

                try
                    let value (flat: Tensor) =
                        (run Mode.Evaluate net (flat.reshape x.shape) [| 16L; 33L; 32L |]).square().sum()

                    Tensor.toArray (Diff.grad value (x.flatten ()))
                finally
                    torch.set_num_threads threads

            Expect.equal (gradient 1) (gradient 3) "gradients"

        testCase "dropout keeps the mean while training, is a function of its key, and does nothing after"
        <| fun () ->
            let x = torch.ones (int64 (drawsToDetect 0.05), 1L, dtype = torch.ScalarType.Float64)
            let dropped seed = run (Mode.Train(Key.ofSeed seed)) (Net.dropout 0.3) x [| 1L |] |> Tensor.toArray
            meanIs 1.0 (dropped 1) "mean"
            Expect.equal (dropped 1) (dropped 1) "same key"
            Expect.notEqual (dropped 1) (dropped 2) "another key"

            Expect.equal
                (run Mode.Evaluate (Net.dropout 0.3) x [| 1L |] |> Tensor.toArray)
                (Tensor.toArray x)
                "evaluated"

        testCase "nets run in float32 and float64"
        <| fun () ->
            let x = Key.uniform f64 [| 3L; 1L; 28L; 28L |] key
            let wide = run Mode.Evaluate (Net.convEncoder [ 4; 8 ] 5) x [| 1L; 28L; 28L |]

            let narrow =
                run Mode.Evaluate (Net.convEncoder [ 4; 8 ] 5) (x.to_type torch.ScalarType.Float32) [| 1L; 28L; 28L |]

            Array.iter2 (fun a b -> isClose 1e-5 a b "output") (Tensor.toArray wide) (Tensor.toArray narrow)

        testCase "an input of another shape is refused, naming the net"
        <| fun () ->
            refused [ "x"; "[4, 2]"; "3" ] (fun () ->
                run Mode.Evaluate (Net.dense 2) (Key.normal f64 [| 4L; 2L |] key) [| 3L |])

        testCase "a net describes itself"
        <| fun () ->
            Expect.equal
                (string (Net.flatten --> Net.linear 784 16 --> Net.relu))
                "flatten --> linear 784 -> 16 --> relu"
                "description"
    ]
