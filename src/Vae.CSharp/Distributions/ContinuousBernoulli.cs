using System;

namespace VaeFunctional;

/// <summary>
/// ContinuousBernoulli(logits) on the numbers from 0 to 1, element by element: density proportional to e^(logit x),
/// right for every logit, 0 among them, where it is uniform (Loaiza-Ganem and Cunningham, 2019).
/// </summary>
public sealed class ContinuousBernoulli : UnivariateDistribution, IPathwise
{
    internal ContinuousBernoulli(Core.ContinuousBernoulli law)
        : base(law) { }

    /// <summary>From a number, in 64 bits.</summary>
    /// <exception cref="ArgumentException">The logit is not finite.</exception>
    public ContinuousBernoulli(double logits)
        : this(Interop.Own(() => new Core.ContinuousBernoulli(logits))) { }

    /// <summary>From a tensor. The law borrows it.</summary>
    /// <exception cref="ArgumentException">A logit is not finite.</exception>
    public ContinuousBernoulli(Tensor logits)
        : this(new Core.ContinuousBernoulli(Interop.Given(logits))) { }

    private Core.ContinuousBernoulli Own => (Core.ContinuousBernoulli)Law;

    Core.Reparameterized<Core.Distribution> IPathwise.Reparameterized => Paths.Of(Law)!;

    /// <summary>log p / (1 - p), p the probability of the Bernoulli law whose likelihood is made a density.</summary>
    public Tensor Logits => Own.Logits.alias();
}
