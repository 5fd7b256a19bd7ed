using System;

namespace VaeFunctional;

/// <summary>
/// TruncatedNormal(loc, scale, low, high), element by element: Normal(loc, scale), given that the draw lies between two
/// finite ends, however far out these are. Tails and quantiles carry no gradient; draws do, once.
/// </summary>
public sealed class TruncatedNormal : UnivariateDistribution, IPathwise
{
    internal TruncatedNormal(Core.TruncatedNormal law)
        : base(law) { }

    /// <summary>From numbers, in 64 bits.</summary>
    /// <exception cref="ArgumentException">
    /// A number is not finite, the scale not positive, or the ends are not in order.
    /// </exception>
    public TruncatedNormal(double loc, double scale, double low, double high)
        : this(Interop.Own(() => new Core.TruncatedNormal(loc, scale, low, high))) { }

    /// <summary>From tensors that broadcast. The law borrows them.</summary>
    /// <exception cref="ArgumentException">
    /// A number is not finite, a scale not positive, or ends are not in order.
    /// </exception>
    public TruncatedNormal(Tensor loc, Tensor scale, Tensor low, Tensor high)
        : this(
            new Core.TruncatedNormal(Interop.Given(loc), Interop.Given(scale), Interop.Given(low), Interop.Given(high))
        ) { }

    private Core.TruncatedNormal Own => (Core.TruncatedNormal)Law;

    Core.Reparameterized<Core.Distribution> IPathwise.Reparameterized => Paths.Of(Law)!;

    /// <summary>The mean of the normal law.</summary>
    public Tensor Loc => Interop.Alias(Own.Loc);

    /// <summary>The standard deviation of the normal law.</summary>
    public Tensor Scale => Interop.Alias(Own.Scale);

    /// <summary>The lower end.</summary>
    public Tensor Low => Interop.Alias(Own.Low);

    /// <summary>The upper end.</summary>
    public Tensor High => Interop.Alias(Own.High);
}
