using System;

namespace VaeFunctional;

/// <summary>
/// Categorical on 0 to n - 1 by its logits, [batch..., n]; a draw is the number of a category, as a floating-point number.
/// </summary>
public sealed class Categorical : Distribution
{
    private readonly Core.Categorical law;

    /// <summary>From logits, which need not be normalised, in 64 bits.</summary>
    /// <exception cref="ArgumentException">There are none, or one is not finite.</exception>
    public Categorical(params double[] logits)
    {
        ArgumentNullException.ThrowIfNull(logits);
        using var scope = Interop.Scope();
        law = Core.Categorical.Create(TensorNumbers.Vector(logits));
        law.LogProbs.DetachFromDisposeScope();
    }

    /// <summary>From logits, which need not be normalised: [batch..., n].</summary>
    /// <exception cref="ArgumentException">There are no categories, or a logit is not finite.</exception>
    public Categorical(Tensor logits)
    {
        ArgumentNullException.ThrowIfNull(logits);
        law = Core.Categorical.Create(logits);
    }

    internal override Core.Distribution Law => law;

    internal Core.Categorical Weights => law;

    /// <summary>The normalised logits, log p: [batch..., n].</summary>
    public Tensor LogProbs => law.LogProbs.alias();

    /// <summary>The number of categories.</summary>
    public long Count => law.Count;
}
