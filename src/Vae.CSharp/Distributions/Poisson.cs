using System;

namespace VaeFunctional;

/// <summary>Poisson(rate) on 0, 1, 2, ..., element by element. Tails and quantiles carry no gradient.</summary>
public sealed class Poisson : UnivariateDistribution
{
    internal Poisson(Core.Poisson law)
        : base(law) { }

    /// <summary>From a number, in 64 bits.</summary>
    /// <exception cref="ArgumentException">The rate is not positive.</exception>
    public Poisson(double rate)
        : this(Interop.Own(() => new Core.Poisson(rate))) { }

    /// <summary>From a tensor. The law borrows it.</summary>
    /// <exception cref="ArgumentException">A rate is not positive.</exception>
    public Poisson(Tensor rate)
        : this(new Core.Poisson(Interop.Given(rate))) { }

    private Core.Poisson Own => (Core.Poisson)Law;

    /// <summary>The mean, and the variance.</summary>
    public Tensor Rate => Interop.Alias(Own.Rate);
}
