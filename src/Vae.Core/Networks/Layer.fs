namespace Vae.Core

open TorchSharp

/// How a network runs: while it trains, with a key for the layers that draw, or as it is evaluated.
[<RequireQualifiedAccess>]
type Mode =
    | Train of Key
    | Evaluate

/// A function of each number.
[<RequireQualifiedAccess>]
type Activation =
    | Relu
    | LeakyRelu
    | Elu
    | Gelu
    | Silu
    | Softplus
    | Tanh
    | Sigmoid
    /// The inverse hyperbolic sine: x near 0, the logarithm of 2 |x| with x's sign far from it.
    | Asinh

[<RequireQualifiedAccess>]
module internal Activation =
    /// What each is called in files.
    let names = [
        "relu", Activation.Relu
        "leakyRelu", Activation.LeakyRelu
        "elu", Activation.Elu
        "gelu", Activation.Gelu
        "silu", Activation.Silu
        "softplus", Activation.Softplus
        "tanh", Activation.Tanh
        "sigmoid", Activation.Sigmoid
        "asinh", Activation.Asinh
    ]

    let name (activation: Activation) = names |> List.find (fun (_, known) -> known = activation) |> fst

/// Sliding squares of weights over images of shape [channels, height, width].
type Convolution = {
    /// Channels in; None where the layer before it says.
    Inputs: int option
    /// Channels out.
    Outputs: int
    Kernel: int
    Stride: int
    Padding: int
}

/// A layer that the library does not know: it runs and trains, and what saves or exports a network refuses it by name.
type CustomLayer = {
    Name: string
    /// The parameters it declares below a path, for an input of a shape.
    Declared: string -> int64[] -> Parameter list
    /// The shape of its output for an input of a shape.
    Output: int64[] -> int64[]
    /// The layer itself, on a batch: parameters, the path it was declared below, the mode and the input.
    Apply: Params -> string -> Mode -> Tensor -> Tensor
}

/// One layer of a network, as data.
[<RequireQualifiedAccess>]
type Layer =
    /// x W' + b over the last dimension; None where the layer before it says the number of inputs.
    | Linear of inputs: int option * outputs: int
    | Convolution of Convolution
    /// The transpose of a convolution: with stride s it makes images s times as large.
    | ConvolutionTransposed of Convolution
    | Activation of Activation
    /// Every dimension but the batch as one.
    | Flatten
    /// The numbers of one example in another shape.
    | Reshape of int64[]
    /// Zeroes each number with a probability while training, and scales the rest so that the mean stays.
    | Dropout of probability: float
    /// The numbers of one example in groups of neighbouring channels, each group brought to mean 0 and variance 1, then times a
    /// gain and plus a bias of each channel. Channels are the first dimension: of a vector, its numbers (Y. Wu and K. He,
    /// "Group Normalization", 2018). It is the same in training and evaluation, as no example sees another.
    | GroupNorm of groups: int
    /// x + f(x)
    | Residual of Layer list
    | Custom of CustomLayer

