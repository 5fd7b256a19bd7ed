using System;

namespace VaeFunctional;

/// <summary>
/// A law over tensors: one value that both samples and scores. Tensors are shaped draws + batch + event: the batch are
/// laws side by side, an event is what one draw of one law is.
/// </summary>
public abstract class Distribution
{
    private protected Distribution(Core.Distribution law) => Law = law;

    internal Core.Distribution Law { get; }

    /// <summary>
    /// The law that a text says, such as <c>Normal(0, 1)</c>, <c>Laplace(loc=0, scale=[1, 2])</c>,
    /// <c>Truncated(Normal(0, 1), low=-1, high=inf)</c> or <c>Mixture([0.3, 0.7], Normal([0, 4], 1))</c>, in 64 bits:
    /// parameters in their order or by name, lists for vectors, matrices and batches. The order is PyTorch's, so that
    /// numbers without a name are probabilities where it has these, and a matrix without a name a covariance;
    /// <c>logits</c> and <c>scaleTril</c> go by name.
    /// </summary>
    /// <exception cref="FormatException">The text says no law: the message says what would be right.</exception>
    /// <exception cref="ArgumentException">The law refuses a parameter.</exception>
    public static Distribution Parse(string text) => Parse(text, out _);

    /// <summary>
    /// The same with the text as it was read: every parameter by its name, so that <c>Bernoulli(0.3)</c> is
    /// <c>Bernoulli(probs=0.3)</c>.
    /// </summary>
    /// <exception cref="FormatException">The text says no law: the message says what would be right.</exception>
    /// <exception cref="ArgumentException">The law refuses a parameter.</exception>
    public static Distribution Parse(string text, out string reading)
    {
        ArgumentNullException.ThrowIfNull(text);
        string? written = null;

        var law = Interop.Own(() =>
        {
            (var read, written) = Core.LawText.read(text);
            return Wrapping.Of(read);
        });

        reading = written!;
        return law;
    }

    /// <summary>The shape of the laws side by side.</summary>
    public long[] BatchShape => Law.BatchShape;

    /// <summary>The shape of one draw of one law.</summary>
    public long[] EventShape => Law.EventShape;

    /// <summary>The set each point of an event lies in.</summary>
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

    /// <summary>E[x], of shape batch + event: not a number, or infinite, where the integral is.</summary>
    /// <exception cref="NotSupportedException">No way to compute it is known.</exception>
    public Tensor Mean => Interop.Keep(() => Law.Mean.alias());

    /// <summary>Var[x] of each number of the event, of shape batch + event; as the mean in all else.</summary>
    /// <exception cref="NotSupportedException">No way to compute it is known.</exception>
    public Tensor Variance => Interop.Keep(() => Law.Variance.alias());

    /// <summary>A point of the highest density, of shape batch + event; null where none is known.</summary>
    public Tensor? Mode => Interop.KeepIfAny(() => Law.Mode);

    /// <summary>-E[log p(x)] in nats, of the batch's shape; null where it is not known.</summary>
    public Tensor? Entropy => Interop.KeepIfAny(() => Law.Entropy);

    /// <summary>
    /// The sample path, through which gradients pass, also of a law made of others; null where there is none.
    /// </summary>
    public IPathwise? Path => Paths.Find(this);

    /// <summary>The law with its shapes.</summary>
    public override string ToString() => Law.ToString();
}
