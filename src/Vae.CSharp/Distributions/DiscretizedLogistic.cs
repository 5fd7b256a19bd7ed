using System;

namespace VaeFunctional;

/// <summary>
/// DiscretizedLogistic(loc, scale, bins) on the levels 0 to bins - 1, element by element: Logistic(loc, scale) rounded
/// to the nearest level, where the first and the last take the tails (Salimans and others, 2017). loc and scale are in
/// levels.
/// </summary>
public sealed class DiscretizedLogistic : UnivariateDistribution
{
    internal DiscretizedLogistic(Core.DiscretizedLogistic law)
        : base(law) { }

    /// <summary>From numbers, in 64 bits.</summary>
    /// <exception cref="ArgumentException">
    /// A number is not finite, the scale not positive, or there are fewer than 2 levels.
    /// </exception>
    public DiscretizedLogistic(double loc, double scale, int bins = 256)
        : this(Interop.Own(() => new Core.DiscretizedLogistic(loc, scale, bins))) { }

    /// <summary>From tensors that broadcast. The law borrows them.</summary>
    /// <exception cref="ArgumentException">
    /// A number is not finite, a scale not positive, or there are fewer than 2 levels.
    /// </exception>
    public DiscretizedLogistic(Tensor loc, Tensor scale, Tensor bins)
        : this(new Core.DiscretizedLogistic(Interop.Given(loc), Interop.Given(scale), Interop.Given(bins))) { }

    /// <summary>With 256 levels, as bytes have, from tensors that broadcast. The law borrows them.</summary>
    /// <exception cref="ArgumentException">A number is not finite, or a scale not positive.</exception>
    public DiscretizedLogistic(Tensor loc, Tensor scale)
        : this(new Core.DiscretizedLogistic(Interop.Given(loc), Interop.Given(scale))) { }

    private Core.DiscretizedLogistic Own => (Core.DiscretizedLogistic)Law;

    /// <summary>The mean of the logistic law, in levels.</summary>
    public Tensor Loc => Interop.Alias(Own.Loc);

    /// <summary>The scale of the logistic law, in levels.</summary>
    public Tensor Scale => Interop.Alias(Own.Scale);

    /// <summary>The number of levels.</summary>
    public Tensor Bins => Interop.Alias(Own.Bins);

    /// <summary>The levels of grey values in [0, 1], rounded to the nearest.</summary>
    public static Tensor LevelsOf(int bins, Tensor grey)
    {
        ArgumentNullException.ThrowIfNull(grey);
        return Core.DiscretizedLogisticModule.levelsOf(bins, grey);
    }
}
