using System;

namespace VaeFunctional;

/// <summary>
/// Pareto(scale, alpha) on the numbers from the scale on, element by element: log(x / scale) is Exponential(alpha).
/// </summary>
public sealed class Pareto : UnivariateDistribution, IPathwise
{
    internal Pareto(Core.Pareto law)
        : base(law) { }

    /// <summary>From numbers, in 64 bits.</summary>
    /// <exception cref="ArgumentException">A parameter is not positive.</exception>
    public Pareto(double scale, double alpha)
        : this(Interop.Own(() => new Core.Pareto(scale, alpha))) { }

    /// <summary>From tensors that broadcast. The law borrows them.</summary>
    /// <exception cref="ArgumentException">A parameter is not positive.</exception>
    public Pareto(Tensor scale, Tensor alpha)
        : this(new Core.Pareto(Interop.Given(scale), Interop.Given(alpha))) { }

    private Core.Pareto Own => (Core.Pareto)Law;

    Core.Reparameterized<Core.Distribution> IPathwise.Reparameterized => Paths.Of(Law)!;

    /// <summary>The least number.</summary>
    public Tensor Scale => Interop.Alias(Own.Scale);

    /// <summary>The power that the survival function decays with.</summary>
    public Tensor Alpha => Interop.Alias(Own.Alpha);
}
