namespace Vae.Core

#nowarn "9" // Memory by address.

open System
open System.Collections.Concurrent
open FSharp.NativeInterop

/// What a pass through a fused net writes to: kept from step to step, as fresh memory costs more than the arithmetic.
[<Sealed>]
type internal Workspace(stages: Stage[], blocks: int) =
    let sizes = Array.append [| stages[0].Link.Source.Size |] (stages |> Array.map _.Link.Target.Size)

    let values = sizes |> Array.map (fun size -> Buffer(blocks * Tile.Lanes * size))

    // Numbers that layers pass one another without the processor's cache having to let go of them: 8 MB.
    let near = 1 <<< 21
    let part = min blocks (max 1 (near / (2 * Tile.Lanes * Array.max sizes)))

    // A pass without gradients needs none of these.
    let gradients = lazy (Array.init 2 (fun _ -> Buffer(part * Tile.Lanes * Array.max sizes)))

    let scratch = lazy (stages |> Array.map (fun s -> s.Scratch part) |> Array.max |> Buffer)

    member _.Blocks = blocks
    /// Blocks that go through all layers before the next ones do: a function of the net alone.
    member _.Part = part
    /// What goes into stage i, and at the end what comes out of the last, from a block on.
    member _.Value(i, block) = Tile.at values[i].Start (block * Tile.Lanes * sizes[i])
    /// The gradient of a part by the same, in two buffers by turns.
    member _.Gradient i = gradients.Value[i % 2].Start
    member _.Scratch = scratch.Value.Start

/// Weighted layers and rectifiers one after the other, run as one: no tensor between them, and no pass over memory but the
/// layers' own.
[<Sealed>]
type internal FusedNet(stages: Stage list, output: int64[]) =
    let stages = List.toArray stages
    let last = stages.Length - 1
    let source, target = stages[0].Link.Source, stages[last].Link.Target
    let idle = ConcurrentBag<Workspace>()

    let rec rent blocks =
        match idle.TryTake() with
        | true, free when free.Blocks = blocks -> free
        | true, _ -> rent blocks
        | _ -> Workspace(stages, blocks)

    /// Parts of a batch: the first block, how many, and how many examples they hold.
    let parts (work: Workspace) examples =
        seq {
            for first in 0 .. work.Part .. work.Blocks - 1 do
                let count = min work.Part (work.Blocks - first)
                struct (first, count, min (count * Tile.Lanes) (examples - first * Tile.Lanes))
        }

    let forward (work: Workspace) (parameters: Floats[]) examples (from: Floats) (into: Floats) =
        for struct (first, count, here) in parts work examples do
            Blocks.gather here source (Tile.at from (first * Tile.Lanes * source.Size)) (work.Value(0, first))

            for i in 0..last do
                let weights, bias = parameters[2 * i], parameters[2 * i + 1]
                stages[i].Forward(count, weights, bias, work.Value(i, first), work.Value(i + 1, first))

            let into = Tile.at into (first * Tile.Lanes * target.Size)
            Blocks.scatter here target (work.Value(last + 1, first)) into

        GC.KeepAlive work

    /// The most numbers that any one memory of a pass takes for each example, and that of a layer's weights.
    let widest =
        stages |> Array.map (fun s -> max s.Link.Source.Size s.Link.Target.Size) |> Array.max |> int64

    let heaviest = stages |> Array.map _.Weights |> Array.max

    // Places are counted by Int32, and so are a tensor's bytes where it is read in place.
    let most = int64 Int32.MaxValue / int64 sizeof<float32>

    /// Whether the kernels can count the places of all numbers of so many examples.
    member _.Takes(examples: int64) = heaviest <= most && (examples + int64 Tile.Lanes) * widest <= most

    /// Paths of weights and biases, stage by stage.
    member _.Paths = [
        for stage in stages do
            stage.Weight
            stage.Bias
    ]

    /// The shape of one example's output.
    member _.Output = output

    /// Outputs [examples, out] of inputs [examples, in], and what the gradients will need.
    member _.Record(parameters, examples, from, into) : Workspace =
        let work = rent (Blocks.count examples)
        forward work parameters examples from into
        work

    /// Outputs alone: in parts, so that memory does not grow with the number of examples.
    member _.Apply(parameters, examples, from: Floats, into: Floats) =
        let most = 4 * Tile.Lanes

        for first in 0..most .. examples - 1 do
            let from, into = Tile.at from (first * source.Size), Tile.at into (first * target.Size)
            let count = min most (examples - first)
            let work = rent (Blocks.count count)
            forward work parameters count from into
            idle.Add work

    /// Gradients by the parameters, and by the input [examples, in] where `into` is given, from that by the output.
    member _.Gradients
        (work: Workspace, parameters: Floats[], gradients: Floats[], examples, by: Floats, into: Floats voption)
        =
        for struct (first, count, here) in parts work examples do
            let output = work.Gradient(last + 1)
            Blocks.gather here target (Tile.at by (first * Tile.Lanes * target.Size)) output

            if stages[last].IsRelu then
                let positive = Finish.Where(work.Value(last + 1, first))
                Team.run (count * target.Size) (fun i -> Finish.apply positive output (i * Tile.Lanes) 0)

            for i in last .. -1 .. 0 do
                let from, by = work.Value(i, first), work.Gradient(i + 1)
                let weights, bias = gradients[2 * i], gradients[2 * i + 1]
                stages[i].Gradients(first > 0, count, from, by, work.Scratch, weights, bias)

                if i > 0 || into.IsSome then
                    let finish = if i > 0 && stages[i - 1].IsRelu then Finish.Where from else Finish.Nothing

                    stages[i].Backward(count, parameters[2 * i], by, work.Gradient i, finish)

            match into with
            | ValueSome into ->
                Blocks.scatter here source (work.Gradient 0) (Tile.at into (first * Tile.Lanes * source.Size))
            | ValueNone -> ()

        idle.Add work

