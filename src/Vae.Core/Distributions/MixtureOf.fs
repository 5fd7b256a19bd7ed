namespace Vae.Core

open TorchSharp

/// A mixture of laws of any families over the same events. `Mixture` is that of one family, side by side in a batch.
[<Sealed>]
type MixtureOf private (weights: Categorical, components: Distribution list, support: Support) =
    inherit Distribution()

    let batch = weights.BatchShape
    let event = components.Head.EventShape

    /// Where the i-th component has no weight, of the batch's shape.
    let noneOf i = LogOdds.isNone (weights.LogProbs.select (-1L, int64 i))

    /// sum_i w_i v_i, for values of the batch's shape and the event's. A component of no weight counts for nothing, whatever its
    /// value.
    let expectation (values: Tensor list) =
        let axis = int64 (-1 - event.Length)
        let besideEvents = Shape.besideEvents event.Length

        let counted =
            if weights.HasNone then
                values |> List.mapi (fun i value -> LogOdds.orZero (besideEvents (noneOf i)) value)
            else
                values

        (besideEvents (weights.LogProbs.exp ()) * torch.stack (List.toArray counted, axis)).sum axis

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

        // A component that has no weight in any law of the batch does not widen what the mixture is on.
        let used =
            if weights.HasNone then
                use _ = torch.NewDisposeScope()

                components
                |> List.indexed
                |> List.filter (fun (i, _) ->
                    not ((LogOdds.isNone (weights.LogProbs.select (-1L, int64 i))).all().isTrue()))
                |> List.map snd
            else
                components

        let widest =
            used
            |> List.tryFind (fun outer -> used |> List.forall (fun inner -> Support.within inner.Support outer.Support))

        match widest with
        | None ->
            let supports = used |> List.map (fun law -> string law.Support) |> String.concat " and "
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

    /// log sum_i w_i p_i(x), by log-sum-exp: -infinity, of gradient 0, where no component has x. A component of no weight sees a
    /// point that it has, so that neither its density nor its gradient can spoil the others'.
    override this.LogDensity x = this.LogDensityAt(Position.at x)

    override _.LogDensityAt x =
        let density i (law: Distribution) =
            if weights.HasNone then
                let none = noneOf i
                let beside = Shape.besideEvents event.Length none
                let anchor = Support.anchor law.Placement law.EventShape law.Support
                let density = law.LogProb(torch.where (beside, anchor, x.X))
                density.masked_fill (none, System.Double.NegativeInfinity.AsScalar())
            else
                law.LogProbAt x

        let densities = components |> List.mapi density

        let shape =
            densities
            |> List.fold (fun shape (d: Tensor) -> Shape.broadcast "x" shape "a component" d.shape) batch

        let stacked = torch.stack (densities |> List.map _.expand(shape) |> List.toArray, -1L)

        let logWeights =
            if weights.HasNone then
                LogOdds.orZero (LogOdds.isNone weights.LogProbs) weights.LogProbs
            else
                weights.LogProbs

        LogOdds.sum (logWeights .+. stacked)

    override _.SampleAt(key, draws) =
        positionsWithoutGradient (fun () ->
            let whichKey, drawKey = Key.split key
            let all = components |> List.mapi (fun i law -> law.SampleAt(Key.fold i drawKey, draws))
            let which = weights.Sample(whichKey, draws)
            let which = Shape.besideEvents event.Length which

            (all.Head, List.indexed all.Tail)
            ||> List.fold (fun chosen (i, next) -> Position.choose (which.eq ((float (i + 1)).AsScalar())) next chosen))

    override this.Sample(key, draws) = points (fun () -> this.SampleAt(key, draws))

    override _.Mean = Tensor.scoped (fun () -> expectation (components |> List.map _.Mean))

    /// The law of total variance.
    override this.Variance =
        Tensor.scoped (fun () ->
            let mean = this.Mean
            expectation (components |> List.map (fun law -> law.Variance .+. (law.Mean - mean).squared())))

    override _.Name =
        let names = components |> List.map _.Name |> String.concat ", "
        $"MixtureOf(%s{names})"

[<RequireQualifiedAccess>]
module MixtureOf =
    /// The mixture of laws by weights.
    let create (weights: Categorical) (components: Distribution list) = MixtureOf.Create(weights, components)
