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

    /// The weights as factors of something shaped batch + [n] + event.
    let factors () = weights.LogProbs.exp().reshape(Array.append weights.LogProbs.shape (Array.create eventRank 1L))

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
    override _.Support = components.Support
    override _.Placement = components.Placement

    override _.IsGuarded = true

    /// log sum_i w_i p_i(x), by log-sum-exp.
    override _.LogDensity x =
        (weights.LogProbs + components.LogProb(x.unsqueeze (x.dim () - int64 eventRank))).logsumexp(-1L)

    override _.Sample(key, draws) =
        withoutGradient (fun () ->
            let whichKey, drawKey = Key.split key
            let all = components.Sample(drawKey, draws)
            let which = weights.Sample(whichKey, draws).to_type torch.ScalarType.Int64
            let selector = which.reshape (Array.append which.shape (Array.create (1 + eventRank) 1L))
            let selected = Array.append which.shape (Array.append [| 1L |] components.EventShape)
            all.gather(all.dim () + axis, selector.expand selected).squeeze axis)

    override _.Mean = Tensor.scoped (fun () -> (factors () * components.Mean).sum axis)

    /// The law of total variance.
    override this.Variance =
        Tensor.scoped (fun () ->
            let between = (components.Mean - this.Mean.unsqueeze axis).squared()
            (factors () * (components.Variance + between)).sum axis)

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
        create (Categorical.Create(torch.zeros (laws.BatchShape, dtype = place.DType, device = place.Device))) laws
