using System;

namespace VaeFunctional;

/// <summary>
/// Gamma(concentration, rate) on the positive numbers, element by element. The distribution function and quantiles
/// carry no gradient; draws do, once.
/// </summary>
public sealed class Gamma : UnivariateDistribution, IPathwise
{
    internal Gamma(Core.Gamma law)
        : base(law) { }

    /// <summary>From numbers, in 64 bits.</summary>
    /// <exception cref="ArgumentException">A parameter is not positive.</exception>
    public Gamma(double concentration, double rate)
        : this(Interop.Own(() => new Core.Gamma(concentration, rate))) { }

    /// <summary>From tensors that broadcast. The law borrows them.</summary>
    /// <exception cref="ArgumentException">A parameter is not positive.</exception>
    public Gamma(Tensor concentration, Tensor rate)
        : this(new Core.Gamma(Interop.Given(concentration), Interop.Given(rate))) { }

    private Core.Gamma Own => (Core.Gamma)Law;

    Core.Reparameterized<Core.Distribution> IPathwise.Reparameterized => Paths.Of(Law)!;

    /// <summary>The shape, often called alpha: mean times rate.</summary>
    public Tensor Concentration => Interop.Alias(Own.Concentration);

    /// <summary>The inverse of the scale.</summary>
    public Tensor Rate => Interop.Alias(Own.Rate);
}
