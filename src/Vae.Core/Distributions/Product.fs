namespace Vae.Core

open TorchSharp

/// Named laws that are independent of each other, as one law: an event is a vector of the parts' numbers, one part after
/// the other. Hierarchical latents are laws of this kind.
[<Sealed>]
type Product private (parts: (string * Distribution) list) =
    inherit Distribution()

    let batch = (snd parts.Head).BatchShape
    let sizes = parts |> List.map (fun (_, law) -> Shape.size law.EventShape)

    /// Numbers of the parts, each of shape leading + its event, in one vector.
    let join (leading: int64[]) (values: Tensor list) =
        let flat =
            List.map2 (fun (value: Tensor) size -> value.reshape (Array.append leading [| size |])) values sizes

        torch.cat (List.toArray flat, -1L)

    /// Something of each part's laws, of the batch's shape and the part's event.
    let joinMoments (moment: Distribution -> Tensor) =
        Tensor.scoped (fun () -> parts |> List.map (fun (_, law) -> moment law) |> join batch)

    let every (quantity: Distribution -> Tensor option) =
        let all = parts |> List.choose (fun (_, law) -> quantity law)
        if all.Length = parts.Length then Some all else None

    /// The product of parts. Refuses none, names that are used twice, and parts whose batches, precisions or
    /// devices differ.
    static member Create(parts: (string * Distribution) list) =
        if parts.IsEmpty then
            Check.refuse (nameof parts) "empty" "at least one named law"

        for name, count in parts |> List.countBy fst do
            if count > 1 then
                Check.refuse (nameof parts) $"two laws named %s{name}" "a name for each"

        let first = snd parts.Head

        for name, law in parts do
            if law.BatchShape <> first.BatchShape then
                Check.refuse
                    name
                    $"%O{law}"
                    $"the batch of the first part, %s{Check.shape first.BatchShape}: a batch of all or of none"

            beside "the first part is" first.Placement name law

        Product parts

    /// The parts, in order.
    member _.Parts = parts

    /// The numbers of one part of an event: x of shape draws + batch + event gives draws + batch + the part's event.
    /// Refuses a name that no part has.
    member _.Part(name: string, x: Tensor) : Tensor =
        match parts |> List.tryFindIndex (fun (known, _) -> known = name) with
        | None ->
            let names = parts |> List.map fst |> String.concat ", "
            Check.refuse (nameof name) name $"one of %s{names}"
        | Some i ->
            let start = sizes |> List.take i |> List.sum
            let shape = Array.append (fst (Shape.splitLast 1 x.shape)) (snd parts[i]).EventShape
            Tensor.scoped (fun () -> x.narrow(-1L, start, sizes[i]).reshape shape)

    override _.BatchShape = batch
    override _.EventShape = [| List.sum sizes |]
    override _.Support = Support.Parts(parts |> List.map (fun (_, law) -> law.EventShape, law.Support))
    override _.Placement = (snd parts.Head).Placement
    override _.IsGuarded = true

    override this.LogDensity x = this.LogDensityAt(Position.at x)

    override this.LogDensityAt x =
        let part name =
            match x.Parts |> List.tryFind (fun (known, _) -> known = name) with
            | Some(_, part) -> part
            | None -> Position.at (this.Part(name, x.X))

        parts |> List.map (fun (name, law) -> law.LogProbAt(part name)) |> List.reduce (.+.)

    /// Each part draws from the key of its name.
    override _.SampleAt(key, draws) =
        positionsWithoutGradient (fun () ->
            let drawn = parts |> List.map (fun (name, law) -> name, law.SampleAt(Key.foldName name key, draws))

            {
                Position.at (drawn |> List.map (fun (_, part) -> part.X) |> join (Array.append draws batch)) with
                    Parts = drawn
            })

    override this.Sample(key, draws) = points (fun () -> this.SampleAt(key, draws))

    override _.Mean = joinMoments _.Mean
    override _.Variance = joinMoments _.Variance

    override _.Mode = every _.Mode |> Option.map (fun _ -> joinMoments (fun law -> law.Mode.Value))

    override _.Entropy = whereKnown (fun () -> every _.Entropy |> Option.map (fun all -> List.reduce (.+.) all))

    override _.Name =
        let names = parts |> List.map (fun (name, law) -> $"%s{name}: %s{law.Name}") |> String.concat ", "
        $"Product(%s{names})"

[<RequireQualifiedAccess>]
module Product =
    /// The joint law of independent named parts.
    let create (parts: (string * Distribution) list) = Product.Create parts

    /// The numbers of one part of an event.
    let part name (x: Tensor) (law: Product) = law.Part(name, x)
