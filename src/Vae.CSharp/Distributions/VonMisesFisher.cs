using System;

namespace VaeFunctional;

/// <summary>
/// The law of von Mises and Fisher on the unit sphere of d dimensions: density proportional to exp(concentration loc'x)
/// with respect to the sphere's area. Draws carry a gradient once.
/// </summary>
public sealed class VonMisesFisher : Distribution, IPathwise
{
    internal VonMisesFisher(Core.VonMisesFisher law)
        : base(law) { }

    /// <summary>From numbers, in 64 bits.</summary>
    /// <exception cref="ArgumentException">
    /// The direction has fewer than two dimensions or a length that is not 1, or the concentration is not positive.
    /// </exception>
    public VonMisesFisher(double[] loc, double concentration)
        : this(Interop.Own(() => new Core.VonMisesFisher(Interop.Vector(loc), TensorNumbers.Scalar(concentration)))) { }

    /// <summary>
    /// From the direction [batch..., d] and the concentration [batch...], whose batches broadcast. The law borrows
    /// them.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// A direction has fewer than two dimensions or a length that is not 1, or a concentration is not positive.
    /// </exception>
    public VonMisesFisher(Tensor loc, Tensor concentration)
        : this(new Core.VonMisesFisher(Interop.Given(loc), Interop.Given(concentration))) { }

    private Core.VonMisesFisher Own => (Core.VonMisesFisher)Law;

    Core.Reparameterized<Core.Distribution> IPathwise.Reparameterized => Paths.Of(Law)!;

    /// <summary>The densest direction, [batch..., d].</summary>
    public Tensor Loc => Interop.Alias(Own.Loc);

    /// <summary>How close to it the law keeps, [batch...].</summary>
    public Tensor Concentration => Interop.Alias(Own.Concentration);
}
