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
        Base = law is Independent inner ? inner.Base : law;
    }

    internal override Core.Distribution Law => law;

    /// <summary>The law whose batch became the event; never itself independent.</summary>
    public Distribution Base { get; }

    /// <summary>How many batch dimensions became the event.</summary>
    public int Dimensions => law.Dimensions;
}
