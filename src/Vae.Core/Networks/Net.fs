namespace Vae.Core

open TorchSharp

/// What is known of the shape of one example before a net is wired.
[<RequireQualifiedAccess>]
type private Known =
    | Nothing
    /// Its last dimension.
    | Last of int64
    | Shape of int64[]

/// A network as data, so that it can be described, saved, exported, and refused by name. A net composes with others by
/// `-->`; what a layer takes follows from the layers before it, once the net is wired to the shape of its input.
[<Sealed>]
type Net private (layers: Layer list) =
    /// What layers make of what is known of the shape before them, naming the layers that do not fit.
    static let fold (input: Known) (layers: Layer list) =
        let step (known, previous) layer =
            let misfit message =
                let before = previous |> Option.map Layer.describe |> Option.defaultValue "the input"
                Check.refuse "net" $"%s{message}, after %s{before}" "layers that fit one another"

            let next =
                match known, layer with
                | Known.Shape shape, _ ->
                    match Layer.output shape layer with
                    | Ok shape -> Known.Shape shape
                    | Error message -> misfit message
                | Known.Last n, Layer.Linear(Some inputs, _) when int64 inputs <> n ->
                    misfit $"%s{Layer.describe layer} does not take [..., %d{n}]"
                | _, Layer.Linear(_, outputs) -> Known.Last(int64 outputs)
                | _, Layer.Reshape shape -> Known.Shape shape
                | Known.Last n, (Layer.Activation _ | Layer.Dropout _ | Layer.GroupNorm _) -> Known.Last n
                | _ -> Known.Nothing

            next, Some layer

        layers |> List.fold step (input, None) |> fst

    /// A net of layers. Refuses layers that cannot follow one another, as far as their shapes are known.
    static member Create(layers: Layer list) =
        fold Known.Nothing layers |> ignore
        Net layers

    /// The layers, first to last.
    member _.Layers = layers

    /// The shape of the output for one example of a shape. Refuses a shape that the net does not take.
    member _.OutputFor(input: int64[]) : int64[] =
        match fold (Known.Shape input) layers with
        | Known.Shape output -> output
        | _ -> invalidOp "the shape of a wired net is known throughout"

    /// Where this net's output is another's input.
    static member (-->)(first: Net, second: Net) = Net.Create(first.Layers @ second.Layers)

    override _.ToString() = layers |> List.map Layer.describe |> String.concat " --> "

/// A net wired to the shape of its input, below a path.
[<Sealed>]
type Wired internal (path: string, input: int64[], net: Net) =
    // First: it refuses what does not fit.
    let output = net.OutputFor input
    let declared = Layer.declaredAll path input net.Layers

    let place (shape, placed) (i, layer) : int64[] * FusedNet.Placed list =
        match Layer.output shape layer with
        | Ok next -> next, { Index = i; Layer = layer; Input = shape; Output = next } :: placed
        | Error message -> invalidOp message

    let placed = lazy (net.Layers |> List.indexed |> List.fold place (input, []) |> snd |> List.rev)

    let parts = lazy (FusedNet.parts path placed.Value)
    let roundedParts = lazy (FusedNet.roundedParts path placed.Value)

    member _.Path = path
    /// The shape of one example.
    member _.Input = input
    /// The shape of what the net makes of it.
    member _.Output = output
    member _.Net = net
    member _.Declared = declared
    /// The layers, those that can run as one together.
    member internal _.Parts = parts.Value
    /// The same where some are computed in bfloat16.
    member internal _.RoundedParts = roundedParts.Value

