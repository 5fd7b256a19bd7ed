using System;

namespace VaeFunctional;

/// <summary>
/// A law whose last dimensions of batch are one event: draws stay the same, log-densities are summed over the event.
/// </summary>
public sealed class Independent : Distribution
{
    internal Independent(Core.Independent law)
        : base(law) => Base = Wrapping.Of(law.Base);

    /// <summary>The last batch dimensions of a law as its event.</summary>
    /// <exception cref="ArgumentException">The number is negative, or the law's batch has fewer dimensions.</exception>
    public Independent(Distribution law, int dimensions)
        : this(Core.Independent.Create(Interop.Given(law).Law, dimensions)) { }

    /// <summary>The law whose batch became the event; never itself independent.</summary>
    public Distribution Base { get; }

    /// <summary>How many batch dimensions became the event.</summary>
    public int Dimensions => ((Core.Independent)Law).Dimensions;
}
