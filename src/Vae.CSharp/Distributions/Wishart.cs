using System;

namespace VaeFunctional;

/// <summary>
/// Wishart(df, V) on the symmetric positive definite p by p matrices, V = scaleTril scaleTril': the law of a sum of df
/// outer products of Normal(0, V) vectors, for every df above p - 1. The density is with respect to the numbers on and
/// below the diagonal. Draws carry a gradient once.
/// </summary>
public sealed class Wishart : Distribution, IPathwise
{
    internal Wishart(Core.Wishart law)
        : base(law) { }

    /// <summary>From numbers, in 64 bits.</summary>
    /// <exception cref="ArgumentException">
    /// The factor is not square, lower triangular and positive on its diagonal, or df is p - 1 or less.
    /// </exception>
    public Wishart(double df, double[,] scaleTril)
        : this(Interop.Own(() => new Core.Wishart(TensorNumbers.Scalar(df), Interop.Matrix(scaleTril)))) { }

    /// <summary>
    /// From the degrees of freedom [batch...] and the factor [batch..., p, p], whose batches broadcast. The law borrows
    /// them.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// A factor is not square, lower triangular and positive on its diagonal, or df is p - 1 or less.
    /// </exception>
    public Wishart(Tensor df, Tensor scaleTril)
        : this(new Core.Wishart(Interop.Given(df), Interop.Given(scaleTril))) { }

    private Core.Wishart Own => (Core.Wishart)Law;

    Core.Reparameterized<Core.Distribution> IPathwise.Reparameterized => Paths.Of(Law)!;

    /// <summary>The degrees of freedom, [batch...].</summary>
    public Tensor Df => Own.Df.alias();

    /// <summary>The Cholesky factor of the scale V, [batch..., p, p].</summary>
    public Tensor ScaleTril => Own.ScaleTril.alias();
}