[<RequireQualifiedAccess>]
module Net =
    let private single layer = Net.Create [ layer ]

    /// The net of these layers.
    let ofLayers (layers: Layer list) = Net.Create layers

    /// The net that gives its input back.
    let identity = Net.Create []

    /// x W' + b with a stated number of inputs.
    let linear inputs outputs =
        Check.atLeast 1 (nameof inputs) inputs
        Check.atLeast 1 (nameof outputs) outputs
        single (Layer.Linear(Some inputs, outputs))

    /// x W' + b, for as many inputs as the layer before gives.
    let dense outputs =
        Check.atLeast 1 (nameof outputs) outputs
        single (Layer.Linear(None, outputs))

    let private convolution wrap outputs kernel stride =
        Check.atLeast 1 (nameof outputs) outputs
        Check.atLeast 1 (nameof kernel) kernel
        Check.atLeast 1 (nameof stride) stride

        if kernel % 2 = 0 then
            Check.refuse (nameof kernel) (string kernel) "an odd number, so that the kernel has a middle"

        wrap {
            Inputs = None
            Outputs = outputs
            Kernel = kernel
            Stride = stride
            Padding = kernel / 2
        }
        |> single

    /// A convolution that makes images a stride smaller (rounded up), its kernel's middle on every pixel it keeps.
    let conv2d outputs kernel stride = convolution Layer.Convolution outputs kernel stride

    /// A transposed convolution that makes images exactly a stride larger.
    let convTranspose2d outputs kernel stride = convolution Layer.ConvolutionTransposed outputs kernel stride

    let activation kind = single (Layer.Activation kind)
    let relu = activation Activation.Relu
    let tanh = activation Activation.Tanh
    let elu = activation Activation.Elu
    let silu = activation Activation.Silu
    /// Brings numbers of any size, such as counts, near those that networks learn from.
    let asinh = activation Activation.Asinh
    let flatten = single Layer.Flatten

    /// The numbers of one example in another shape.
    let reshape (shape: int list) = single (Layer.Reshape(shape |> List.map int64 |> List.toArray))

    /// Zeroes each number with a probability in [0, 1) while training.
    let dropout (probability: float) =
        if not (probability >= 0.0 && probability < 1.0) then
            Check.refuse (nameof probability) (Check.number probability) "a probability in [0, 1)"

        single (Layer.Dropout probability)

    /// Brings each of so many groups of neighbouring channels of an example to mean 0 and variance 1, then learns a gain and a
    /// bias of each channel: images [channels, height, width], or vectors, whose numbers are the channels (Y. Wu and K. He,
    /// "Group Normalization", 2018). Where it is wired it refuses channels that the groups do not divide, and groups of one
    /// number.
    let groupNorm (groups: int) =
        Check.atLeast 1 (nameof groups) groups
        single (Layer.GroupNorm groups)

    /// x + f(x)
    let residual (net: Net) = single (Layer.Residual net.Layers)

    /// A layer of one's own.
    let custom layer = single (Layer.Custom layer)

    /// Nets one after the other.
    let chain (nets: Net list) = nets |> List.fold (-->) identity

    /// A net for examples of a shape, its parameters below a path. Refuses a shape that it does not take.
    let wire path (input: int64[]) (net: Net) = Wired(path, input, net)

    /// Examples below which a block of the fused kernels would mostly be empty.
    let private fewest = 33L

    /// Whether the fused kernels can be used: single precision in the processor's memory, no gradients but the first.
    let private canFuse (parameters: Params) (x: Tensor) =
        Tile.isFast
        && x.dtype = torch.ScalarType.Float32
        && x.device.``type`` = DeviceType.CPU
        && (x.shape[0] >= fewest || parameters.IsOfRest)
        && (not (torch.is_grad_enabled ()) || Nesting.IsOnce)

    let private applyLayers (wired: Wired) parameters mode (x: Tensor) (layers: FusedNet.Placed list) : Tensor =
        layers |> List.fold (fun x l -> Layer.applyAt parameters wired.Path mode l.Index x l.Layer) x

    /// Layer by layer, each output shown to a function.
    let private applySeen see (wired: Wired) parameters mode (x: Tensor) : Tensor =
        let step x (i, layer) =
            let y = Layer.applyAt parameters wired.Path mode i x layer
            see $"%s{wired.Path}.%d{i} (%s{Layer.describe layer})" y
            y

        wired.Net.Layers |> List.indexed |> List.fold step x

    let private applyParts (wired: Wired) (parameters: Params) mode (x: Tensor) parts : Tensor =
        let step (x: Tensor) part =
            match part, parameters.Rounded with
            | FusedNet.Fused(net, _), _ when canFuse parameters x && net.Takes x.shape[0] ->
                FusedFunction.On(net, parameters, x)
            | FusedNet.Rounded layers, Some rounded ->
                (applyLayers wired rounded mode (x.to_type torch.ScalarType.BFloat16) layers).to_type x.dtype
            | (FusedNet.Fused(_, layers) | FusedNet.Rounded layers), _ -> applyLayers wired parameters mode x layers
            | FusedNet.Plain layer, _ -> applyLayers wired parameters mode x [ layer ]

        parts |> List.fold step x

    /// A wired net on x of shape leading + input, which gives leading + output.
    let apply (wired: Wired) (parameters: Params) (mode: Mode) (x: Tensor) : Tensor =
        let leading, item = Shape.splitLast wired.Input.Length x.shape

        if item <> wired.Input then
            Check.refuse
                (nameof x)
                $"of shape %s{Check.shape x.shape}"
                $"[..., %s{(Check.shape wired.Input).Trim('[', ']')}], the input of %s{wired.Path}"

        let apply (batch: Tensor) =
            match parameters.Probe with
            | Some see -> applySeen see wired parameters mode batch
            | None ->
                applyParts
                    wired
                    parameters
                    mode
                    batch
                    (if parameters.Rounded.IsSome then wired.RoundedParts else wired.Parts)

        if leading.Length = 1 then
            apply x
        else
            let batch = x.reshape (Array.append [| Shape.size leading |] item)
            (apply batch).reshape(Array.append leading wired.Output)
