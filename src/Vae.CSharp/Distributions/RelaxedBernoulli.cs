using System;

namespace VaeFunctional;

/// <summary>
/// RelaxedBernoulli on the numbers between 0 and 1, element by element: the sigmoid of (logits +
/// L) / temperature with L standard logistic, which tends to Bernoulli(logits) as the temperature tends to 0 (Maddison,
/// Mnih and Teh, 2017).
/// </summary>
public sealed class RelaxedBernoulli : UnivariateDistribution, IPathwise
{
    internal RelaxedBernoulli(Core.RelaxedBernoulli law)
        : base(law) { }

    /// <summary>From numbers, in 64 bits: the temperature, and the logit.</summary>
    /// <exception cref="ArgumentException">A temperature is not positive, or the logit is not finite.</exception>
    public static RelaxedBernoulli OfLogits(double temperature, double logits) =>
        new(Interop.Own(() => Core.RelaxedBernoulli.OfLogits(temperature, logits)));

    /// <summary>From tensors that broadcast. The law borrows them.</summary>
    /// <exception cref="ArgumentException">A temperature is not positive, or a logit is not finite.</exception>
    public static RelaxedBernoulli OfLogits(Tensor temperature, Tensor logits) =>
        new(Core.RelaxedBernoulli.OfLogits(Interop.Given(temperature), Interop.Given(logits)));

    /// <summary>From numbers, in 64 bits: the temperature, and the probability of 1.</summary>
    /// <exception cref="ArgumentException">A temperature is not positive, or the probability is not between 0 and 1.</exception>
    public static RelaxedBernoulli OfProbs(double temperature, double probs) =>
        new(Interop.Own(() => Core.RelaxedBernoulli.OfProbs(temperature, probs)));

    /// <summary>From tensors of the same that broadcast, whose precision and gradients the law keeps.</summary>
    /// <exception cref="ArgumentException">A temperature is not positive, or a probability is not between 0 and 1.</exception>
    public static RelaxedBernoulli OfProbs(Tensor temperature, Tensor probs)
    {
        Interop.Given(temperature);
        Interop.Given(probs);
        return new(Interop.Own(() => Core.RelaxedBernoulli.OfProbs(temperature, probs)));
    }

    private Core.RelaxedBernoulli Own => (Core.RelaxedBernoulli)Law;

    Core.Reparameterized<Core.Distribution> IPathwise.Reparameterized => Paths.Of(Law)!;

    /// <summary>How far the law is from a Bernoulli law.</summary>
    public Tensor Temperature => Interop.Alias(Own.Temperature);

    /// <summary>Those of the Bernoulli law that it tends to.</summary>
    public Tensor Logits => Interop.Alias(Own.Logits);

    /// <summary>Draws of the Bernoulli law, 1 where the relaxed draw is above a half, with the relaxed draw's gradient.</summary>
    public StraightThrough StraightThrough() =>
        VaeFunctional.StraightThrough.Of(Core.RelaxedBernoulliModule.straightThrough(Own));
}
