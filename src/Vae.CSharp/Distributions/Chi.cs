using System;

namespace VaeFunctional;

/// <summary>
/// Chi(df) on the positive numbers, element by element: the law of the length of a vector of df standard normal
/// numbers, the root of Chi2(df). The distribution function and quantiles carry no gradient; draws do, once.
/// </summary>
public sealed class Chi : UnivariateDistribution, IPathwise
{
    internal Chi(Core.Chi law)
        : base(law) { }

    /// <summary>From a number, in 64 bits.</summary>
    /// <exception cref="ArgumentException">The degrees of freedom are not positive.</exception>
    public Chi(double df)
        : this(Interop.Own(() => new Core.Chi(df))) { }

    /// <summary>From a tensor. The law borrows it.</summary>
    /// <exception cref="ArgumentException">Degrees of freedom are not positive.</exception>
    public Chi(Tensor df)
        : this(new Core.Chi(Interop.Given(df))) { }

    private Core.Chi Own => (Core.Chi)Law;

    Core.Reparameterized<Core.Distribution> IPathwise.Reparameterized => Paths.Of(Law)!;

    /// <summary>The degrees of freedom, which need not be whole.</summary>
    public Tensor Df => Interop.Alias(Own.Df);
}
