using System;

namespace VaeFunctional;

/// <summary>
/// Normal(loc, factor factor' + diag diagonal) on vectors of k numbers: a covariance of few directions and noise of
/// each number's own. Nothing of k by k is made.
/// </summary>
public sealed class LowRankMultivariateNormal : Distribution, IPathwise
{
    internal LowRankMultivariateNormal(Core.LowRankMultivariateNormal law)
        : base(law) { }

    /// <summary>From numbers, in 64 bits: the mean [k], the directions [k, r] and the variances [k].</summary>
    /// <exception cref="ArgumentException">
    /// A variance is not positive, or the factor has not one row for each number.
    /// </exception>
    public LowRankMultivariateNormal(double[] loc, double[,] factor, double[] diagonal)
        : this(
            Interop.Own(() =>
                new Core.LowRankMultivariateNormal(
                    Interop.Vector(loc),
                    Interop.Matrix(factor),
                    Interop.Vector(diagonal)
                )
            )
        ) { }

    /// <summary>
    /// From the mean [batch..., k], the directions [batch..., k, r] and the variances [batch..., k], whose batches
    /// broadcast. The law borrows them.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// A variance is not positive, or the factor has not one row for each number.
    /// </exception>
    public LowRankMultivariateNormal(Tensor loc, Tensor factor, Tensor diagonal)
        : this(new Core.LowRankMultivariateNormal(Interop.Given(loc), Interop.Given(factor), Interop.Given(diagonal)))
    { }

    private Core.LowRankMultivariateNormal Own => (Core.LowRankMultivariateNormal)Law;

    Core.Reparameterized<Core.Distribution> IPathwise.Reparameterized => Paths.Of(Law)!;

    /// <summary>The mean, [batch..., k].</summary>
    public Tensor Loc => Interop.Alias(Own.Loc);

    /// <summary>The directions of the covariance, [batch..., k, r].</summary>
    public Tensor Factor => Interop.Alias(Own.Factor);

    /// <summary>The variances of the numbers' own noise, [batch..., k].</summary>
    public Tensor Diagonal => Interop.Alias(Own.Diagonal);
}
