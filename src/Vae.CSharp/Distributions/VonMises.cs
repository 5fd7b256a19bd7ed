using System;

namespace VaeFunctional;

/// <summary>
/// The law of von Mises of angles, on [-pi, pi], element by element: density proportional to exp(concentration cos(x -
/// loc)). Mean and variance are those of the number x, not of the direction. The distribution function and quantiles
/// carry no gradient; draws do, once.
/// </summary>
public sealed class VonMises : UnivariateDistribution, IPathwise
{
    internal VonMises(Core.VonMises law)
        : base(law) { }

    /// <summary>From numbers, in 64 bits.</summary>
    /// <exception cref="ArgumentException">The direction is not finite, or the concentration not positive.</exception>
    public VonMises(double loc, double concentration)
        : this(Interop.Own(() => new Core.VonMises(loc, concentration))) { }

    /// <summary>From tensors that broadcast. The law borrows them.</summary>
    /// <exception cref="ArgumentException">A direction is not finite, or a concentration not positive.</exception>
    public VonMises(Tensor loc, Tensor concentration)
        : this(new Core.VonMises(Interop.Given(loc), Interop.Given(concentration))) { }

    private Core.VonMises Own => (Core.VonMises)Law;

    Core.Reparameterized<Core.Distribution> IPathwise.Reparameterized => Paths.Of(Law)!;

    /// <summary>The densest angle, in radians.</summary>
    public Tensor Loc => Interop.Alias(Own.Loc);

    /// <summary>How close to it the law keeps.</summary>
    public Tensor Concentration => Interop.Alias(Own.Concentration);
}
