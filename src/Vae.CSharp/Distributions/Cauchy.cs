using System;

namespace VaeFunctional;

/// <summary>Cauchy(loc, scale) on the real line, element by element: it has no mean and no variance.</summary>
public sealed class Cauchy : UnivariateDistribution, IPathwise
{
    internal Cauchy(Core.Cauchy law)
        : base(law) { }

    /// <summary>From numbers, in 64 bits.</summary>
    /// <exception cref="ArgumentException">A number is not finite, or the scale not positive.</exception>
    public Cauchy(double loc, double scale)
        : this(Interop.Own(() => new Core.Cauchy(loc, scale))) { }

    /// <summary>From tensors that broadcast. The law borrows them.</summary>
    /// <exception cref="ArgumentException">A number is not finite, or a scale not positive.</exception>
    public Cauchy(Tensor loc, Tensor scale)
        : this(new Core.Cauchy(Interop.Given(loc), Interop.Given(scale))) { }

    private Core.Cauchy Own => (Core.Cauchy)Law;

    Core.Reparameterized<Core.Distribution> IPathwise.Reparameterized => Paths.Of(Law)!;

    /// <summary>The median.</summary>
    public Tensor Loc => Interop.Alias(Own.Loc);

    /// <summary>Half the distance between the quartiles.</summary>
    public Tensor Scale => Interop.Alias(Own.Scale);

    /// <summary>The logarithm of the scale.</summary>
    public Tensor LogScale => Interop.Alias(Own.LogScale);
}
