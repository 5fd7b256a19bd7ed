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

    /// <summary>From the degrees of freedom and the lower triangular factor [p, p], in 64 bits.</summary>
    /// <exception cref="ArgumentException">
    /// The factor is not square, lower triangular and positive on its diagonal, or df is p - 1 or less.
    /// </exception>
    public static Wishart OfScaleTril(double df, double[,] scaleTril) => new(df, scaleTril);

    /// <summary>
    /// From the degrees of freedom [batch...] and the factor [batch..., p, p], whose batches broadcast. The law borrows
    /// them.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// A factor is not square, lower triangular and positive on its diagonal, or df is p - 1 or less.
    /// </exception>
    public static Wishart OfScaleTril(Tensor df, Tensor scaleTril) => new(df, scaleTril);

    /// <summary>From the degrees of freedom and the scale V [p, p], in 64 bits.</summary>
    /// <exception cref="ArgumentException">
    /// The scale is not square, symmetric and positive definite, or df is p - 1 or less.
    /// </exception>
    public static Wishart OfCovariance(double df, double[,] covariance) =>
        new(Interop.Own(() => Core.Wishart.OfCovariance(TensorNumbers.Scalar(df), Interop.Matrix(covariance))));

    /// <summary>From the degrees of freedom [batch...] and the scale V [batch..., p, p], whose batches broadcast.</summary>
    /// <exception cref="ArgumentException">
    /// A scale is not square, symmetric and positive definite, or df is p - 1 or less.
    /// </exception>
    public static Wishart OfCovariance(Tensor df, Tensor covariance)
    {
        Interop.Given(df);
        Interop.Given(covariance);
        return new(Interop.Own(() => Core.Wishart.OfCovariance(df, covariance)));
    }

    private Core.Wishart Own => (Core.Wishart)Law;

    Core.Reparameterized<Core.Distribution> IPathwise.Reparameterized => Paths.Of(Law)!;

    /// <summary>The degrees of freedom, [batch...].</summary>
    public Tensor Df => Interop.Alias(Own.Df);

    /// <summary>The Cholesky factor of the scale V, [batch..., p, p].</summary>
    public Tensor ScaleTril => Interop.Alias(Own.ScaleTril);
}
