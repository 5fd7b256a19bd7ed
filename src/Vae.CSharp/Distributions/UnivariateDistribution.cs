using System;

namespace VaeFunctional;

/// <summary>
/// A law of single numbers with its distribution function, element by element. Both tails are stated, since 1 minus one of
/// them loses the digits of the other.
/// </summary>
public abstract class UnivariateDistribution : Distribution
{
    private protected UnivariateDistribution(Core.Univariate law)
        : base(law) { }

    internal Core.Univariate Line => (Core.Univariate)Law;

    /// <summary>P(X &lt;= x), element by element.</summary>
    public Tensor Cdf(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return Interop.Keep(() => Line.Cdf(x));
    }

    /// <summary>P(X &gt; x), with the digits that 1 - Cdf would lose.</summary>
    public Tensor Survival(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return Interop.Keep(() => Line.Survival(x));
    }

    /// <summary>The least x with P(X &lt;= x) &gt;= p.</summary>
    /// <exception cref="ArgumentException">A number is outside [0, 1].</exception>
    public Tensor Quantile(Tensor p)
    {
        ArgumentNullException.ThrowIfNull(p);
        return Interop.Keep(() => Line.Quantile(p));
    }

    /// <summary>The x whose survival is q, with the digits that Quantile(1 - q) would lose.</summary>
    /// <exception cref="ArgumentException">A number is outside [0, 1].</exception>
    public Tensor UpperQuantile(Tensor q)
    {
        ArgumentNullException.ThrowIfNull(q);
        return Interop.Keep(() => Line.UpperQuantile(q));
    }
}
