using System;

namespace VaeFunctional;

/// <summary>
/// Logistic(loc, scale) on the real line, element by element: P(X &lt;= x) = 1 / (1 + e^(-(x - loc) / scale)).
/// </summary>
public sealed class Logistic : UnivariateDistribution, IPathwise
{
    internal Logistic(Core.Logistic law)
        : base(law) { }

    /// <summary>From numbers, in 64 bits.</summary>
    /// <exception cref="ArgumentException">A number is not finite, or the scale not positive.</exception>
    public Logistic(double loc, double scale)
        : this(Interop.Own(() => new Core.Logistic(loc, scale))) { }

    /// <summary>From tensors that broadcast. The law borrows them.</summary>
    /// <exception cref="ArgumentException">A number is not finite, or a scale not positive.</exception>
    public Logistic(Tensor loc, Tensor scale)
        : this(new Core.Logistic(Interop.Given(loc), Interop.Given(scale))) { }

    private Core.Logistic Own => (Core.Logistic)Law;

    Core.Reparameterized<Core.Distribution> IPathwise.Reparameterized => Paths.Of(Law)!;

    /// <summary>The mean.</summary>
    public Tensor Loc => Interop.Alias(Own.Loc);

    /// <summary>sqrt(3) / pi times the standard deviation.</summary>
    public Tensor Scale => Interop.Alias(Own.Scale);

    /// <summary>The logarithm of the scale.</summary>
    public Tensor LogScale => Interop.Alias(Own.LogScale);
}
