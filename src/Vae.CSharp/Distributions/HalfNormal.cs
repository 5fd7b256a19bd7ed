using System;

namespace VaeFunctional;

/// <summary>
/// HalfNormal(scale) on the numbers from 0, element by element: the law of |x| for x of Normal(0, scale).
/// </summary>
public sealed class HalfNormal : UnivariateDistribution, IPathwise
{
    internal HalfNormal(Core.HalfNormal law)
        : base(law) { }

    /// <summary>From a number, in 64 bits.</summary>
    /// <exception cref="ArgumentException">The scale is not positive.</exception>
    public HalfNormal(double scale)
        : this(Interop.Own(() => new Core.HalfNormal(scale))) { }

    /// <summary>From a tensor. The law borrows it.</summary>
    /// <exception cref="ArgumentException">A scale is not positive.</exception>
    public HalfNormal(Tensor scale)
        : this(new Core.HalfNormal(Interop.Given(scale))) { }

    private Core.HalfNormal Own => (Core.HalfNormal)Law;

    Core.Reparameterized<Core.Distribution> IPathwise.Reparameterized => Paths.Of(Law)!;

    /// <summary>The standard deviation of the normal law.</summary>
    public Tensor Scale => Interop.Alias(Own.Scale);

    /// <summary>The logarithm of the scale.</summary>
    public Tensor LogScale => Interop.Alias(Own.LogScale);
}
