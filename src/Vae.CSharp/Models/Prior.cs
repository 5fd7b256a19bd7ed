using System;
using System.Linq;

namespace VaeFunctional;

/// <summary>p(z): the law of the latent before any data.</summary>
public sealed class Prior
{
    private Prior(Core.Prior value) => Value = value;

    internal Core.Prior Value { get; }

    /// <summary>The shape of one latent.</summary>
    public long[] LatentShape => (long[])Value.LatentShape.Clone();

    /// <summary>N(0, I).</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are no dimensions.</exception>
    public static Prior Standard(int dimensions)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimensions, 1);
        return new(Core.PriorModule.standard(dimensions));
    }

    /// <summary>N(0, covariance), by its Cholesky factor.</summary>
    /// <exception cref="ArgumentException">The matrix is not square, symmetric and positive definite.</exception>
    public static Prior Gaussian(double[,] covariance)
    {
        ArgumentNullException.ThrowIfNull(covariance);
        var rows = Enumerable
            .Range(0, covariance.GetLength(0))
            .Select(i => Enumerable.Range(0, covariance.GetLength(1)).Select(j => covariance[i, j]).ToCoreList());
        return new(Core.PriorModule.gaussian(rows.ToCoreList()));
    }

    /// <summary>
    /// The prior that a text names, such as <c>vamp 500</c>, <c>maf 4</c> or <c>StudentT df=5</c>: <see cref="Recipes.Priors"/>
    /// are those with a name of their own, and each law's name makes that law.
    /// </summary>
    /// <exception cref="ArgumentException">The text names none: the message says what there is.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are no dimensions.</exception>
    public static Prior Parse(string text, int dimensions)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfLessThan(dimensions, 1);
        return new(Core.PriorRecipes.read(text).Invoke(dimensions));
    }

    /// <summary>The prior in words.</summary>
    public override string ToString() => Value.Spec.ToString();
}
