using System;

namespace VaeFunctional;

/// <summary>
/// Categorical on 0 to n - 1 by its logits or probabilities, [batch..., n]; a draw is the number of a category, as a floating-point number.
/// </summary>
public sealed class Categorical : UnivariateDistribution
{
    internal Categorical(Core.Categorical law)
        : base(law) { }

    /// <summary>
    /// From logits, which need not be normalised, in 64 bits; that of an impossible category is minus infinity.
    /// </summary>
    /// <exception cref="ArgumentException">There are none, all are minus infinity, or one is infinity or not a number.</exception>
    public static Categorical OfLogits(params double[] logits) =>
        new(Interop.Own(() => Core.Categorical.OfLogits(Interop.Vector(logits))));

    /// <summary>From logits, which need not be normalised: [batch..., n].</summary>
    /// <exception cref="ArgumentException">There are no categories, or in a law all are minus infinity, or one is infinity or not a number.</exception>
    public static Categorical OfLogits(Tensor logits) => new(Core.Categorical.OfLogits(Interop.Given(logits)));

    /// <summary>From probabilities, which are divided by their sum, in 64 bits.</summary>
    /// <exception cref="ArgumentException">There are none, all are 0, or one is negative or not finite.</exception>
    public static Categorical OfProbs(params double[] probs) =>
        new(Interop.Own(() => Core.Categorical.OfProbs(Interop.Vector(probs))));

    /// <summary>From probabilities, which are divided by their sum: [batch..., n].</summary>
    /// <exception cref="ArgumentException">There are no categories, or in a law all are 0, or one is negative or not finite.</exception>
    public static Categorical OfProbs(Tensor probs)
    {
        Interop.Given(probs);
        return new(Interop.Own(() => Core.Categorical.OfProbs(probs)));
    }

    internal Core.Categorical Own => (Core.Categorical)Law;

    /// <summary>The normalised logits, log p: [batch..., n].</summary>
    public Tensor LogProbs => Interop.Alias(Own.LogProbs);

    /// <summary>The number of categories.</summary>
    public long Count => Own.Count;
}
