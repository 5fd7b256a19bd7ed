using System;

namespace VaeFunctional;

/// <summary>
/// InverseGamma(concentration, rate) on the positive numbers, element by element: the law of 1 / x for x of
/// Gamma(concentration, rate), so that the rate multiplies its draws. The distribution function and quantiles carry no
/// gradient; draws do, once.
/// </summary>
public sealed class InverseGamma : UnivariateDistribution, IPathwise
{
    internal InverseGamma(Core.InverseGamma law)
        : base(law) { }

    /// <summary>From numbers, in 64 bits.</summary>
    /// <exception cref="ArgumentException">A parameter is not positive.</exception>
    public InverseGamma(double concentration, double rate)
        : this(Interop.Own(() => new Core.InverseGamma(concentration, rate))) { }

    /// <summary>From tensors that broadcast. The law borrows them.</summary>
    /// <exception cref="ArgumentException">A parameter is not positive.</exception>
    public InverseGamma(Tensor concentration, Tensor rate)
        : this(new Core.InverseGamma(Interop.Given(concentration), Interop.Given(rate))) { }

    private Core.InverseGamma Own => (Core.InverseGamma)Law;

    Core.Reparameterized<Core.Distribution> IPathwise.Reparameterized => Paths.Of(Law)!;

    /// <summary>The shape: the survival function decays with this power.</summary>
    public Tensor Concentration => Interop.Alias(Own.Concentration);

    /// <summary>The rate of 1 / x, which is the scale of x, often called beta.</summary>
    public Tensor Rate => Interop.Alias(Own.Rate);
}
