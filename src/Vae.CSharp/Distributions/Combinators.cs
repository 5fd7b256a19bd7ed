using System;

namespace VaeFunctional;

/// <summary>Laws made of another law. What is made has the sample path that its parts have.</summary>
public static class Combinators
{
    /// <summary>
    /// The law of f(X) for this law of X and a bijection f: a <see cref="TransformedUnivariate"/> of a law of single numbers,
    /// else a <see cref="Transformed"/>.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// The transform is of larger points than the law's events, has more parameters than the batch has laws, or is no
    /// bijection of the law's support.
    /// </exception>
    public static Distribution Transform(this Distribution law, Transform transform)
    {
        ArgumentNullException.ThrowIfNull(law);
        ArgumentNullException.ThrowIfNull(transform);
        return law is UnivariateDistribution univariate
            ? univariate.Transform(transform)
            : new Transformed(Core.Transformed.Create(law.Law, transform.Value));
    }

    /// <summary>The law of f(X) for this law of numbers X and an elementwise bijection f.</summary>
    /// <exception cref="ArgumentException">
    /// The transform is not elementwise, has more parameters than the batch has laws, or is no bijection of the law's
    /// support.
    /// </exception>
    public static TransformedUnivariate Transform(this UnivariateDistribution law, Transform transform)
    {
        ArgumentNullException.ThrowIfNull(law);
        ArgumentNullException.ThrowIfNull(transform);
        return new(Core.TransformedUnivariate.Create(law.Line, transform.Value));
    }

    /// <summary>This law, given that its draw lies between two numbers, of which one may be infinite.</summary>
    /// <exception cref="ArgumentException">
    /// The law is of integers, the ends are in the wrong order, or the law gives the interval no probability.
    /// </exception>
    public static Truncated Truncate(this UnivariateDistribution law, double low, double high)
    {
        ArgumentNullException.ThrowIfNull(law);
        var place = law.Law.Placement;
        return new(
            Interop.Own(() =>
                Core.Truncated.Create(
                    law.Line,
                    Core.TensorModule.scalar(place, low),
                    Core.TensorModule.scalar(place, high)
                )
            )
        );
    }

    /// <summary>The same between ends that broadcast with the batch.</summary>
    /// <exception cref="ArgumentException">
    /// The law is of integers, ends are in the wrong order, or the law gives an interval no probability.
    /// </exception>
    public static Truncated Truncate(this UnivariateDistribution law, Tensor low, Tensor high)
    {
        ArgumentNullException.ThrowIfNull(law);
        ArgumentNullException.ThrowIfNull(low);
        ArgumentNullException.ThrowIfNull(high);
        return new(Core.Truncated.Create(law.Line, low, high));
    }

    /// <summary>These laws, of which those count where the mask, booleans that broadcast to the batch, is true.</summary>
    /// <exception cref="ArgumentException">The mask is not of booleans, or has another shape.</exception>
    public static Masked Mask(this Distribution law, Tensor mask)
    {
        ArgumentNullException.ThrowIfNull(law);
        ArgumentNullException.ThrowIfNull(mask);
        return new(Core.Masked.Create(law.Law, mask));
    }
}