/// What each layer is called, makes of a shape, declares, and computes.
[<RequireQualifiedAccess>]
module Layer =
    let rec describe layer =
        match layer with
        | Layer.Linear(Some inputs, outputs) -> $"linear %d{inputs} -> %d{outputs}"
        | Layer.Linear(None, outputs) -> $"linear -> %d{outputs}"
        | Layer.Convolution c -> $"convolution %s{describeConvolution c}"
        | Layer.ConvolutionTransposed c -> $"transposed convolution %s{describeConvolution c}"
        | Layer.Activation activation -> (Activation.name activation).ToLowerInvariant()
        | Layer.Flatten -> "flatten"
        | Layer.Reshape shape -> $"reshape %s{Check.shape shape}"
        | Layer.Dropout p -> $"dropout %s{Check.number p}"
        | Layer.GroupNorm groups -> $"group normalisation %d{groups}"
        | Layer.Residual layers ->
            let inside = layers |> List.map describe |> String.concat ", "
            $"residual (%s{inside})"
        | Layer.Custom custom -> custom.Name

    and private describeConvolution c =
        let inputs = c.Inputs |> Option.map string |> Option.defaultValue ""
        $"%s{inputs} -> %d{c.Outputs}, %d{c.Kernel}x%d{c.Kernel}, stride %d{c.Stride}, padding %d{c.Padding}"

    /// What a transposed convolution adds at the end so that its output is exactly stride times its input: the padding that
    /// the convolution it transposes took away.
    let private outputPadding (c: Convolution) = c.Stride - c.Kernel + 2 * c.Padding

    let private image layer (c: Convolution) (side: int64 -> int64) (input: int64[]) =
        match input with
        | [| channels; height; width |] when c.Inputs |> Option.forall (fun n -> int64 n = channels) ->
            let h, w = side height, side width

            if h < 1L || w < 1L then
                Error $"%s{describe layer} leaves nothing of %s{Check.shape input}"
            else
                Ok [| int64 c.Outputs; h; w |]
        | _ ->
            let channels = c.Inputs |> Option.map string |> Option.defaultValue "channels"
            Error $"%s{describe layer} takes [%s{channels}, height, width], not %s{Check.shape input}"

    /// The shape a layer makes of the shape of one example, or what is wrong with it. It is worked out without any number, and
    /// refuses what is too large to have any.
    let rec output (input: int64[]) layer : Result<int64[], string> =
        match shaped input layer with
        | Ok shape when Shape.isHuge shape ->
            Error $"%s{describe layer} makes %s{Check.shape shape} of %s{Check.shape input}, more than 2^31 - 1 numbers"
        | result -> result

    and private shaped (input: int64[]) layer : Result<int64[], string> =
        match layer with
        | Layer.Linear(inputs, outputs) ->
            match Array.tryLast input with
            | Some last when inputs |> Option.forall (fun n -> int64 n = last) ->
                Ok(Array.append input[.. input.Length - 2] [| int64 outputs |])
            | _ -> Error $"%s{describe layer} does not take %s{Check.shape input}"
        | Layer.Convolution c ->
            let side n =
                match n + 2L * int64 c.Padding - int64 c.Kernel with
                | room when room < 0L -> 0L
                | room -> room / int64 c.Stride + 1L

            image layer c side input
        | Layer.ConvolutionTransposed c ->
            let extra = outputPadding c

            if extra < 0 || extra >= c.Stride then
                Error $"%s{describe layer} cannot make images exactly %d{c.Stride} times as large"
            else
                image layer c (fun n -> n * int64 c.Stride) input
        | Layer.Activation _
        | Layer.Dropout _ -> Ok input
        | Layer.GroupNorm groups ->
            match Array.tryHead input with
            | Some channels when channels % int64 groups <> 0L ->
                Error
                    $"%s{describe layer} takes channels that %d{groups} divides, not the %d{channels} of %s{Check.shape input}"
            | Some _ when Shape.size input = int64 groups ->
                Error $"%s{describe layer} leaves nothing of %s{Check.shape input}: each group is one number"
            | Some _ -> Ok input
            | None -> Error $"%s{describe layer} takes [channels, ...], not %s{Check.shape input}"
        | Layer.Flatten -> Ok [| Shape.size input |]
        | Layer.Reshape shape ->
            if Shape.size shape = Shape.size input then
                Ok shape
            else
                Error $"%s{describe layer} does not take the %d{Shape.size input} numbers of %s{Check.shape input}"
        | Layer.Residual layers ->
            layers
            |> List.fold (fun shape layer -> shape |> Result.bind (fun s -> output s layer)) (Ok input)
            |> Result.bind (fun shape ->
                if shape = input then
                    Ok shape
                else
                    Error
                        $"%s{describe layer} makes %s{Check.shape shape} of %s{Check.shape input}, which cannot be added to it")
        | Layer.Custom custom -> Ok(custom.Output input)

    /// Glorot and Bengio's uniform law of weights (2010): keras's default.
    let private glorot (fanIn: float) (fanOut: float) shape place key =
        let bound = sqrt (6.0 / (fanIn + fanOut))
        -bound .+ (2.0 * bound .* Key.uniform place shape key)

    /// One value for each of so many outputs or channels.
    let private constant path (count: int64) (value: float) : Parameter = {
        Path = path
        Shape = [| count |]
        Trained = true
        Initial = fun place _ -> torch.full ([| count |], value.AsScalar(), dtype = place.DType, device = place.Device)
    }

    let private weighted path (weightShape: int64[]) fanIn fanOut (outputs: int) = [
        {
            Path = $"%s{path}.weight"
            Shape = weightShape
            Trained = true
            Initial = glorot fanIn fanOut weightShape
        }
        constant $"%s{path}.bias" (int64 outputs) 0.0
    ]

    /// What a layer declares below a path, for examples of a shape.
    let rec declared path (input: int64[]) layer : Parameter list =
        match layer with
        | Layer.Linear(_, outputs) ->
            let inputs = Array.last input
            weighted path [| int64 outputs; inputs |] (float inputs) (float outputs) outputs
        | Layer.Convolution c ->
            let channels, k = input[0], int64 c.Kernel
            let area = float c.Kernel * float c.Kernel

            weighted
                path
                [| int64 c.Outputs; channels; k; k |]
                (float channels * area)
                (float c.Outputs * area)
                c.Outputs
        | Layer.ConvolutionTransposed c ->
            let channels, k = input[0], int64 c.Kernel
            let area = float c.Kernel * float c.Kernel

            weighted
                path
                [| channels; int64 c.Outputs; k; k |]
                (float channels * area)
                (float c.Outputs * area)
                c.Outputs
        | Layer.GroupNorm _ -> [ constant $"%s{path}.weight" input[0] 1.0; constant $"%s{path}.bias" input[0] 0.0 ]
        | Layer.Residual layers -> declaredAll path input layers
        | Layer.Custom custom -> custom.Declared path input
        | Layer.Activation _
        | Layer.Dropout _
        | Layer.Flatten
        | Layer.Reshape _ -> []

    /// What layers declare one after the other, below numbered paths.
    and declaredAll path (input: int64[]) layers : Parameter list =
        let step shape (i, layer) =
            match output shape layer with
            | Ok next -> declared $"%s{path}.%d{i}" shape layer, next
            | Error message -> invalidOp message

        layers |> List.indexed |> List.mapFold step input |> fst |> List.concat

    let private activate activation (x: Tensor) : Tensor =
        match activation with
        | Activation.Relu -> x.relu ()
        | Activation.LeakyRelu -> x.leaky_relu (0.01.AsScalar())
        | Activation.Elu -> x.elu (1.0.AsScalar(), 1.0.AsScalar(), 1.0.AsScalar())
        | Activation.Gelu -> torch.nn.functional.gelu x
        | Activation.Silu -> torch.nn.functional.silu x
        | Activation.Softplus -> Logistic.softplus x
        | Activation.Tanh -> x.tanh ()
        | Activation.Sigmoid -> x.sigmoid ()
        | Activation.Asinh -> x.asinh ()

    let private dropout (p: float) mode (x: Tensor) : Tensor =
        match mode with
        | Mode.Evaluate -> x
        | Mode.Train key ->
            let kept = (Key.uniform (Placement.like x) x.shape key).ge(p.AsScalar())
            x * kept / (1.0 - p).AsScalar()

    /// What is added to a group's variance, so that one of equal numbers has no infinite gradient.
    let private leastVariance = 1e-5

    /// Of numbers laid out channel by channel, as libtorch's sums over other layouts depend on the number of threads.
    let private groupNorm (groups: int) (gain: Tensor) (bias: Tensor) (x: Tensor) : Tensor =
        torch.nn.functional.group_norm (x.contiguous (), int64 groups, gain, bias, leastVariance)

    /// The same images with their channels next to one another in memory: convolutions are faster on them, and
    /// their results are laid out so too.
    let private channelsLast (x: Tensor) : Tensor =
        x.permute([| 0L; 2L; 3L; 1L |]).contiguous().permute([| 0L; 3L; 1L; 2L |])

    /// A layer on a batch: x is [batch, input...].
    let rec apply (parameters: Params) path (mode: Mode) (x: Tensor) layer : Tensor =
        let weight, bias = $"%s{path}.weight", $"%s{path}.bias"

        match layer with
        | Layer.Linear _ -> torch.nn.functional.linear (x, parameters[weight], parameters[bias])
        | Layer.Convolution c ->
            torch.nn.functional.conv2d (
                channelsLast x,
                parameters[weight],
                parameters[bias],
                strides = square c.Stride,
                padding = square c.Padding
            )
        | Layer.ConvolutionTransposed c ->
            torch.nn.functional.conv_transpose2d (
                channelsLast x,
                parameters[weight],
                parameters[bias],
                strides = square c.Stride,
                padding = square c.Padding,
                output_padding = square (outputPadding c)
            )
        | Layer.Activation activation -> activate activation x
        | Layer.Flatten -> if x.ndim = 2L then x else x.flatten 1L
        | Layer.Reshape shape -> x.reshape (Array.append [| x.shape[0] |] shape)
        | Layer.Dropout p -> dropout p mode x
        | Layer.GroupNorm groups -> groupNorm groups parameters[weight] parameters[bias] x
        | Layer.Residual layers -> x .+. applyAll parameters path mode x layers
        | Layer.Custom custom -> custom.Apply parameters path mode x

    and private square n = [| int64 n; int64 n |]

    /// The layer at a place below a path, with a key of its own.
    and applyAt parameters path (mode: Mode) (i: int) (x: Tensor) layer : Tensor =
        let mode =
            match mode with
            | Mode.Train key -> Mode.Train(Key.fold i key)
            | Mode.Evaluate -> mode

        apply parameters $"%s{path}.%d{i}" mode x layer

    /// Layers one after the other.
    and applyAll parameters path mode (x: Tensor) layers : Tensor =
        layers |> List.indexed |> List.fold (fun x (i, layer) -> applyAt parameters path mode i x layer) x
