using System;

namespace VaeFunctional;

/// <summary>
/// Kumaraswamy(concentration1, concentration0) on the numbers between 0 and 1, element by element: with a and b these
/// parameters, P(X &gt; x) = (1 - x^a)^b (Kumaraswamy, 1980).
/// </summary>
public sealed class Kumaraswamy : UnivariateDistribution, IPathwise
{
    internal Kumaraswamy(Core.Kumaraswamy law)
        : base(law) { }

    /// <summary>From numbers, in 64 bits.</summary>
    /// <exception cref="ArgumentException">A parameter is not positive.</exception>
    public Kumaraswamy(double concentration1, double concentration0)
        : this(Interop.Own(() => new Core.Kumaraswamy(concentration1, concentration0))) { }

    /// <summary>From tensors that broadcast. The law borrows them.</summary>
    /// <exception cref="ArgumentException">A parameter is not positive.</exception>
    public Kumaraswamy(Tensor concentration1, Tensor concentration0)
        : this(new Core.Kumaraswamy(Interop.Given(concentration1), Interop.Given(concentration0))) { }

    private Core.Kumaraswamy Own => (Core.Kumaraswamy)Law;

    Core.Reparameterized<Core.Distribution> IPathwise.Reparameterized => Paths.Of(Law)!;

    /// <summary>The power of x, often called a.</summary>
    public Tensor Concentration1 => Interop.Alias(Own.Concentration1);

    /// <summary>The power of 1 - x^a, often called b.</summary>
    public Tensor Concentration0 => Interop.Alias(Own.Concentration0);
}
