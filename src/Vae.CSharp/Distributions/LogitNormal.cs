using System;

namespace VaeFunctional;

/// <summary>
/// LogitNormal(loc, scale) on the numbers between 0 and 1, element by element: the law of 1 / (1 + e^-x) for x of
/// Normal(loc, scale). Mean, variance and entropy are by quadrature.
/// </summary>
public sealed class LogitNormal : UnivariateDistribution, IPathwise
{
    internal LogitNormal(Core.LogitNormal law)
        : base(law) { }

    /// <summary>From numbers, in 64 bits.</summary>
    /// <exception cref="ArgumentException">A number is not finite, or the scale not positive.</exception>
    public LogitNormal(double loc, double scale)
        : this(Interop.Own(() => new Core.LogitNormal(loc, scale))) { }

    /// <summary>From tensors that broadcast. The law borrows them.</summary>
    /// <exception cref="ArgumentException">A number is not finite, or a scale not positive.</exception>
    public LogitNormal(Tensor loc, Tensor scale)
        : this(new Core.LogitNormal(Interop.Given(loc), Interop.Given(scale))) { }

    private Core.LogitNormal Own => (Core.LogitNormal)Law;

    Core.Reparameterized<Core.Distribution> IPathwise.Reparameterized => Paths.Of(Law)!;

    /// <summary>The mean of the log-odds.</summary>
    public Tensor Loc => Interop.Alias(Own.Loc);

    /// <summary>The standard deviation of the log-odds.</summary>
    public Tensor Scale => Interop.Alias(Own.Scale);

    /// <summary>The law of the log-odds.</summary>
    public Normal OfLogOdds => new(Own.OfLogOdds);
}
