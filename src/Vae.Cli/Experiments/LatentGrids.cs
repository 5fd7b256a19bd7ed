using System;
using System.Linq;

namespace VaeFunctional.Cli.Experiments;

/// <summary>
/// Latents whose decoded images show a manifold, row by row from the top: the first coordinate grows to the right, the
/// second one upwards, as in a scatter of them.
/// </summary>
internal static class LatentGrids
{
    /// <summary>
    /// The image under z = L u of a square grid of standard normal quantiles u at (i + 1/2) / side, where L is the Cholesky
    /// factor of the prior's covariance: each cell holds the same probability under the prior.
    /// </summary>
    /// <param name="covariance">Of the prior, k x k.</param>
    /// <param name="side">Latents in a row.</param>
    /// <param name="rest">The coordinates u from the third on.</param>
    public static float[][] Quantiles(double[,] covariance, int side, params double[] rest)
    {
        var axis = Enumerable.Range(0, side).Select(i => NormalQuantile((i + 0.5) / side)).ToArray();
        var factor = Cholesky(covariance);
        return Grid(axis, rest).Select(u => Product(factor, u)).ToArray();
    }

    /// <summary>Evenly spaced latents from -3 to 3.</summary>
    public static float[][] Linear(int side, params double[] rest)
    {
        var axis = Enumerable.Range(0, side).Select(i => side == 1 ? 0 : -3 + 6.0 * i / (side - 1)).ToArray();
        return Grid(axis, rest).Select(z => Array.ConvertAll(z, value => (float)value)).ToArray();
    }

    /// <summary>
    /// The number that a standard normal one is below with probability p: Newton's method on the distribution function,
    /// which is concave above 0, so that it goes up to the quantile from 0 without passing it.
    /// </summary>
    public static double NormalQuantile(double p)
    {
        if (p < 0.5)
        {
            return -NormalQuantile(1 - p);
        }

        var x = 0.0;

        for (var i = 0; i < 50; i++)
        {
            x -= (NormalCdf(x) - p) / Density(x);
        }

        return x;
    }

    /// <summary>1/2 + density times x + x^3/3 + x^5/(3 5) + ... (Marsaglia, "Evaluating the normal distribution", 2004).</summary>
    public static double NormalCdf(double x)
    {
        double sum = x,
            term = x;

        for (var n = 3; Math.Abs(term) > 1e-17 * Math.Abs(sum); n += 2)
        {
            term *= x * x / n;
            sum += term;
        }

        return 0.5 + (sum * Density(x));
    }

    private static double Density(double x) => Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI);

    private static double[][] Grid(double[] axis, double[] rest) =>
        (from second in axis.Reverse() from first in axis select (double[])[first, second, .. rest]).ToArray();

    /// <summary>The lower triangular L with L L' = a, for a positive definite a.</summary>
    private static double[,] Cholesky(double[,] a)
    {
        var n = a.GetLength(0);
        var l = new double[n, n];

        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var left = a[i, j] - Enumerable.Range(0, j).Sum(k => l[i, k] * l[j, k]);
                l[i, j] = i == j ? Math.Sqrt(left) : left / l[j, j];
            }
        }

        return l;
    }

    private static float[] Product(double[,] matrix, double[] vector) =>
        Enumerable
            .Range(0, vector.Length)
            .Select(i => (float)Enumerable.Range(0, vector.Length).Sum(j => matrix[i, j] * vector[j]))
            .ToArray();
}
