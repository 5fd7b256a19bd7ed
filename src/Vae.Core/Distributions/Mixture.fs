namespace Vae.Core

open TorchSharp

/// A mixture of n laws of one family: the components' last batch dimension, of size n, is what is mixed over.
/// The weights are a Categorical over n with the remaining batch.
[<Sealed>]
type Mixture private (weights: Categorical, components: Distribution) =
    inherit Distribution()

    let eventRank = components.EventShape.Length

    /// Where the components stand in a tensor shaped draws + batch + [n] + event.
    let axis = int64 (-1 - eventRank)

    /// Something of the weights beside what is shaped batch + [n] + event.
    let besideEvents = Shape.besideEvents eventRank

    /// Where components have no weight.
    let none () = besideEvents (LogOdds.isNone weights.LogProbs)

    /// The sum over the components of weight times value. A component of no weight counts for nothing, whatever its value.
    let expectation (values: Tensor) =
        let counted = if weights.HasNone then LogOdds.orZero (none ()) values else values
        (besideEvents (weights.LogProbs.exp ()) * counted).sum axis

    /// What holds the ends of all components that have weight.
    let hull (low: Bound, high: Bound) =
        let shape = Array.append weights.LogProbs.shape components.EventShape

        let over (extreme: Tensor -> Tensor) (neutral: float) bound =
            match bound with
            | Bound.At _ -> bound
            | Bound.PerLaw ends ->
                let ends = ends.detach().expand shape
                Bound.PerLaw(extreme (ends.masked_fill (none (), neutral.AsScalar())))

        over _.amin([| axis |]) infinity low, over _.amax([| axis |]) -infinity high

    /// Refuses weights and components that do not count alike, or differ in precision or device.
    static member Create(weights: Categorical, components: Distribution) =
        let expected = Array.append weights.BatchShape [| weights.Count |]

        if components.BatchShape <> expected then
            Check.refuse
                (nameof components)
                $"of batch shape %s{Check.shape components.BatchShape}"
                $"%s{Check.shape expected}: the batch of the weights, then one for each of their %d{weights.Count} categories"

        beside "the weights are" weights.Placement (nameof components) components
        Mixture(weights, components)

    /// The law of the component.
    member _.Weights = weights
    /// The components, side by side in the last dimension of their batch.
    member _.Components = components

    override _.BatchShape = weights.BatchShape
    override _.EventShape = components.EventShape

    override _.Support =
        match components.Support with
        | Support.Open(low, high) -> Support.Open(hull (low, high))
        | Support.Closed(low, high) -> Support.Closed(hull (low, high))
        | Support.Integers(low, high) -> Support.Integers(hull (low, high))
        | other -> other

    override _.Placement = components.Placement

    override _.IsGuarded = true

    /// log sum_i w_i p_i(x), by log-sum-exp: -infinity, of gradient 0, where no component has x. A component of no weight sees a
    /// point that it has, so that neither its density nor its gradient can spoil the others'.
    override _.LogDensity x =
        let x = x.unsqueeze (x.dim () - int64 eventRank)

        if weights.HasNone then
            let anchor = Support.anchor components.Placement components.EventShape components.Support
            let none = LogOdds.isNone weights.LogProbs
            let densities = components.LogProb(torch.where (besideEvents none, anchor, x))

            (weights.LogProbs .+. LogOdds.orZero none densities)
                .masked_fill(none, System.Double.NegativeInfinity.AsScalar())
            |> LogOdds.sum
        else
            LogOdds.sum (weights.LogProbs .+. components.LogProb x)

    override this.LogDensityAt x =
        if weights.HasNone then
            this.LogDensity x.X
        else
            let among (t: Tensor) = t.unsqueeze (t.dim () - int64 eventRank)
            LogOdds.sum (weights.LogProbs .+. components.LogProbAt(Position.map among x))

    override _.SampleAt(key, draws) =
        positionsWithoutGradient (fun () ->
            let whichKey, drawKey = Key.split key
            let which = weights.Sample(whichKey, draws).to_type torch.ScalarType.Int64
            let selector = which.reshape (Array.append which.shape (Array.create (1 + eventRank) 1L))
            let selected = Array.append which.shape (Array.append [| 1L |] components.EventShape)
            let select (all: Tensor) = all.gather(all.dim () + axis, selector.expand selected).squeeze axis
            { Position.map select (components.SampleAt(drawKey, draws)) with Parts = [] })

    override this.Sample(key, draws) = points (fun () -> this.SampleAt(key, draws))

    override _.Mean = Tensor.scoped (fun () -> expectation components.Mean)

    /// The law of total variance.
    override this.Variance =
        Tensor.scoped (fun () ->
            let between = (components.Mean - this.Mean.unsqueeze axis).squared()
            expectation (components.Variance .+. between))

    override _.Name = $"Mixture(%s{components.Name})"

[<RequireQualifiedAccess>]
module Mixture =
    /// The mixture of components by weights.
    let create (weights: Categorical) (components: Distribution) = Mixture.Create(weights, components)

    /// The aggregate of a batch of laws, such as the posteriors of a data set: q(z) = 1/n sum_i q(z | x_i), over the last
    /// dimension of their batch. Refuses a law without a batch.
    let aggregate (laws: Distribution) =
        if laws.BatchShape.Length = 0 then
            Check.refuse (nameof laws) $"%O{laws}" "a batch of laws"

        let place = laws.Placement
        create (Categorical.OfLogits(torch.zeros (laws.BatchShape, dtype = place.DType, device = place.Device))) laws
