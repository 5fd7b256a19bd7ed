using System;

namespace VaeFunctional;

/// <summary>
/// Chi2(df) on the positive numbers, element by element: the law of a sum of df squares of standard normal numbers,
/// which is Gamma(df / 2, 1 / 2). The distribution function and quantiles carry no gradient; draws do, once.
/// </summary>
public sealed class Chi2 : UnivariateDistribution, IPathwise
{
    internal Chi2(Core.Chi2 law)
        : base(law) { }

    /// <summary>From a number, in 64 bits.</summary>
    /// <exception cref="ArgumentException">The degrees of freedom are not positive.</exception>
    public Chi2(double df)
        : this(Interop.Own(() => new Core.Chi2(df))) { }

    /// <summary>From a tensor. The law borrows it.</summary>
    /// <exception cref="ArgumentException">Degrees of freedom are not positive.</exception>
    public Chi2(Tensor df)
        : this(new Core.Chi2(Interop.Given(df))) { }

    private Core.Chi2 Own => (Core.Chi2)Law;

    Core.Reparameterized<Core.Distribution> IPathwise.Reparameterized => Paths.Of(Law)!;

    /// <summary>The degrees of freedom, which need not be whole.</summary>
    public Tensor Df => Interop.Alias(Own.Df);
}
