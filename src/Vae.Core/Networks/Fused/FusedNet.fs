namespace Vae.Core

#nowarn "9" // Memory by address.

open System
open System.Collections.Concurrent
open FSharp.NativeInterop

/// What a pass through a fused net writes to: kept from step to step, as fresh memory costs more than the arithmetic.
[<Sealed>]
type internal Workspace(stages: Stage[], blocks: int) =
    let numbers size = Buffer(blocks * Tile.Lanes * size)
    let sizes = Array.append [| stages[0].Link.Source.Size |] (stages |> Array.map _.Link.Target.Size)
    let values = sizes |> Array.map numbers

    // A pass without gradients needs none of these.
    let gradients = lazy (Array.init 2 (fun _ -> numbers (Array.max sizes)))
    let scratch = lazy (stages |> Array.map (fun s -> s.Scratch blocks) |> Array.max |> Buffer)

    member _.Blocks = blocks
    /// What goes into stage i, and at the end what comes out of the last.
    member _.Value i = values[i]
    /// The gradient by the same, in two buffers by turns.
    member _.Gradient i = gradients.Value[i % 2]
    member _.Scratch = scratch.Value

/// Weighted layers and rectifiers one after the other, run as one: no tensor between them, and no pass over memory but the
/// layers' own.
[<Sealed>]
type internal FusedNet(stages: Stage list, output: int64[]) =
    let stages = List.toArray stages
    let last = stages.Length - 1
    let idle = ConcurrentBag<Workspace>()

    let rec rent blocks =
        match idle.TryTake() with
        | true, free when free.Blocks = blocks -> free
        | true, _ -> rent blocks
        | _ -> Workspace(stages, blocks)

    /// Paths of weights and biases, stage by stage.
    member _.Paths = [
        for stage in stages do
            stage.Weight
            stage.Bias
    ]

    /// The shape of one example's output.
    member _.Output = output

    member private _.Forward(work: Workspace, parameters: Floats[], examples, from: Floats, into: Floats) =
        let first, final = stages[0].Link, stages[last].Link
        Blocks.gather examples first.Source from (work.Value 0).Start

        for i in 0..last do
            let weights, bias = parameters[2 * i], parameters[2 * i + 1]
            stages[i].Forward(work.Blocks, weights, bias, (work.Value i).Start, (work.Value(i + 1)).Start)

        Blocks.scatter examples final.Target (work.Value(last + 1)).Start into

    /// Outputs [examples, out] of inputs [examples, in], and what the gradients will need.
    member this.Record(parameters, examples, from, into) : Workspace =
        let work = rent (Blocks.count examples)
        this.Forward(work, parameters, examples, from, into)
        work

    /// Outputs alone: in parts, so that memory does not grow with the number of examples.
    member this.Apply(parameters, examples, from: Floats, into: Floats) =
        let part = 4 * Tile.Lanes
        let work = rent (Blocks.count (min part examples))

        for first in 0..part .. examples - 1 do
            let from = Tile.at from (first * stages[0].Link.Source.Size)
            let into = Tile.at into (first * stages[last].Link.Target.Size)
            let count = min part (examples - first)

            if Blocks.count count = work.Blocks then
                this.Forward(work, parameters, count, from, into)
            else
                this.Forward(Workspace(stages, Blocks.count count), parameters, count, from, into)

        idle.Add work

    /// Gradients by the parameters, and by the input [examples, in] where `into` is given, from that by the output.
    member _.Gradients
        (work: Workspace, parameters: Floats[], gradients: Floats[], examples, by: Floats, into: Floats voption)
        =
        let blocks = work.Blocks
        Blocks.gather examples stages[last].Link.Target by (work.Gradient(last + 1)).Start

        if stages[last].IsRelu then
            let positive = Finish.Where (work.Value(last + 1)).Start
            let gradient = (work.Gradient(last + 1)).Start

            Team.run (blocks * stages[last].Link.Target.Size) (fun i ->
                Finish.apply positive gradient (i * Tile.Lanes) 0)

        for i in last .. -1 .. 0 do
            let from, by = (work.Value i).Start, (work.Gradient(i + 1)).Start
            stages[i].Gradients(blocks, from, by, work.Scratch.Start, gradients[2 * i], gradients[2 * i + 1])

            if i > 0 || into.IsSome then
                let finish = if i > 0 && stages[i - 1].IsRelu then Finish.Where from else Finish.Nothing
                stages[i].Backward(blocks, parameters[2 * i], by, (work.Gradient i).Start, finish)

        match into with
        | ValueSome into -> Blocks.scatter examples stages[0].Link.Source (work.Gradient 0).Start into
        | ValueNone -> ()

        idle.Add work

[<RequireQualifiedAccess>]
module internal FusedNet =
    /// A layer of a net, at its place, between shapes.
    type Placed = { Index: int; Layer: Layer; Input: int64[]; Output: int64[] }

    /// Parts of a net: fused, or as they are.
    type Part =
        | Fused of FusedNet
        | Plain of Placed

    /// Multiplications of an example below which libtorch's own layers are as fast.
    let private worthwhile = 20_000L

    let private multiplications (stage: Stage) =
        let link = stage.Link
        int64 link.Edges.Length * int64 link.Source.Channels * int64 link.Target.Channels

    /// The longest fused runs of layers.
    let parts (path: string) (layers: Placed list) : Part list =
        let isRelu =
            function
            | Layer.Activation Activation.Relu -> true
            | _ -> false

        let isShaping =
            function
            | Layer.Flatten
            | Layer.Reshape _ -> true
            | _ -> false

        /// A weighted layer with what may follow it in its stage, what comes out, and the layers after these. A vector that a
        /// convolution is next to take as an image is an image in memory at once.
        let stage (source: Extent) (layers: Placed list) =
            match layers with
            | [] -> None
            | first :: rest ->
                let follows = rest |> List.takeWhile (fun l -> isRelu l.Layer || isShaping l.Layer)
                let its = first :: follows

                let after = List.skip follows.Length rest

                let isImage =
                    function
                    | Layer.Convolution _
                    | Layer.ConvolutionTransposed _ -> true
                    | _ -> false

                let target =
                    match after with
                    | next :: _ when isImage next.Layer && next.Input[0] > 1L -> Link.extent next.Input
                    | _ -> Link.extent first.Output

                Link.ofLayer source target first.Input first.Output first.Layer
                |> Option.map (fun link ->
                    let isRelu = follows |> List.exists (fun l -> isRelu l.Layer)
                    Stage(link, $"%s{path}.%d{first.Index}", isRelu), its, link.Target, after)

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
                    Fused(FusedNet(stages, (List.last its).Output)) :: split after
                | _ -> Plain first :: split rest

        split layers
