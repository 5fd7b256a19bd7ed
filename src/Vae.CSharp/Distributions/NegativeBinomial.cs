using System;

namespace VaeFunctional;

/// <summary>
/// NegativeBinomial(totalCount, logits) on 0, 1, 2, ...: the successes, of log-odds logits, before totalCount failures,
/// element by element. Tails and quantiles carry no gradient.
/// </summary>
public sealed class NegativeBinomial : UnivariateDistribution
{
    internal NegativeBinomial(Core.NegativeBinomial law)
        : base(law) { }

    /// <summary>From numbers, in 64 bits.</summary>
    /// <exception cref="ArgumentException">The number of failures is not positive, or the logit not finite.</exception>
    public NegativeBinomial(double totalCount, double logits)
        : this(Interop.Own(() => new Core.NegativeBinomial(totalCount, logits))) { }

    /// <summary>From tensors that broadcast. The law borrows them.</summary>
    /// <exception cref="ArgumentException">A number of failures is not positive, or a logit not finite.</exception>
    public NegativeBinomial(Tensor totalCount, Tensor logits)
        : this(new Core.NegativeBinomial(Interop.Given(totalCount), Interop.Given(logits))) { }

    private Core.NegativeBinomial Own => (Core.NegativeBinomial)Law;

    /// <summary>The number of failures, which need not be whole.</summary>
    public Tensor TotalCount => Own.TotalCount.alias();

    /// <summary>log p / (1 - p), p the probability of success.</summary>
    public Tensor Logits => Own.Logits.alias();
}
