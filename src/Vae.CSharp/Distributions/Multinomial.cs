using System;

namespace VaeFunctional;

/// <summary>
/// Multinomial(totalCount, logits): how many of so many draws of a categorical law, by its logits [batch..., n], fall
/// into each category. An event is the vector of the n counts.
/// </summary>
public sealed class Multinomial : Distribution
{
    internal Multinomial(Core.Multinomial law)
        : base(law) { }

    /// <summary>From numbers, in 64 bits.</summary>
    /// <exception cref="ArgumentException">
    /// The count is negative, there are no logits, or one is not finite.
    /// </exception>
    public Multinomial(long totalCount, params double[] logits)
        : this(Interop.Own(() => Core.Multinomial.Create(TensorNumbers.Scalar(totalCount), Interop.Vector(logits)))) { }

    /// <summary>
    /// From the count [batch...] and the logits [batch..., n], whose batches broadcast. The law borrows them.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// A count is not a whole number of at least 0, there are no categories, or a logit is not finite.
    /// </exception>
    public Multinomial(Tensor totalCount, Tensor logits)
        : this(Core.Multinomial.Create(Interop.Given(totalCount), Interop.Given(logits))) { }

    private Core.Multinomial Own => (Core.Multinomial)Law;

    /// <summary>The number of draws.</summary>
    public Tensor TotalCount => Own.TotalCount.alias();

    /// <summary>The normalised logits, log p: [batch..., n].</summary>
    public Tensor LogProbs => Own.LogProbs.alias();
}
