using System;

namespace VaeFunctional;

/// <summary>What compares the draws of a batch's posteriors, all together, with draws of the prior.</summary>
public sealed class Matching
{
    private Matching(Core.Matching value) => Value = value;

    internal Core.Matching Value { get; }

    /// <summary>
    /// The squared maximum mean discrepancy by a kernel, unbiased: it may be below 0 (Gretton et al., "A kernel two-sample test",
    /// 2012).
    /// </summary>
    public static Matching Mmd(Kernel kernel)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        return new(Core.Matching.NewMmd(kernel.Value));
    }

    /// <summary>
    /// The squared Wasserstein distance along so many random directions (Kolouri et al., "Sliced-Wasserstein auto-encoders", 2019).
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">There are no directions.</exception>
    public static Matching SlicedWasserstein(int directions)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(directions, 1);
        return new(Core.Matching.NewSlicedWasserstein(directions));
    }

    /// <summary>The comparison in words.</summary>
    public override string ToString() => Value.ToString();
}
