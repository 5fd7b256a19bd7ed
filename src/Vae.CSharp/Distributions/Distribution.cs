using System;

namespace VaeFunctional;

/// <summary>
/// A law over tensors: one value that both samples and scores. Tensors are shaped draws + batch + event: the batch are
/// laws side by side, an event is what one draw of one law is.
/// </summary>
public abstract class Distribution
{
    private protected Distribution() { }

    internal abstract Core.Distribution Law { get; }

    /// <summary>The shape of the laws side by side.</summary>
    public long[] BatchShape => Law.BatchShape;

    /// <summary>The shape of one draw of one law.</summary>
    public long[] EventShape => Law.EventShape;

    /// <summary>The set each number of an event lies in.</summary>
    public Support Support => new(Law.Support);

    /// <summary>The type of the parameters' numbers, and so of every result's.</summary>
    public ScalarType DType => Law.Placement.DType;

    /// <summary>The device of the parameters, and so of every result.</summary>
    public Device Device => Law.Placement.Device;

    /// <summary>The name of the law, as errors and reports use it.</summary>
    public string Name => Law.Name;

    /// <summary>
    /// log p(x) in nats, summed over the event: x of shape draws + batch + event gives draws + batch; minus infinity
    /// outside the support.
    /// </summary>
    public Tensor LogProb(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return Interop.Keep(() => Law.LogProb(x));
    }

    /// <summary>Draws of shape draws + batch + event, without gradient. Equal keys give equal draws.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number of draws is below 1.</exception>
    public Tensor Sample(Key key, params long[] draws)
    {
        Sizes.CheckPositive(draws, nameof(draws));
        return Law.Sample(key.ToCore(), draws);
    }

    /// <summary>E[x], of shape batch + event.</summary>
    public Tensor Mean => Interop.Keep(() => Law.Mean.alias());

    /// <summary>Var[x] of each number of the event, of shape batch + event.</summary>
    public Tensor Variance => Interop.Keep(() => Law.Variance);

    /// <summary>The law with its shapes.</summary>
    public override string ToString() => Law.ToString();
}
