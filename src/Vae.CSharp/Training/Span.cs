using System;

namespace VaeFunctional;

/// <summary>A stretch of a run, from its beginning.</summary>
public sealed class Span
{
    private Span(Core.Span value) => Value = value;

    internal Core.Span Value { get; }

    /// <summary>So many epochs, whole or not.</summary>
    /// <exception cref="ArgumentOutOfRangeException">They are not positive and finite.</exception>
    public static Span Epochs(double epochs)
    {
        Numbers.CheckPositive(epochs, nameof(epochs));
        return new(Core.Span.NewEpochs(epochs));
    }

    /// <summary>So many steps.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are none.</exception>
    public static Span Steps(long steps)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        return new(Core.Span.NewSteps(steps));
    }

    /// <summary>A share of the whole run.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not above 0 and at most 1.</exception>
    public static Span Share(double share)
    {
        Numbers.CheckShare(share, nameof(share));
        return new(Core.Span.NewShare(share));
    }

    /// <summary>The span in words.</summary>
    public override string ToString() => Value.ToString();
}
