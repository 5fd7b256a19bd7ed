using System;

namespace VaeFunctional;

/// <summary>
/// Categorical by its logits or probabilities, [batch..., n], whose draws are vectors with a 1 at the category and otherwise 0.
/// </summary>
public sealed class OneHotCategorical : Distribution
{
    internal OneHotCategorical(Core.OneHotCategorical law)
        : base(law) { }

    /// <summary>
    /// From logits, which need not be normalised, in 64 bits; that of an impossible category is minus infinity.
    /// </summary>
    /// <exception cref="ArgumentException">There are none, all are minus infinity, or one is infinity or not a number.</exception>
    public static OneHotCategorical OfLogits(params double[] logits) =>
        new(Interop.Own(() => Core.OneHotCategorical.OfLogits(Interop.Vector(logits))));

    /// <summary>From logits, which need not be normalised: [batch..., n].</summary>
    /// <exception cref="ArgumentException">There are no categories, or in a law all are minus infinity, or one is infinity or not a number.</exception>
    public static OneHotCategorical OfLogits(Tensor logits) =>
        new(Core.OneHotCategorical.OfLogits(Interop.Given(logits)));

    /// <summary>From probabilities, which are divided by their sum, in 64 bits.</summary>
    /// <exception cref="ArgumentException">There are none, all are 0, or one is negative or not finite.</exception>
    public static OneHotCategorical OfProbs(params double[] probs) =>
        new(Interop.Own(() => Core.OneHotCategorical.OfProbs(Interop.Vector(probs))));

    /// <summary>From probabilities, which are divided by their sum: [batch..., n].</summary>
    /// <exception cref="ArgumentException">There are no categories, or in a law all are 0, or one is negative or not finite.</exception>
    public static OneHotCategorical OfProbs(Tensor probs)
    {
        Interop.Given(probs);
        return new(Interop.Own(() => Core.OneHotCategorical.OfProbs(probs)));
    }

    private Core.OneHotCategorical Own => (Core.OneHotCategorical)Law;

    /// <summary>The normalised logits, log p: [batch..., n].</summary>
    public Tensor LogProbs => Interop.Alias(Own.LogProbs);

    /// <summary>The law of the category's number.</summary>
    public Categorical Categories => new(Own.Categories);
}