[<RequireQualifiedAccess>]
module internal FusedNet =
    /// A layer of a net, at its place, between shapes.
    type Placed = { Index: int; Layer: Layer; Input: int64[]; Output: int64[] }

    /// Layers of a net that are computed together.
    type Part =
        /// By the kernels, where they can be used.
        | Fused of FusedNet * Placed list
        /// In bfloat16, where the parameters are there in it.
        | Rounded of Placed list
        | Plain of Placed

    /// Multiplications of an example below which libtorch's own layers are as fast.
    let private worthwhile = 20_000L

    let private multiplications (stage: Stage) =
        let link = stage.Link
        int64 link.Edges.Length * int64 link.Source.Channels * int64 link.Target.Channels

    let private isRelu =
        function
        | Layer.Activation Activation.Relu -> true
        | _ -> false

    let private isShaping =
        function
        | Layer.Flatten
        | Layer.Reshape _ -> true
        | _ -> false

    let private isConvolution =
        function
        | Layer.Convolution _
        | Layer.ConvolutionTransposed _ -> true
        | _ -> false

    /// A net's layers, below a path, in the longest runs that fuse.
    let parts (path: string) (layers: Placed list) : Part list =
        /// A weighted layer with what may follow it in its stage, what comes out, and the layers after these. A vector that a
        /// convolution is next to take as an image is an image in memory at once.
        let stage (source: Extent) (layers: Placed list) =
            match layers with
            | first :: rest ->
                let follows = rest |> List.takeWhile (fun l -> isRelu l.Layer || isShaping l.Layer)
                let its = first :: follows

                let after = List.skip follows.Length rest

                let target =
                    match after with
                    | next :: _ when isConvolution next.Layer && next.Input[0] > 1L -> Link.extent next.Input
                    | _ -> Link.extent first.Output

                Link.ofLayer source target first.Input first.Output first.Layer
                |> Option.map (fun link ->
                    let isRelu = follows |> List.exists (fun l -> isRelu l.Layer)
                    Stage(link, $"%s{path}.%d{first.Index}", isRelu), its, link.Target, after)
            | [] -> None

        let rec run source (layers: Placed list) =
            match stage source layers with
            | None -> [], [], layers
            | Some(one, its, target, rest) ->
                let stages, theirs, after = run target rest
                one :: stages, its @ theirs, after

        let rec split (layers: Placed list) =
            match layers with
            | [] -> []
            | first :: rest ->
                match run (Link.extent first.Input) layers with
                | stages, its, after when stages |> List.sumBy multiplications >= worthwhile ->
                    Fused(FusedNet(stages, (List.last its).Output), its) :: split after
                | _ -> Plain first :: split rest

        split layers

    /// The same where bfloat16 may be used: runs without convolutions are computed in it, as processors that have it multiply
    /// matrices in it several times as fast. libtorch's convolutions in it are slower than the kernels in single precision.
    let roundedParts path layers =
        let round part =
            match part with
            | Fused(_, its) when its |> List.exists (fun l -> isConvolution l.Layer) |> not -> Rounded its
            | _ -> part

        parts path layers |> List.map round
