using System;

namespace VaeFunctional;

/// <summary>
/// Dirichlet(concentration) on the simplex, the vectors of k positive numbers whose sum is 1: density proportional to
/// the product of x_i^(concentration_i - 1), by its first k - 1 numbers. Draws carry a gradient once.
/// </summary>
public sealed class Dirichlet : Distribution, IPathwise
{
    internal Dirichlet(Core.Dirichlet law)
        : base(law) { }

    /// <summary>From numbers, in 64 bits.</summary>
    /// <exception cref="ArgumentException">There are fewer than two, or one is not positive.</exception>
    public Dirichlet(params double[] concentration)
        : this(Interop.Own(() => new Core.Dirichlet(Interop.Vector(concentration)))) { }

    /// <summary>From vectors [batch..., k]. The law borrows them.</summary>
    /// <exception cref="ArgumentException">There are fewer than two, or one is not positive.</exception>
    public Dirichlet(Tensor concentration)
        : this(new Core.Dirichlet(Interop.Given(concentration))) { }

    private Core.Dirichlet Own => (Core.Dirichlet)Law;

    Core.Reparameterized<Core.Distribution> IPathwise.Reparameterized => Paths.Of(Law)!;

    /// <summary>The concentrations, [batch..., k].</summary>
    public Tensor Concentration => Interop.Alias(Own.Concentration);
}
