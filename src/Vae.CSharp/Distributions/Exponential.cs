using System;

namespace VaeFunctional;

/// <summary>Exponential(rate) on the numbers from 0, element by element: density rate e^(-rate x).</summary>
public sealed class Exponential : UnivariateDistribution, IPathwise
{
    internal Exponential(Core.Exponential law)
        : base(law) { }

    /// <summary>From a number, in 64 bits.</summary>
    /// <exception cref="ArgumentException">The rate is not positive.</exception>
    public Exponential(double rate)
        : this(Interop.Own(() => new Core.Exponential(rate))) { }

    /// <summary>From a tensor. The law borrows it.</summary>
    /// <exception cref="ArgumentException">A rate is not positive.</exception>
    public Exponential(Tensor rate)
        : this(new Core.Exponential(Interop.Given(rate))) { }

    private Core.Exponential Own => (Core.Exponential)Law;

    Core.Reparameterized<Core.Distribution> IPathwise.Reparameterized => Paths.Of(Law)!;

    /// <summary>One over the mean.</summary>
    public Tensor Rate => Interop.Alias(Own.Rate);
}
