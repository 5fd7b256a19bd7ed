using System;

namespace VaeFunctional;

/// <summary>
/// Normal(loc, Sigma) on vectors of k numbers by the Cholesky factor of its covariance, Sigma = L L'.
/// </summary>
public sealed class MultivariateNormal : Distribution
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
        using var scope = NewDisposeScope();
        law = new Core.MultivariateNormal(tensor(loc), tensor(scaleTril));
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

    internal Core.Reparameterized<Core.MultivariateNormal> Path => Core.MultivariateNormalModule.pathwise(law);

    /// <summary>The mean, [batch..., k].</summary>
    public Tensor Loc => law.Loc.alias();

    /// <summary>The Cholesky factor of the covariance, [batch..., k, k].</summary>
    public Tensor ScaleTril => law.ScaleTril.alias();

    /// <summary>Draws of shape draws + batch + [k], differentiable in the parameters: loc + L noise.</summary>
    public Tensor Draw(Key key, params long[] draws) => Interop.Keep(() => Path.Draw(key.ToCore(), draws));
}
