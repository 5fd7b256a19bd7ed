using System;

namespace VaeFunctional;

/// <summary>A factor of the learning rate, as a function of how far the run is.</summary>
public sealed class LearningRateSchedule
{
    private LearningRateSchedule(Core.Schedule value) => Value = value;

    internal Core.Schedule Value { get; }

    /// <summary>The schedule in words.</summary>
    public string Name => Value.Name;

    /// <summary>1 throughout.</summary>
    public static LearningRateSchedule Constant { get; } = new(Core.ScheduleModule.constant);

    /// <summary>From 1 to a final factor along half a cosine (Loshchilov and Hutter, 2017).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The factor is negative or not finite.</exception>
    public static LearningRateSchedule Cosine(double final = 0)
    {
        Numbers.CheckNotNegative(final, nameof(final));
        return new(Core.ScheduleModule.cosine(final));
    }

    /// <summary>Multiplied by a factor after every epoch.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The factor is not a positive finite number.</exception>
    public static LearningRateSchedule Exponential(double factor)
    {
        Numbers.CheckPositive(factor, nameof(factor));
        return new(Core.ScheduleModule.exponential(factor));
    }

    /// <summary>Multiplied by a factor after every so many epochs.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The factor is not positive and finite, or there are no epochs.</exception>
    public static LearningRateSchedule Stepwise(int epochs, double factor)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(epochs, 1);
        Numbers.CheckPositive(factor, nameof(factor));
        return new(Core.ScheduleModule.stepwise(epochs, factor));
    }

    /// <summary>This schedule, multiplied by a ramp from 0 over the first steps.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are no steps.</exception>
    public LearningRateSchedule WarmedUp(int steps)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        return new(Core.ScheduleModule.warmup(steps, Value));
    }

    /// <summary>The factor of one step of a run.</summary>
    /// <param name="step">Steps taken before it.</param>
    /// <param name="steps">Steps of the whole run.</param>
    /// <param name="stepsPerEpoch">Steps of one epoch.</param>
    /// <exception cref="ArgumentOutOfRangeException">The step is not one of the run's, or an epoch has none.</exception>
    public double Factor(long step, long steps, int stepsPerEpoch)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(steps, step);
        ArgumentOutOfRangeException.ThrowIfLessThan(stepsPerEpoch, 1);
        return Value.Factor.Invoke(new Core.Progress(step, steps, stepsPerEpoch));
    }

    /// <summary>The schedule in words.</summary>
    public override string ToString() => Name;
}
