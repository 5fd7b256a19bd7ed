using System;

namespace VaeFunctional;

/// <summary>
/// Weibull(scale, concentration) on the positive numbers, element by element: with k the concentration, (x / scale)^k
/// is Exponential(1).
/// </summary>
public sealed class Weibull : UnivariateDistribution, IPathwise
{
    internal Weibull(Core.Weibull law)
        : base(law) { }

    /// <summary>From numbers, in 64 bits.</summary>
    /// <exception cref="ArgumentException">A parameter is not positive.</exception>
    public Weibull(double scale, double concentration)
        : this(Interop.Own(() => new Core.Weibull(scale, concentration))) { }

    /// <summary>From tensors that broadcast. The law borrows them.</summary>
    /// <exception cref="ArgumentException">A parameter is not positive.</exception>
    public Weibull(Tensor scale, Tensor concentration)
        : this(new Core.Weibull(Interop.Given(scale), Interop.Given(concentration))) { }

    private Core.Weibull Own => (Core.Weibull)Law;

    Core.Reparameterized<Core.Distribution> IPathwise.Reparameterized => Paths.Of(Law)!;

    /// <summary>The size of the numbers: they exceed it with probability 1/e.</summary>
    public Tensor Scale => Interop.Alias(Own.Scale);

    /// <summary>The power, which gives the law its shape.</summary>
    public Tensor Concentration => Interop.Alias(Own.Concentration);
}
