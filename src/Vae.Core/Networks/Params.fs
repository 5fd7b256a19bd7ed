namespace Vae.Core

open System
open System.Collections.Generic
open System.Collections.Immutable
open TorchSharp

/// A tensor that a model declares: the same path is the same tensor.
type Parameter = {
    /// Where it stands in the model, like "posterior.0.weight".
    Path: string
    Shape: int64[]
    /// Whether training moves it; a constant is saved and moved to devices with the rest.
    Trained: bool
    /// Its first value, a function of where it is made and of a key of its own.
    Initial: Placement -> Key -> Tensor
}

/// The tensors of a model by path, in declared order: views of one buffer of what is trained and one of what is not.
[<Sealed>]
type Params
    internal
    (
        declared: Parameter list,
        trained: Tensor,
        constants: Tensor,
        trainedViews: ImmutableDictionary<string, Tensor>,
        constantViews: ImmutableDictionary<string, Tensor>,
        rounded: Params option,
        probe: (string -> Tensor -> unit) option,
        isOfRest: bool
    ) =
    static let partition (declared: Parameter list) = declared |> List.partition _.Trained

    static let views (parameters: Parameter list) (flat: Tensor) =
        let sizes = parameters |> List.map (fun p -> Shape.size p.Shape) |> List.toArray

        let parts = if parameters.IsEmpty then [||] else flat.split (sizes, 0L)

        // A vector needs no view of itself: each would take its time in both directions.
        let shaped (part: Tensor) (shape: int64[]) = if shape.Length = 1 then part else part.view shape

        Seq.map2 (fun part p -> KeyValuePair(p.Path, shaped part p.Shape)) parts parameters
        |> ImmutableDictionary.CreateRange

    let live () =
        if trained.IsInvalid then
            raise (ObjectDisposedException("Params", Alive.disposed "the parameters of a model"))

    /// What is declared, each path once. Refuses one path declared with two shapes, or both trained and constant.
    static member Distinct(declared: Parameter list) =
        for path, same in declared |> List.groupBy _.Path do
            if same |> List.distinctBy (fun p -> p.Shape, p.Trained) |> List.length > 1 then
                let shapes = same |> List.map (fun p -> Check.shape p.Shape) |> String.concat " and "
                Check.refuse (nameof declared) $"'%s{path}' as %s{shapes}" "one declaration for a path"

        declared |> List.distinctBy _.Path

    /// The parameters that a function of the declaration gives, one tensor of the declared shape each, copied into one
    /// buffer. The buffers belong to the result, not to the scope it is made in.
    static member Create(place: Placement, declared: Parameter list, value: Parameter -> Tensor) =
        Native.load ()
        let declared = Params.Distinct declared
        use scope = torch.NewDisposeScope()

        let copy (p: Parameter) =
            let t = value p

            if t.shape <> p.Shape then
                Check.refuse p.Path $"of shape %s{Check.shape t.shape}" (Check.shape p.Shape)

            t.detach().``to``(place.DType, place.Device).flatten()

        let buffer (parameters: Parameter list) =
            match parameters with
            | [] -> torch.zeros ([| 0L |], dtype = place.DType, device = place.Device)
            | _ -> parameters |> List.map copy |> List.toArray |> torch.cat

        let moved, fixed' = partition declared
        let trained, constants = buffer moved, buffer fixed'

        let created =
            new Params(declared, trained, constants, views moved trained, views fixed' constants, None, None, false)

        created.Detach()
        created

    /// The first parameters of a model: each a function of the key and its path alone.
    static member Initial(place: Placement, key: Key, declared: Parameter list) =
        Params.Create(place, declared, (fun p -> p.Initial place (Key.foldName p.Path key)))

    /// The tensor at a path. Raises KeyNotFoundException, naming the paths there are.
    member _.Item
        with get (path: string) =
            live ()

            match trainedViews.TryGetValue path, constantViews.TryGetValue path with
            | (true, t), _
            | _, (true, t) -> t
            | _ ->
                let known = declared |> List.map _.Path |> String.concat ", "
                raise (KeyNotFoundException $"no parameter is called '%s{path}'; there are: %s{known}")

    /// What is declared, in order.
    member _.Declared = declared

    /// The buffer of what training moves: a vector, the parameters one after the other in declared order.
    member _.Trained =
        live ()
        trained

    /// The buffer of the constants.
    member _.Constants = constants
    /// How many numbers training moves.
    member this.Count = this.Trained.numel ()
    /// The precision and device of all of them.
    member this.Placement = Placement.like this.Trained

    /// The same parameters with another buffer of what training moves, of which they become views: how a function of
    /// the model becomes a function of one vector.
    member _.With(trained: Tensor) =
        new Params(
            declared,
            trained,
            constants,
            views (fst (partition declared)) trained,
            constantViews,
            None,
            None,
            false
        )

    /// The same, and beside each of them the same in bfloat16 for the layers that compute in it: one gradient passes through
    /// whichever is used.
    member internal _.WithRounded(trained: Tensor) =
        let single = views (fst (partition declared)) trained

        let round (view: KeyValuePair<string, Tensor>) =
            KeyValuePair(view.Key, view.Value.to_type torch.ScalarType.BFloat16)

        let rounded = single |> Seq.map round |> ImmutableDictionary.CreateRange
        let twin = new Params(declared, trained, constants, rounded, constantViews, None, None, false)
        new Params(declared, trained, constants, single, constantViews, Some twin, None, false)

    /// The same numbers as constants: gradients pass through what is computed of them, and not to them.
    member internal _.Held() =
        let hold (view: KeyValuePair<string, Tensor>) = KeyValuePair(view.Key, view.Value.detach ())
        let held = trainedViews |> Seq.map hold |> ImmutableDictionary.CreateRange
        let rounded = rounded |> Option.map _.Held()
        new Params(declared, trained.detach (), constants, held, constantViews, rounded, probe, isOfRest)

    /// The same parameters, of whose nets a function sees what every layer gives, by its path.
    member internal _.Probed(see: string -> Tensor -> unit) =
        new Params(declared, trained, constants, trainedViews, constantViews, None, Some see, false)

    /// The same parameters for what is left of an epoch after its whole batches: its few examples are computed as those are, so
    /// that a run has the same bits on any number of threads.
    member internal _.OfRest() =
        new Params(declared, trained, constants, trainedViews, constantViews, rounded, probe, true)

    member internal _.IsOfRest = isOfRest

    /// What is to see the layers' outputs.
    member internal _.Probe = probe

    /// Those in bfloat16, where layers are to compute in it.
    member internal _.Rounded = rounded

    /// A copy with buffers of its own.
    member this.Copy() = Params.Create(this.Placement, declared, (fun p -> this[p.Path]))

    /// The same, belonging to the scope that is open.
    member internal this.InScope() =
        match torch.CurrentDisposeScope with
        | null -> ()
        | scope ->
            for t in Seq.append [ trained; constants ] (Seq.append trainedViews.Values constantViews.Values) do
                scope.Attach t |> ignore

        this

    member private _.Detach() =
        for t in Seq.append [ trained; constants ] (Seq.append trainedViews.Values constantViews.Values) do
            t.DetachFromDisposeScope() |> ignore

    interface IDisposable with
        member _.Dispose() =
            for t in Seq.append (Seq.append trainedViews.Values constantViews.Values) [ trained; constants ] do
                t.Dispose()
