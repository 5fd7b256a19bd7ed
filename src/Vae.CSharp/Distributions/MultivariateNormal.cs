using System;

namespace VaeFunctional;

/// <summary>
/// Normal(loc, Sigma) on vectors of k numbers by the Cholesky factor of its covariance, Sigma = L L'.
/// </summary>
public sealed class MultivariateNormal : PathwiseDistribution
{
    private readonly Core.MultivariateNormal law;

    /// <summary>From numbers, in 64 bits: the mean [k] and the lower triangular factor [k, k].</summary>
    /// <exception cref="ArgumentException">
    /// The factor is not square, lower triangular and positive on its diagonal, or of another size than the mean.
    /// </exception>
    public MultivariateNormal(double[] loc, double[,] scaleTril)
    {
        ArgumentNullException.ThrowIfNull(loc);
        ArgumentNullException.ThrowIfNull(scaleTril);
        using var scope = Interop.Scope();
        law = new Core.MultivariateNormal(TensorNumbers.Vector(loc), TensorNumbers.Matrix(scaleTril));
        law.Loc.DetachFromDisposeScope();
        law.ScaleTril.DetachFromDisposeScope();
    }

    /// <summary>From the mean [batch..., k] and the factor [batch..., k, k]. The law borrows them.</summary>
    /// <exception cref="ArgumentException">
    /// The factor is not square, lower triangular and positive on its diagonal, or of another size than the mean.
    /// </exception>
    public MultivariateNormal(Tensor loc, Tensor scaleTril)
    {
        ArgumentNullException.ThrowIfNull(loc);
        ArgumentNullException.ThrowIfNull(scaleTril);
        law = new Core.MultivariateNormal(loc, scaleTril);
    }

    internal override Core.Distribution Law => law;

    private protected override Tensor NoiseOf(Core.Key key, long[] draws) =>
        Core.MultivariateNormalModule.pathwise(law).Noise(key, draws);

    private protected override Tensor Pushed(Tensor noise) => Core.MultivariateNormalModule.pathwise(law).Push(noise);

    /// <summary>The mean, [batch..., k].</summary>
    public Tensor Loc => law.Loc.alias();

    /// <summary>The Cholesky factor of the covariance, [batch..., k, k].</summary>
    public Tensor ScaleTril => law.ScaleTril.alias();
}
