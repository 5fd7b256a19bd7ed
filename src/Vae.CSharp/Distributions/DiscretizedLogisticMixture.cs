using System;

namespace VaeFunctional;

/// <summary>
/// Images [channels, height, width] of so many levels, by a mixture of discretized logistic laws of each pixel (Salimans and
/// others, 2017). A pixel's channels are of one component; of colours, the mean of green moves with red, and that of blue with
/// red and green. Values are in [0, 1], a level divided by the largest; means and scales are in levels.
/// </summary>
public sealed class DiscretizedLogisticMixture : Distribution
{
    internal DiscretizedLogisticMixture(Core.DiscretizedLogisticMixture law)
        : base(law) { }

    private Core.DiscretizedLogisticMixture Own => (Core.DiscretizedLogisticMixture)Law;

    /// <summary>The logits of the components, [batch..., k, height, width].</summary>
    public Tensor Logits => Interop.Alias(Own.Logits);

    /// <summary>The means of the logistic laws, in levels, [batch..., k, channels, height, width].</summary>
    public Tensor Loc => Interop.Alias(Own.Loc);

    /// <summary>Their scales, in levels.</summary>
    public Tensor Scale => Interop.Alias(Own.Scale);

    /// <summary>What the means of green and blue move by; null of grey images.</summary>
    public Tensor? Coefficients => Own.Coefficients is { } some ? Interop.Alias(some.Value) : null;

    /// <summary>The number of levels.</summary>
    public int Bins => Own.Bins;

    /// <summary>Of grey images. The law borrows the tensors.</summary>
    /// <param name="logits">Of the components, [batch..., k, height, width].</param>
    /// <param name="loc">The means, in levels, [batch..., k, 1, height, width].</param>
    /// <param name="scale">The scales, in levels, of the same shape.</param>
    /// <param name="bins">The number of levels.</param>
    /// <exception cref="ArgumentException">Shapes do not fit, a number is not finite, or a scale not positive.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than 2 levels.</exception>
    public static DiscretizedLogisticMixture Grey(Tensor logits, Tensor loc, Tensor scale, int bins = 256)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 2);
        return new(
            Core.DiscretizedLogisticMixture.Grey(Interop.Given(logits), Interop.Given(loc), Interop.Given(scale), bins)
        );
    }

    /// <summary>Of colours. The law borrows the tensors.</summary>
    /// <param name="logits">Of the components, [batch..., k, height, width].</param>
    /// <param name="loc">The means of red, green and blue, in levels, [batch..., k, 3, height, width].</param>
    /// <param name="scale">The scales, in levels, of the same shape.</param>
    /// <param name="coefficients">What green moves by with red, blue with red, and blue with green, of the same shape.</param>
    /// <param name="bins">The number of levels.</param>
    /// <exception cref="ArgumentException">Shapes do not fit, a number is not finite, or a scale not positive.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than 2 levels.</exception>
    public static DiscretizedLogisticMixture Colour(
        Tensor logits,
        Tensor loc,
        Tensor scale,
        Tensor coefficients,
        int bins = 256
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 2);
        return new(
            Core.DiscretizedLogisticMixture.Colour(
                Interop.Given(logits),
                Interop.Given(loc),
                Interop.Given(scale),
                Interop.Given(coefficients),
                bins
            )
        );
    }
}
