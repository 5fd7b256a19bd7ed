using System;

namespace VaeFunctional;

/// <summary>
/// Beta(concentration1, concentration0) on the numbers between 0 and 1, element by element: density proportional to
/// x^(concentration1 - 1) (1 - x)^(concentration0 - 1). The distribution function and quantiles carry no gradient;
/// draws do, once.
/// </summary>
public sealed class Beta : UnivariateDistribution, IPathwise
{
    internal Beta(Core.Beta law)
        : base(law) { }

    /// <summary>From numbers, in 64 bits.</summary>
    /// <exception cref="ArgumentException">A parameter is not positive.</exception>
    public Beta(double concentration1, double concentration0)
        : this(Interop.Own(() => new Core.Beta(concentration1, concentration0))) { }

    /// <summary>From tensors that broadcast. The law borrows them.</summary>
    /// <exception cref="ArgumentException">A parameter is not positive.</exception>
    public Beta(Tensor concentration1, Tensor concentration0)
        : this(new Core.Beta(Interop.Given(concentration1), Interop.Given(concentration0))) { }

    private Core.Beta Own => (Core.Beta)Law;

    Core.Reparameterized<Core.Distribution> IPathwise.Reparameterized => Paths.Of(Law)!;

    /// <summary>What draws the numbers to 1, often called alpha.</summary>
    public Tensor Concentration1 => Interop.Alias(Own.Concentration1);

    /// <summary>What draws the numbers to 0, often called beta.</summary>
    public Tensor Concentration0 => Interop.Alias(Own.Concentration0);
}
