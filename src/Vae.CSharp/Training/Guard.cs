using System;

namespace VaeFunctional;

/// <summary>
/// What training does about a step whose loss or gradient is not finite, or that would leave parameters that are not. Such a
/// step is never applied: what stays, in the model and in every checkpoint, is what the step before it left.
/// </summary>
public sealed class Guard
{
    private Guard(Core.Guard value) => Value = value;

    internal Core.Guard Value { get; }

    /// <summary>Ends the run by <see cref="Core.TrainingDivergedException"/>.</summary>
    public static Guard Stop { get; } = new(Core.Guard.Stop);

    /// <summary>Leaves the step out and goes on with the next batch.</summary>
    /// <param name="most">Of all steps of the run so many may be left out; the next one ends it.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are none.</exception>
    public static Guard Skip(int most)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        return new(Core.Guard.NewSkip(most));
    }

    /// <summary>Leaves the step out and multiplies the learning rate of all steps after it by a factor.</summary>
    /// <param name="factor">Between 0 and 1.</param>
    /// <param name="most">Of all steps of the run so many may be left out; the next one ends it.</param>
    /// <exception cref="ArgumentOutOfRangeException">The factor is not between 0 and 1, or there are no steps.</exception>
    public static Guard LowerRate(double factor, int most)
    {
        Numbers.CheckFraction(factor, nameof(factor));
        Numbers.CheckPositive(factor, nameof(factor));
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        return new(Core.Guard.NewLowerRate(factor, most));
    }

    /// <summary>The guard in words.</summary>
    public override string ToString() =>
        Value switch
        {
            Core.Guard.Skip skip => FormattableString.Invariant($"skip, at most {skip.most}"),
            Core.Guard.LowerRate lower => FormattableString.Invariant(
                $"rate times {lower.factor:R}, at most {lower.most}"
            ),
            _ => "stop",
        };
}
