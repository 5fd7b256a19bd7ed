using System;

namespace VaeFunctional;

/// <summary>
/// A law of counts with zeros of another cause: 0 with a probability pi, and else a draw of the law, which may be 0 as well
/// (Lambert, 1992). Inside it is the logit of pi.
/// </summary>
public sealed class ZeroInflated : UnivariateDistribution
{
    internal ZeroInflated(Core.ZeroInflated law)
        : base(law) => Base = Wrapping.Of(law.Base);

    private Core.ZeroInflated Own => (Core.ZeroInflated)Law;

    /// <summary>The law of the counts that are not 0 for another cause.</summary>
    public UnivariateDistribution Base { get; }

    /// <summary>log pi / (1 - pi)</summary>
    public Tensor Logits => Interop.Alias(Own.Logits);

    /// <summary>From the logit of the probability of a zero of another cause.</summary>
    /// <exception cref="ArgumentException">The law is not of counts, or the logit is NaN or infinity.</exception>
    public static ZeroInflated OfLogits(UnivariateDistribution law, double logits)
    {
        ArgumentNullException.ThrowIfNull(law);
        var place = law.Law.Placement;
        return new(Interop.Own(() => Core.ZeroInflated.OfLogits(law.Law, Core.TensorModule.scalar(place, logits))));
    }

    /// <summary>From logits that broadcast with the batch of the law. The law borrows them.</summary>
    /// <exception cref="ArgumentException">The law is not of counts, or a logit is NaN or infinity.</exception>
    public static ZeroInflated OfLogits(UnivariateDistribution law, Tensor logits)
    {
        ArgumentNullException.ThrowIfNull(law);
        return new(Core.ZeroInflated.OfLogits(law.Law, Interop.Given(logits)));
    }

    /// <summary>From the probability of a zero of another cause.</summary>
    /// <exception cref="ArgumentException">The law is not of counts, or the number is not at least 0 and below 1.</exception>
    public static ZeroInflated OfProbs(UnivariateDistribution law, double probs)
    {
        ArgumentNullException.ThrowIfNull(law);
        var place = law.Law.Placement;
        return new(Interop.Own(() => Core.ZeroInflated.OfProbs(law.Law, Core.TensorModule.scalar(place, probs))));
    }

    /// <summary>From a tensor of the same, whose gradients the law keeps.</summary>
    /// <exception cref="ArgumentException">The law is not of counts, or a number is not at least 0 and below 1.</exception>
    public static ZeroInflated OfProbs(UnivariateDistribution law, Tensor probs)
    {
        ArgumentNullException.ThrowIfNull(law);
        Interop.Given(probs);
        return new(Interop.Own(() => Core.ZeroInflated.OfProbs(law.Law, probs)));
    }
}
