using System;

namespace VaeFunctional;

/// <summary>Normal(loc, scale) on the real line, element by element.</summary>
public sealed class Normal : UnivariateDistribution, IPathwise
{
    internal Normal(Core.Normal law)
        : base(law) { }

    /// <summary>From numbers, in 64 bits.</summary>
    /// <exception cref="ArgumentException">A number is not finite, or the scale not positive.</exception>
    public Normal(double loc, double scale)
        : this(Interop.Own(() => new Core.Normal(loc, scale))) { }

    /// <summary>From tensors that broadcast. The law borrows them.</summary>
    /// <exception cref="ArgumentException">A number is not finite, or a scale not positive.</exception>
    public Normal(Tensor loc, Tensor scale)
        : this(new Core.Normal(Interop.Given(loc), Interop.Given(scale))) { }

    private Core.Normal Own => (Core.Normal)Law;

    Core.Reparameterized<Core.Distribution> IPathwise.Reparameterized => Paths.Of(Law)!;

    /// <summary>The mean.</summary>
    public Tensor Loc => Interop.Alias(Own.Loc);

    /// <summary>The standard deviation.</summary>
    public Tensor Scale => Interop.Alias(Own.Scale);

    /// <summary>The logarithm of the standard deviation.</summary>
    public Tensor LogScale => Interop.Alias(Own.LogScale);
}
