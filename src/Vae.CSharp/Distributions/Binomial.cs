using System;

namespace VaeFunctional;

/// <summary>
/// Binomial(totalCount, logits) on 0 to totalCount: the successes of so many trials with the log-odds logits, element
/// by element. Tails and quantiles carry no gradient.
/// </summary>
public sealed class Binomial : UnivariateDistribution
{
    internal Binomial(Core.Binomial law)
        : base(law) { }

    /// <summary>From numbers, in 64 bits.</summary>
    /// <exception cref="ArgumentException">The count is negative, or the logit not finite.</exception>
    public Binomial(long totalCount, double logits)
        : this(Interop.Own(() => new Core.Binomial(totalCount, logits))) { }

    /// <summary>From tensors that broadcast. The law borrows them.</summary>
    /// <exception cref="ArgumentException">
    /// A count is not a whole number of at least 0, or a logit not finite.
    /// </exception>
    public Binomial(Tensor totalCount, Tensor logits)
        : this(new Core.Binomial(Interop.Given(totalCount), Interop.Given(logits))) { }

    private Core.Binomial Own => (Core.Binomial)Law;

    /// <summary>The number of trials.</summary>
    public Tensor TotalCount => Own.TotalCount.alias();

    /// <summary>log p / (1 - p), p the probability of success.</summary>
    public Tensor Logits => Own.Logits.alias();
}
