using System;

namespace VaeFunctional;

/// <summary>
/// Categorical on 0 to n - 1 by its logits, [batch..., n]; a draw is the number of a category, as a floating-point number.
/// </summary>
public sealed class Categorical : UnivariateDistribution
{
    internal Categorical(Core.Categorical law)
        : base(law) { }

    /// <summary>From numbers, which need not be normalised, in 64 bits.</summary>
    /// <exception cref="ArgumentException">There are none, or one is not finite.</exception>
    public Categorical(params double[] logits)
        : this(Interop.Own(() => Core.Categorical.Create(Interop.Vector(logits)))) { }

    /// <summary>From logits, which need not be normalised: [batch..., n].</summary>
    /// <exception cref="ArgumentException">There are no categories, or a logit is not finite.</exception>
    public Categorical(Tensor logits)
        : this(Core.Categorical.Create(Interop.Given(logits))) { }

    internal Core.Categorical Own => (Core.Categorical)Law;

    /// <summary>The normalised logits, log p: [batch..., n].</summary>
    public Tensor LogProbs => Own.LogProbs.alias();

    /// <summary>The number of categories.</summary>
    public long Count => Own.Count;
}
