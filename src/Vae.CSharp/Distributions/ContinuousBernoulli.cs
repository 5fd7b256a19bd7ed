using System;

namespace VaeFunctional;

/// <summary>
/// ContinuousBernoulli on the numbers from 0 to 1, element by element: density proportional to e^(logit x),
/// right for every logit, 0 among them, where it is uniform (Loaiza-Ganem and Cunningham, 2019).
/// </summary>
public sealed class ContinuousBernoulli : UnivariateDistribution, IPathwise
{
    internal ContinuousBernoulli(Core.ContinuousBernoulli law)
        : base(law) { }

    /// <summary>From a logit, in 64 bits.</summary>
    /// <exception cref="ArgumentException">The logit is not finite.</exception>
    public static ContinuousBernoulli OfLogits(double logits) =>
        new(Interop.Own(() => Core.ContinuousBernoulli.OfLogits(logits)));

    /// <summary>From logits. The law borrows them.</summary>
    /// <exception cref="ArgumentException">A logit is not finite.</exception>
    public static ContinuousBernoulli OfLogits(Tensor logits) =>
        new(Core.ContinuousBernoulli.OfLogits(Interop.Given(logits)));

    /// <summary>From the probability of the Bernoulli law, often called lambda, in 64 bits.</summary>
    /// <exception cref="ArgumentException">It is not between 0 and 1.</exception>
    public static ContinuousBernoulli OfProbs(double probs) =>
        new(Interop.Own(() => Core.ContinuousBernoulli.OfProbs(probs)));

    /// <summary>From a tensor of the same, whose precision and gradients the law keeps.</summary>
    /// <exception cref="ArgumentException">A number is not between 0 and 1.</exception>
    public static ContinuousBernoulli OfProbs(Tensor probs)
    {
        Interop.Given(probs);
        return new(Interop.Own(() => Core.ContinuousBernoulli.OfProbs(probs)));
    }

    private Core.ContinuousBernoulli Own => (Core.ContinuousBernoulli)Law;

    Core.Reparameterized<Core.Distribution> IPathwise.Reparameterized => Paths.Of(Law)!;

    /// <summary>log p / (1 - p), p the probability of the Bernoulli law whose likelihood is made a density.</summary>
    public Tensor Logits => Interop.Alias(Own.Logits);
}
