using System;

namespace VaeFunctional;

/// <summary>
/// Bernoulli on {0, 1} by its logits, log p / (1 - p), element by element. There is no form by probabilities: those
/// saturate at 12 to 16 nats, or lose their gradient.
/// </summary>
public sealed class Bernoulli : UnivariateDistribution
{
    internal Bernoulli(Core.Bernoulli law)
        : base(law) { }

    /// <summary>From a number, in 64 bits.</summary>
    /// <exception cref="ArgumentException">The logit is not finite.</exception>
    public Bernoulli(double logits)
        : this(Interop.Own(() => new Core.Bernoulli(logits))) { }

    /// <summary>From a tensor. The law borrows it.</summary>
    /// <exception cref="ArgumentException">A logit is not finite.</exception>
    public Bernoulli(Tensor logits)
        : this(new Core.Bernoulli(Interop.Given(logits))) { }

    private Core.Bernoulli Own => (Core.Bernoulli)Law;

    /// <summary>log p / (1 - p)</summary>
    public Tensor Logits => Own.Logits.alias();

    /// <summary>
    /// -[x log p + (1 - x) log(1 - p)] in nats for x in [0, 1], element by element: minus the log-density for x in {0, 1},
    /// and for grey levels between them a score that is no density.
    /// </summary>
    public Tensor CrossEntropy(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return Interop.Keep(() => Own.CrossEntropy(x));
    }
}
