namespace Vae.Core

open TorchSharp

/// A mixture of laws of any families over the same events. `Mixture` is that of one family, side by side in a batch.
[<Sealed>]
type MixtureOf private (weights: Categorical, components: Distribution list, support: Support) =
    inherit Distribution()

    let batch = weights.BatchShape
    let event = components.Head.EventShape

    /// sum_i w_i v_i, for values of the batch's shape and the event's.
    let expectation (values: Tensor list) =
        let axis = int64 (-1 - event.Length)
        let ones = Array.create event.Length 1L
        let factors = weights.LogProbs.exp().reshape(Array.append weights.LogProbs.shape ones)
        (factors * torch.stack (List.toArray values, axis)).sum axis

    /// The mixture by weights over the components' number. Refuses components whose events, supports, precisions or devices
    /// differ (one component's support has to contain the others'), and weights of another number.
    static member Create(weights: Categorical, components: Distribution list) =
        if int64 components.Length <> weights.Count then
            Check.refuse
                (nameof components)
                $"%d{components.Length} laws"
                $"%d{weights.Count}, one for each category of the weights"

        let first = components.Head

        for law in components do
            if law.EventShape <> first.EventShape then
                Check.refuse (nameof components) $"%O{law} beside %O{first}" "laws with the same event shape"

            if law.BatchShape <> weights.BatchShape then
                Check.refuse
                    (nameof components)
                    $"%O{law}"
                    $"laws with the batch of the weights, %s{Check.shape weights.BatchShape}"

            beside "the weights are" weights.Placement (nameof components) law

        let widest =
            components
            |> List.tryFind (fun outer ->
                components |> List.forall (fun inner -> Support.within inner.Support outer.Support))

        match widest with
        | None ->
            let supports = components |> List.map (fun law -> string law.Support) |> String.concat " and "
            Check.refuse (nameof components) $"on %s{supports}" "laws of which one's support contains the others'"
        | Some widest -> MixtureOf(weights, components, widest.Support)

    /// The law of the component.
    member _.Weights = weights
    /// The components, in the order of the weights.
    member _.Components = components

    override _.BatchShape = batch
    override _.EventShape = event
    override _.Support = support
    override _.Placement = weights.Placement
    override _.IsGuarded = true

    /// log sum_i w_i p_i(x), by log-sum-exp.
    override _.LogDensity x =
        let densities = components |> List.map _.LogProb(x)

        let shape =
            densities
            |> List.fold (fun shape (d: Tensor) -> Shape.broadcast "x" shape "a component" d.shape) batch

        let stacked = torch.stack (densities |> List.map _.expand(shape) |> List.toArray, -1L)
        (weights.LogProbs + stacked).logsumexp -1L

    override _.Sample(key, draws) =
        withoutGradient (fun () ->
            let whichKey, drawKey = Key.split key
            let all = components |> List.mapi (fun i law -> law.Sample(Key.fold i drawKey, draws))
            let which = weights.Sample(whichKey, draws).to_type torch.ScalarType.Int64
            let ones = Array.create event.Length 1L
            let index = which.reshape (Array.concat [ which.shape; [| 1L |]; ones ])
            let index = index.expand (Array.concat [ which.shape; [| 1L |]; event ])
            let axis = int64 (-1 - event.Length)
            torch.stack(List.toArray all, axis).gather(axis, index).squeeze axis)

    override _.Mean = Tensor.scoped (fun () -> expectation (components |> List.map _.Mean))

    /// The law of total variance.
    override this.Variance =
        Tensor.scoped (fun () ->
            let mean = this.Mean
            expectation (components |> List.map (fun law -> law.Variance + (law.Mean - mean).squared())))

    override _.Name =
        let names = components |> List.map _.Name |> String.concat ", "
        $"MixtureOf(%s{names})"

[<RequireQualifiedAccess>]
module MixtureOf =
    /// The mixture of laws by weights.
    let create (weights: Categorical) (components: Distribution list) = MixtureOf.Create(weights, components)
