using System;

namespace VaeFunctional;

/// <summary>
/// Categorical by its logits, [batch..., n], whose draws are vectors with a 1 at the category and otherwise 0.
/// </summary>
public sealed class OneHotCategorical : Distribution
{
    internal OneHotCategorical(Core.OneHotCategorical law)
        : base(law) { }

    /// <summary>From numbers, which need not be normalised, in 64 bits.</summary>
    /// <exception cref="ArgumentException">There are none, or one is not finite.</exception>
    public OneHotCategorical(params double[] logits)
        : this(Interop.Own(() => Core.OneHotCategorical.Create(Interop.Vector(logits)))) { }

    /// <summary>From logits, which need not be normalised: [batch..., n].</summary>
    /// <exception cref="ArgumentException">There are no categories, or a logit is not finite.</exception>
    public OneHotCategorical(Tensor logits)
        : this(Core.OneHotCategorical.Create(Interop.Given(logits))) { }

    private Core.OneHotCategorical Own => (Core.OneHotCategorical)Law;

    /// <summary>The normalised logits, log p: [batch..., n].</summary>
    public Tensor LogProbs => Own.LogProbs.alias();

    /// <summary>The law of the category's number.</summary>
    public Categorical Categories => new(Own.Categories);
}
