using System;

namespace VaeFunctional;

/// <summary>
/// HalfCauchy(scale) on the numbers from 0, element by element: the law of |x| for x of Cauchy(0, scale). Neither mean
/// nor variance is finite.
/// </summary>
public sealed class HalfCauchy : UnivariateDistribution, IPathwise
{
    internal HalfCauchy(Core.HalfCauchy law)
        : base(law) { }

    /// <summary>From a number, in 64 bits.</summary>
    /// <exception cref="ArgumentException">The scale is not positive.</exception>
    public HalfCauchy(double scale)
        : this(Interop.Own(() => new Core.HalfCauchy(scale))) { }

    /// <summary>From a tensor. The law borrows it.</summary>
    /// <exception cref="ArgumentException">A scale is not positive.</exception>
    public HalfCauchy(Tensor scale)
        : this(new Core.HalfCauchy(Interop.Given(scale))) { }

    private Core.HalfCauchy Own => (Core.HalfCauchy)Law;

    Core.Reparameterized<Core.Distribution> IPathwise.Reparameterized => Paths.Of(Law)!;

    /// <summary>The median.</summary>
    public Tensor Scale => Interop.Alias(Own.Scale);

    /// <summary>The logarithm of the scale.</summary>
    public Tensor LogScale => Interop.Alias(Own.LogScale);
}
