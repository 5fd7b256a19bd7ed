using System;

namespace VaeFunctional;

/// <summary>
/// RelaxedBernoulli(temperature, logits) on the numbers between 0 and 1, element by element: the sigmoid of (logits +
/// L) / temperature with L standard logistic, which tends to Bernoulli(logits) as the temperature tends to 0 (Maddison,
/// Mnih and Teh, 2017).
/// </summary>
public sealed class RelaxedBernoulli : UnivariateDistribution, IPathwise
{
    internal RelaxedBernoulli(Core.RelaxedBernoulli law)
        : base(law) { }

    /// <summary>From numbers, in 64 bits.</summary>
    /// <exception cref="ArgumentException">The temperature is not positive, or the logit not finite.</exception>
    public RelaxedBernoulli(double temperature, double logits)
        : this(Interop.Own(() => new Core.RelaxedBernoulli(temperature, logits))) { }

    /// <summary>From tensors that broadcast. The law borrows them.</summary>
    /// <exception cref="ArgumentException">A temperature is not positive, or a logit not finite.</exception>
    public RelaxedBernoulli(Tensor temperature, Tensor logits)
        : this(new Core.RelaxedBernoulli(Interop.Given(temperature), Interop.Given(logits))) { }

    private Core.RelaxedBernoulli Own => (Core.RelaxedBernoulli)Law;

    Core.Reparameterized<Core.Distribution> IPathwise.Reparameterized => Paths.Of(Law)!;

    /// <summary>How far the law is from a Bernoulli law.</summary>
    public Tensor Temperature => Own.Temperature.alias();

    /// <summary>Those of the Bernoulli law that it tends to.</summary>
    public Tensor Logits => Own.Logits.alias();

    /// <summary>Draws of the Bernoulli law, 1 where the relaxed draw is above a half, with the relaxed draw's gradient.</summary>
    public StraightThrough StraightThrough() =>
        VaeFunctional.StraightThrough.Of(Core.RelaxedBernoulliModule.straightThrough(Own));
}
