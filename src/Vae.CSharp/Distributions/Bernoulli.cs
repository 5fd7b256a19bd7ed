using System;

namespace VaeFunctional;

/// <summary>
/// Bernoulli on {0, 1} by its logits, log p / (1 - p), element by element. There is no form by probabilities: those
/// saturate at 12 to 16 nats, or lose their gradient.
/// </summary>
public sealed class Bernoulli : Distribution
{
    private readonly Core.Bernoulli law;

    /// <summary>From one logit, in 64 bits.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The logit is not finite.</exception>
    public Bernoulli(double logits)
    {
        Numbers.CheckFinite(logits, nameof(logits));
        law = new Core.Bernoulli(logits);
    }

    /// <summary>From logits. The law borrows them.</summary>
    /// <exception cref="ArgumentException">A logit is not finite.</exception>
    public Bernoulli(Tensor logits)
    {
        ArgumentNullException.ThrowIfNull(logits);
        law = new Core.Bernoulli(logits);
    }

    internal override Core.Distribution Law => law;

    /// <summary>log p / (1 - p)</summary>
    public Tensor Logits => law.Logits.alias();

    /// <summary>
    /// -[x log p + (1 - x) log(1 - p)] in nats for x in [0, 1], element by element: minus the log-density for x in {0, 1},
    /// and for grey levels between them a score that is no density.
    /// </summary>
    public Tensor CrossEntropy(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return Interop.Keep(() => law.CrossEntropy(x));
    }
}
