using System;

namespace VaeFunctional;

/// <summary>
/// Gumbel(loc, scale) on the real line, element by element, the law of the greatest of many: P(X &lt;= x) = exp(-e^(-(x
/// - loc) / scale)).
/// </summary>
public sealed class Gumbel : UnivariateDistribution, IPathwise
{
    internal Gumbel(Core.Gumbel law)
        : base(law) { }

    /// <summary>From numbers, in 64 bits.</summary>
    /// <exception cref="ArgumentException">A number is not finite, or the scale not positive.</exception>
    public Gumbel(double loc, double scale)
        : this(Interop.Own(() => new Core.Gumbel(loc, scale))) { }

    /// <summary>From tensors that broadcast. The law borrows them.</summary>
    /// <exception cref="ArgumentException">A number is not finite, or a scale not positive.</exception>
    public Gumbel(Tensor loc, Tensor scale)
        : this(new Core.Gumbel(Interop.Given(loc), Interop.Given(scale))) { }

    private Core.Gumbel Own => (Core.Gumbel)Law;

    Core.Reparameterized<Core.Distribution> IPathwise.Reparameterized => Paths.Of(Law)!;

    /// <summary>The mode.</summary>
    public Tensor Loc => Interop.Alias(Own.Loc);

    /// <summary>sqrt(6) / pi times the standard deviation.</summary>
    public Tensor Scale => Interop.Alias(Own.Scale);

    /// <summary>The logarithm of the scale.</summary>
    public Tensor LogScale => Interop.Alias(Own.LogScale);
}
