using System;

namespace VaeFunctional;

/// <summary>
/// NegativeBinomial on 0, 1, 2, ...: the successes, of log-odds logits, before totalCount failures,
/// element by element. Tails and quantiles carry no gradient.
/// </summary>
public sealed class NegativeBinomial : UnivariateDistribution
{
    internal NegativeBinomial(Core.NegativeBinomial law)
        : base(law) { }

    /// <summary>From numbers, in 64 bits: the number of failures, and the logit.</summary>
    /// <exception cref="ArgumentException">A number of failures is not positive, or the logit is infinity or not a number.</exception>
    public static NegativeBinomial OfLogits(double totalCount, double logits) =>
        new(Interop.Own(() => Core.NegativeBinomial.OfLogits(totalCount, logits)));

    /// <summary>From tensors that broadcast. The law borrows them.</summary>
    /// <exception cref="ArgumentException">A number of failures is not positive, or a logit is infinity or not a number.</exception>
    public static NegativeBinomial OfLogits(Tensor totalCount, Tensor logits) =>
        new(Core.NegativeBinomial.OfLogits(Interop.Given(totalCount), Interop.Given(logits)));

    /// <summary>From numbers, in 64 bits: the number of failures, and the probability of success.</summary>
    /// <exception cref="ArgumentException">A number of failures is not positive, or the probability is not at least 0 and below 1.</exception>
    public static NegativeBinomial OfProbs(double totalCount, double probs) =>
        new(Interop.Own(() => Core.NegativeBinomial.OfProbs(totalCount, probs)));

    /// <summary>From tensors of the same that broadcast, whose precision and gradients the law keeps.</summary>
    /// <exception cref="ArgumentException">A number of failures is not positive, or a probability is not at least 0 and below 1.</exception>
    public static NegativeBinomial OfProbs(Tensor totalCount, Tensor probs)
    {
        Interop.Given(totalCount);
        Interop.Given(probs);
        return new(Interop.Own(() => Core.NegativeBinomial.OfProbs(totalCount, probs)));
    }

    private Core.NegativeBinomial Own => (Core.NegativeBinomial)Law;

    /// <summary>The number of failures, which need not be whole.</summary>
    public Tensor TotalCount => Interop.Alias(Own.TotalCount);

    /// <summary>log p / (1 - p), p the probability of success.</summary>
    public Tensor Logits => Interop.Alias(Own.Logits);
}
