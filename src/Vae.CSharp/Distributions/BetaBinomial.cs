using System;

namespace VaeFunctional;

/// <summary>
/// BetaBinomial(totalCount, concentration1, concentration0) on 0 to totalCount: a binomial law whose probability of
/// success is Beta(concentration1, concentration0), element by element. Tails and quantiles carry no gradient.
/// </summary>
public sealed class BetaBinomial : UnivariateDistribution
{
    internal BetaBinomial(Core.BetaBinomial law)
        : base(law) { }

    /// <summary>From numbers, in 64 bits.</summary>
    /// <exception cref="ArgumentException">The count is negative, or a concentration not positive.</exception>
    public BetaBinomial(long totalCount, double concentration1, double concentration0)
        : this(Interop.Own(() => new Core.BetaBinomial(totalCount, concentration1, concentration0))) { }

    /// <summary>From tensors that broadcast. The law borrows them.</summary>
    /// <exception cref="ArgumentException">
    /// A count is not a whole number of at least 0, or a concentration not positive.
    /// </exception>
    public BetaBinomial(Tensor totalCount, Tensor concentration1, Tensor concentration0)
        : this(
            new Core.BetaBinomial(
                Interop.Given(totalCount),
                Interop.Given(concentration1),
                Interop.Given(concentration0)
            )
        ) { }

    private Core.BetaBinomial Own => (Core.BetaBinomial)Law;

    /// <summary>The number of trials.</summary>
    public Tensor TotalCount => Interop.Alias(Own.TotalCount);

    /// <summary>The concentration of successes.</summary>
    public Tensor Concentration1 => Interop.Alias(Own.Concentration1);

    /// <summary>The concentration of failures.</summary>
    public Tensor Concentration0 => Interop.Alias(Own.Concentration0);
}
