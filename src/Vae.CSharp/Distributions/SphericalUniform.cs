using System;

namespace VaeFunctional;

/// <summary>The uniform law on the unit sphere. Its density is with respect to the sphere's area.</summary>
public sealed class SphericalUniform : Distribution, IPathwise
{
    internal SphericalUniform(Core.SphericalUniform law)
        : base(law) { }

    /// <summary>On the sphere of a space of so many dimensions, in 64 bits.</summary>
    /// <exception cref="ArgumentException">There are fewer than two dimensions.</exception>
    public SphericalUniform(int dimensions)
        : this(Interop.Own(() => new Core.SphericalUniform(dimensions))) { }

    private Core.SphericalUniform Own => (Core.SphericalUniform)Law;

    Core.Reparameterized<Core.Distribution> IPathwise.Reparameterized => Paths.Of(Law)!;

    /// <summary>The dimensions of the space about the sphere.</summary>
    public int Dimensions => Own.Dimensions;
}
