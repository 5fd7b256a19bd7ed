using System;

namespace VaeFunctional;

/// <summary>
/// Binomial on 0 to totalCount: the successes of so many trials with the log-odds logits, element
/// by element. Tails and quantiles carry no gradient.
/// </summary>
public sealed class Binomial : UnivariateDistribution
{
    internal Binomial(Core.Binomial law)
        : base(law) { }

    /// <summary>From numbers, in 64 bits: the number of trials, and the logit.</summary>
    /// <exception cref="ArgumentException">A count is negative or not whole, or the logit is not a number.</exception>
    public static Binomial OfLogits(long totalCount, double logits) =>
        new(Interop.Own(() => Core.Binomial.OfLogits(totalCount, logits)));

    /// <summary>From tensors that broadcast. The law borrows them.</summary>
    /// <exception cref="ArgumentException">A count is negative or not whole, or a logit is not a number.</exception>
    public static Binomial OfLogits(Tensor totalCount, Tensor logits) =>
        new(Core.Binomial.OfLogits(Interop.Given(totalCount), Interop.Given(logits)));

    /// <summary>From numbers, in 64 bits: the number of trials, and the probability of success.</summary>
    /// <exception cref="ArgumentException">A count is negative or not whole, or the probability is not from 0 to 1.</exception>
    public static Binomial OfProbs(long totalCount, double probs) =>
        new(Interop.Own(() => Core.Binomial.OfProbs(totalCount, probs)));

    /// <summary>From tensors of the same that broadcast, whose precision and gradients the law keeps.</summary>
    /// <exception cref="ArgumentException">A count is negative or not whole, or a probability is not from 0 to 1.</exception>
    public static Binomial OfProbs(Tensor totalCount, Tensor probs)
    {
        Interop.Given(totalCount);
        Interop.Given(probs);
        return new(Interop.Own(() => Core.Binomial.OfProbs(totalCount, probs)));
    }

    private Core.Binomial Own => (Core.Binomial)Law;

    /// <summary>The number of trials.</summary>
    public Tensor TotalCount => Interop.Alias(Own.TotalCount);

    /// <summary>log p / (1 - p), p the probability of success.</summary>
    public Tensor Logits => Interop.Alias(Own.Logits);
}
