using System;

namespace VaeFunctional;

/// <summary>
/// A law whose last dimensions of batch are one event: draws stay the same, log-densities are summed over the event.
/// </summary>
public sealed class Independent : Distribution
{
    private readonly Core.Independent law;

    /// <summary>The last batch dimensions of a law as its event.</summary>
    /// <exception cref="ArgumentException">The law's batch has fewer dimensions.</exception>
    public Independent(Distribution law, int dimensions)
    {
        ArgumentNullException.ThrowIfNull(law);
        ArgumentOutOfRangeException.ThrowIfNegative(dimensions);
        this.law = Core.Independent.Create(law.Law, dimensions);
    }

    internal override Core.Distribution Law => law;

    /// <summary>How many batch dimensions became the event.</summary>
    public int Dimensions => law.Dimensions;
}
