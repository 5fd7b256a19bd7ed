using System;

namespace VaeFunctional;

/// <summary>
/// Laplace(loc, scale) on the real line, element by element: density e^(-|x - loc| / scale) / (2 scale).
/// </summary>
public sealed class Laplace : UnivariateDistribution, IPathwise
{
    internal Laplace(Core.Laplace law)
        : base(law) { }

    /// <summary>From numbers, in 64 bits.</summary>
    /// <exception cref="ArgumentException">A number is not finite, or the scale not positive.</exception>
    public Laplace(double loc, double scale)
        : this(Interop.Own(() => new Core.Laplace(loc, scale))) { }

    /// <summary>From tensors that broadcast. The law borrows them.</summary>
    /// <exception cref="ArgumentException">A number is not finite, or a scale not positive.</exception>
    public Laplace(Tensor loc, Tensor scale)
        : this(new Core.Laplace(Interop.Given(loc), Interop.Given(scale))) { }

    private Core.Laplace Own => (Core.Laplace)Law;

    Core.Reparameterized<Core.Distribution> IPathwise.Reparameterized => Paths.Of(Law)!;

    /// <summary>The median, and the mean.</summary>
    public Tensor Loc => Interop.Alias(Own.Loc);

    /// <summary>The mean distance from the median.</summary>
    public Tensor Scale => Interop.Alias(Own.Scale);

    /// <summary>The logarithm of the scale.</summary>
    public Tensor LogScale => Interop.Alias(Own.LogScale);
}
