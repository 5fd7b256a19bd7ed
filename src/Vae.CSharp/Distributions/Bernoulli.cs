using System;

namespace VaeFunctional;

/// <summary>
/// Bernoulli on {0, 1}, element by element. Inside it are logits, log p / (1 - p), whichever it is made from:
/// probabilities saturate at 12 to 16 nats, or lose their gradient. A certain outcome has an infinite logit.
/// </summary>
public sealed class Bernoulli : UnivariateDistribution
{
    internal Bernoulli(Core.Bernoulli law)
        : base(law) { }

    /// <summary>From a logit, in 64 bits.</summary>
    /// <exception cref="ArgumentException">The logit is not a number.</exception>
    public static Bernoulli OfLogits(double logits) => new(Interop.Own(() => Core.Bernoulli.OfLogits(logits)));

    /// <summary>From logits. The law borrows them.</summary>
    /// <exception cref="ArgumentException">A logit is not a number.</exception>
    public static Bernoulli OfLogits(Tensor logits) => new(Core.Bernoulli.OfLogits(Interop.Given(logits)));

    /// <summary>From a probability of 1, in 64 bits.</summary>
    /// <exception cref="ArgumentException">It is not from 0 to 1.</exception>
    public static Bernoulli OfProbs(double probs) => new(Interop.Own(() => Core.Bernoulli.OfProbs(probs)));

    /// <summary>From a tensor of the same, whose precision and gradients the law keeps.</summary>
    /// <exception cref="ArgumentException">A number is not from 0 to 1.</exception>
    public static Bernoulli OfProbs(Tensor probs)
    {
        Interop.Given(probs);
        return new(Interop.Own(() => Core.Bernoulli.OfProbs(probs)));
    }

    private Core.Bernoulli Own => (Core.Bernoulli)Law;

    /// <summary>log p / (1 - p)</summary>
    public Tensor Logits => Interop.Alias(Own.Logits);

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
