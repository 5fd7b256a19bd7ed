using System;

namespace VaeFunctional;

/// <summary>
/// Multinomial: how many of totalCount draws of a categorical law, by its logits or probabilities [batch..., n], fall
/// into each category. An event is the vector of the n counts.
/// </summary>
public sealed class Multinomial : Distribution
{
    internal Multinomial(Core.Multinomial law)
        : base(law) { }

    /// <summary>From numbers, in 64 bits: the number of draws, and logits, which need not be normalised.</summary>
    /// <exception cref="ArgumentException">
    /// A count is negative or not whole, there are no logits, or all logits are minus infinity, or one is infinity or not a number.
    /// </exception>
    public static Multinomial OfLogits(long totalCount, params double[] logits) =>
        new(Interop.Own(() => Core.Multinomial.OfLogits(TensorNumbers.Scalar(totalCount), Interop.Vector(logits))));

    /// <summary>From tensors whose batches broadcast, [batch...] and [batch..., n]. The law borrows them.</summary>
    /// <exception cref="ArgumentException">
    /// A count is negative or not whole, there are no categories, or all logits are minus infinity, or one is infinity or not a number.
    /// </exception>
    public static Multinomial OfLogits(Tensor totalCount, Tensor logits) =>
        new(Core.Multinomial.OfLogits(Interop.Given(totalCount), Interop.Given(logits)));

    /// <summary>From numbers, in 64 bits: the number of draws, and probabilities, which are divided by their sum.</summary>
    /// <exception cref="ArgumentException">
    /// A count is negative or not whole, there are no probabilities, or all probabilities are 0, or one is negative or not finite.
    /// </exception>
    public static Multinomial OfProbs(long totalCount, params double[] probs) =>
        new(Interop.Own(() => Core.Multinomial.OfProbs(TensorNumbers.Scalar(totalCount), Interop.Vector(probs))));

    /// <summary>From tensors of the same whose batches broadcast, [batch...] and [batch..., n].</summary>
    /// <exception cref="ArgumentException">
    /// A count is negative or not whole, there are no categories, or all probabilities are 0, or one is negative or not finite.
    /// </exception>
    public static Multinomial OfProbs(Tensor totalCount, Tensor probs)
    {
        Interop.Given(totalCount);
        Interop.Given(probs);
        return new(Interop.Own(() => Core.Multinomial.OfProbs(totalCount, probs)));
    }

    private Core.Multinomial Own => (Core.Multinomial)Law;

    /// <summary>The number of draws.</summary>
    public Tensor TotalCount => Interop.Alias(Own.TotalCount);

    /// <summary>The normalised logits, log p: [batch..., n].</summary>
    public Tensor LogProbs => Interop.Alias(Own.LogProbs);
}
