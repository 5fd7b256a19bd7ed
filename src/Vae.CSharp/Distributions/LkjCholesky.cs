using System;

namespace VaeFunctional;

/// <summary>
/// The law of Lewandowski, Kurowicka and Joe on correlation matrices C, with density proportional to |C|^(concentration
/// - 1), by the lower Cholesky factor of C; 1 is the uniform law on correlation matrices. Draws carry a gradient once.
/// </summary>
public sealed class LkjCholesky : Distribution, IPathwise
{
    internal LkjCholesky(Core.LkjCholesky law)
        : base(law) { }

    /// <summary>From numbers, in 64 bits.</summary>
    /// <exception cref="ArgumentException">The dimension is below 2, or the concentration not positive.</exception>
    public LkjCholesky(int dimension, double concentration)
        : this(Interop.Own(() => new Core.LkjCholesky(dimension, concentration))) { }

    /// <summary>From the dimension, and the concentration as a tensor. The law borrows it.</summary>
    /// <exception cref="ArgumentException">The dimension is below 2, or a concentration not positive.</exception>
    public LkjCholesky(int dimension, Tensor concentration)
        : this(new Core.LkjCholesky(dimension, Interop.Given(concentration))) { }

    private Core.LkjCholesky Own => (Core.LkjCholesky)Law;

    Core.Reparameterized<Core.Distribution> IPathwise.Reparameterized => Paths.Of(Law)!;

    /// <summary>How many rows and columns the matrices have.</summary>
    public int Dimension => Own.Dimension;

    /// <summary>How close to the identity the law keeps, [batch...].</summary>
    public Tensor Concentration => Interop.Alias(Own.Concentration);
}
