using System;

namespace VaeFunctional;

/// <summary>
/// StudentT(df, loc, scale) on the real line, element by element: loc + scale n / sqrt(c / df) with n standard normal
/// and c of Chi2(df). Tails and quantiles carry no gradient; draws do, once.
/// </summary>
public sealed class StudentT : UnivariateDistribution, IPathwise
{
    internal StudentT(Core.StudentT law)
        : base(law) { }

    /// <summary>From numbers, in 64 bits.</summary>
    /// <exception cref="ArgumentException">The median is not finite, or another number not positive.</exception>
    public StudentT(double df, double loc = 0, double scale = 1)
        : this(Interop.Own(() => new Core.StudentT(df, loc, scale))) { }

    /// <summary>From tensors that broadcast. The law borrows them.</summary>
    /// <exception cref="ArgumentException">A median is not finite, or another number not positive.</exception>
    public StudentT(Tensor df, Tensor loc, Tensor scale)
        : this(new Core.StudentT(Interop.Given(df), Interop.Given(loc), Interop.Given(scale))) { }

    /// <summary>With median 0 and scale 1, from a tensor. The law borrows it.</summary>
    /// <exception cref="ArgumentException">Degrees of freedom are not positive.</exception>
    public StudentT(Tensor df)
        : this(new Core.StudentT(Interop.Given(df))) { }

    private Core.StudentT Own => (Core.StudentT)Law;

    Core.Reparameterized<Core.Distribution> IPathwise.Reparameterized => Paths.Of(Law)!;

    /// <summary>The degrees of freedom: the tails fall like |x|^-(df + 1).</summary>
    public Tensor Df => Interop.Alias(Own.Df);

    /// <summary>The median.</summary>
    public Tensor Loc => Interop.Alias(Own.Loc);

    /// <summary>sqrt((df - 2) / df) times the standard deviation, for df above 2.</summary>
    public Tensor Scale => Interop.Alias(Own.Scale);

    /// <summary>The logarithm of the scale.</summary>
    public Tensor LogScale => Interop.Alias(Own.LogScale);
}
