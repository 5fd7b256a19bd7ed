using System;

namespace VaeFunctional;

/// <summary>
/// Geometric on 0, 1, 2, ...: the failures before the first success of trials with the log-odds logits, element by
/// element.
/// </summary>
public sealed class Geometric : UnivariateDistribution
{
    internal Geometric(Core.Geometric law)
        : base(law) { }

    /// <summary>From a number, in 64 bits.</summary>
    /// <exception cref="ArgumentException">The logit is not finite.</exception>
    public Geometric(double logits)
        : this(Interop.Own(() => new Core.Geometric(logits))) { }

    /// <summary>From a tensor. The law borrows it.</summary>
    /// <exception cref="ArgumentException">A logit is not finite.</exception>
    public Geometric(Tensor logits)
        : this(new Core.Geometric(Interop.Given(logits))) { }

    private Core.Geometric Own => (Core.Geometric)Law;

    /// <summary>log p / (1 - p), p the probability of success.</summary>
    public Tensor Logits => Own.Logits.alias();
}
