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

    /// <summary>From a logit, in 64 bits.</summary>
    /// <exception cref="ArgumentException">The logit is minus infinity or not a number.</exception>
    public static Geometric OfLogits(double logits) => new(Interop.Own(() => Core.Geometric.OfLogits(logits)));

    /// <summary>From logits. The law borrows them.</summary>
    /// <exception cref="ArgumentException">A logit is minus infinity or not a number.</exception>
    public static Geometric OfLogits(Tensor logits) => new(Core.Geometric.OfLogits(Interop.Given(logits)));

    /// <summary>From a probability of success, in 64 bits.</summary>
    /// <exception cref="ArgumentException">It is not above 0 and at most 1.</exception>
    public static Geometric OfProbs(double probs) => new(Interop.Own(() => Core.Geometric.OfProbs(probs)));

    /// <summary>From a tensor of the same, whose precision and gradients the law keeps.</summary>
    /// <exception cref="ArgumentException">A number is not above 0 and at most 1.</exception>
    public static Geometric OfProbs(Tensor probs)
    {
        Interop.Given(probs);
        return new(Interop.Own(() => Core.Geometric.OfProbs(probs)));
    }

    private Core.Geometric Own => (Core.Geometric)Law;

    /// <summary>log p / (1 - p), p the probability of success.</summary>
    public Tensor Logits => Interop.Alias(Own.Logits);
}
