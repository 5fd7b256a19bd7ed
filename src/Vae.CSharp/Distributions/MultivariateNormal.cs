using System;

namespace VaeFunctional;

/// <summary>
/// Normal(loc, Sigma) on vectors of k numbers by the Cholesky factor of its covariance, Sigma = L L'.
/// </summary>
public sealed class MultivariateNormal : Distribution, IPathwise
{
    internal MultivariateNormal(Core.MultivariateNormal law)
        : base(law) { }

    /// <summary>From numbers, in 64 bits: the mean [k] and the lower triangular factor [k, k].</summary>
    /// <exception cref="ArgumentException">
    /// The factor is not square, lower triangular and positive on its diagonal, or of another size than the mean.
    /// </exception>
    public MultivariateNormal(double[] loc, double[,] scaleTril)
        : this(Interop.Own(() => new Core.MultivariateNormal(Interop.Vector(loc), Interop.Matrix(scaleTril)))) { }

    /// <summary>From the mean [batch..., k] and the factor [batch..., k, k]. The law borrows them.</summary>
    /// <exception cref="ArgumentException">
    /// The factor is not square, lower triangular and positive on its diagonal, or of another size than the mean.
    /// </exception>
    public MultivariateNormal(Tensor loc, Tensor scaleTril)
        : this(new Core.MultivariateNormal(Interop.Given(loc), Interop.Given(scaleTril))) { }

    /// <summary>From the mean [k] and the lower triangular factor [k, k], in 64 bits.</summary>
    /// <exception cref="ArgumentException">
    /// The factor is not square, lower triangular and positive on its diagonal, or of another size than the mean.
    /// </exception>
    public static MultivariateNormal OfScaleTril(double[] loc, double[,] scaleTril) => new(loc, scaleTril);

    /// <summary>From the mean [batch..., k] and the factor [batch..., k, k]. The law borrows them.</summary>
    /// <exception cref="ArgumentException">
    /// The factor is not square, lower triangular and positive on its diagonal, or of another size than the mean.
    /// </exception>
    public static MultivariateNormal OfScaleTril(Tensor loc, Tensor scaleTril) => new(loc, scaleTril);

    /// <summary>From the mean [k] and the covariance [k, k], in 64 bits.</summary>
    /// <exception cref="ArgumentException">
    /// The covariance is not square, symmetric and positive definite, or of another size than the mean.
    /// </exception>
    public static MultivariateNormal OfCovariance(double[] loc, double[,] covariance) =>
        new(Interop.Own(() => Core.MultivariateNormal.OfCovariance(Interop.Vector(loc), Interop.Matrix(covariance))));

    /// <summary>From the mean [batch..., k] and the covariance [batch..., k, k], whose batches broadcast.</summary>
    /// <exception cref="ArgumentException">
    /// The covariance is not square, symmetric and positive definite, or of another size than the mean.
    /// </exception>
    public static MultivariateNormal OfCovariance(Tensor loc, Tensor covariance)
    {
        Interop.Given(loc);
        Interop.Given(covariance);
        return new(Interop.Own(() => Core.MultivariateNormal.OfCovariance(loc, covariance)));
    }

    private Core.MultivariateNormal Own => (Core.MultivariateNormal)Law;

    Core.Reparameterized<Core.Distribution> IPathwise.Reparameterized => Paths.Of(Law)!;

    /// <summary>The mean, [batch..., k].</summary>
    public Tensor Loc => Interop.Alias(Own.Loc);

    /// <summary>The Cholesky factor of the covariance, [batch..., k, k].</summary>
    public Tensor ScaleTril => Interop.Alias(Own.ScaleTril);
}
