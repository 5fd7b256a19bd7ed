using System;

namespace VaeFunctional;

/// <summary>Normal(loc, scale) on the real line, element by element.</summary>
public sealed class Normal : UnivariateDistribution, IPathwise
{
    internal Normal(Core.Normal law)
        : base(law) { }

    /// <summary>From two numbers, in 64 bits.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number is not finite, or the scale not positive.</exception>
    public Normal(double loc, double scale)
        : this(new Core.Normal(Numbers.Finite(loc), Numbers.Positive(scale))) { }

    /// <summary>From the mean and the standard deviation, which broadcast. The law borrows them.</summary>
    /// <exception cref="ArgumentException">A mean that is not finite, or a scale that is not positive.</exception>
    public Normal(Tensor loc, Tensor scale)
        : this(new Core.Normal(Interop.Given(loc), Interop.Given(scale))) { }

    private Core.Normal Own => (Core.Normal)Law;

    Core.Reparameterized<Core.Distribution> IPathwise.Path => Wrapping.PathOf(Law);

    /// <summary>The mean.</summary>
    public Tensor Loc => Own.Loc.alias();

    /// <summary>The standard deviation.</summary>
    public Tensor Scale => Own.Scale.alias();

    /// <summary>The logarithm of the standard deviation.</summary>
    public Tensor LogScale => Own.LogScale.alias();
}
