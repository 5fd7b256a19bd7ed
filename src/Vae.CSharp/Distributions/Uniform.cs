using System;

namespace VaeFunctional;

/// <summary>Uniform(low, high) on the interval with its ends, element by element.</summary>
public sealed class Uniform : UnivariateDistribution, IPathwise
{
    internal Uniform(Core.Uniform law)
        : base(law) { }

    /// <summary>From numbers, in 64 bits.</summary>
    /// <exception cref="ArgumentException">An end is not finite, or the ends are not in order.</exception>
    public Uniform(double low, double high)
        : this(Interop.Own(() => new Core.Uniform(low, high))) { }

    /// <summary>From tensors that broadcast. The law borrows them.</summary>
    /// <exception cref="ArgumentException">An end is not finite, or the ends are not in order.</exception>
    public Uniform(Tensor low, Tensor high)
        : this(new Core.Uniform(Interop.Given(low), Interop.Given(high))) { }

    private Core.Uniform Own => (Core.Uniform)Law;

    Core.Reparameterized<Core.Distribution> IPathwise.Reparameterized => Paths.Of(Law)!;

    /// <summary>The lower end.</summary>
    public Tensor Low => Interop.Alias(Own.Low);

    /// <summary>The upper end.</summary>
    public Tensor High => Interop.Alias(Own.High);

    /// <summary>The length of the interval.</summary>
    public Tensor Width => Interop.Alias(Own.Width);
}
