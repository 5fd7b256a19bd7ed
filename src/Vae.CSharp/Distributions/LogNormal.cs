using System;

namespace VaeFunctional;

/// <summary>
/// LogNormal(loc, scale) on the positive numbers, element by element: the law of e^x for x of Normal(loc, scale).
/// </summary>
public sealed class LogNormal : UnivariateDistribution, IPathwise
{
    internal LogNormal(Core.LogNormal law)
        : base(law) { }

    /// <summary>From numbers, in 64 bits.</summary>
    /// <exception cref="ArgumentException">A number is not finite, or the scale not positive.</exception>
    public LogNormal(double loc, double scale)
        : this(Interop.Own(() => new Core.LogNormal(loc, scale))) { }

    /// <summary>From tensors that broadcast. The law borrows them.</summary>
    /// <exception cref="ArgumentException">A number is not finite, or a scale not positive.</exception>
    public LogNormal(Tensor loc, Tensor scale)
        : this(new Core.LogNormal(Interop.Given(loc), Interop.Given(scale))) { }

    private Core.LogNormal Own => (Core.LogNormal)Law;

    Core.Reparameterized<Core.Distribution> IPathwise.Reparameterized => Paths.Of(Law)!;

    /// <summary>The mean of the logarithm.</summary>
    public Tensor Loc => Interop.Alias(Own.Loc);

    /// <summary>The standard deviation of the logarithm.</summary>
    public Tensor Scale => Interop.Alias(Own.Scale);

    /// <summary>The law of the logarithm.</summary>
    public Normal OfLog => new(Own.OfLog);
}
