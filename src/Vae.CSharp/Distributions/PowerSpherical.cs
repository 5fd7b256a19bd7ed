using System;

namespace VaeFunctional;

/// <summary>
/// The power spherical law on the unit sphere of d dimensions: density proportional to (1 + loc'x)^concentration with
/// respect to the sphere's area (De Cao and Aziz, 2020). Draws carry a gradient once.
/// </summary>
public sealed class PowerSpherical : Distribution, IPathwise
{
    internal PowerSpherical(Core.PowerSpherical law)
        : base(law) { }

    /// <summary>From numbers, in 64 bits.</summary>
    /// <exception cref="ArgumentException">
    /// The direction has fewer than two dimensions or a length that is not 1, or the concentration is not positive.
    /// </exception>
    public PowerSpherical(double[] loc, double concentration)
        : this(Interop.Own(() => new Core.PowerSpherical(Interop.Vector(loc), TensorNumbers.Scalar(concentration)))) { }

    /// <summary>
    /// From the direction [batch..., d] and the concentration [batch...], whose batches broadcast. The law borrows
    /// them.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// A direction has fewer than two dimensions or a length that is not 1, or a concentration is not positive.
    /// </exception>
    public PowerSpherical(Tensor loc, Tensor concentration)
        : this(new Core.PowerSpherical(Interop.Given(loc), Interop.Given(concentration))) { }

    private Core.PowerSpherical Own => (Core.PowerSpherical)Law;

    Core.Reparameterized<Core.Distribution> IPathwise.Reparameterized => Paths.Of(Law)!;

    /// <summary>The densest direction, [batch..., d].</summary>
    public Tensor Loc => Interop.Alias(Own.Loc);

    /// <summary>How close to it the law keeps, [batch...].</summary>
    public Tensor Concentration => Interop.Alias(Own.Concentration);
}
