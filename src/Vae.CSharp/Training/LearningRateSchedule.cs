using System;

namespace VaeFunctional;

/// <summary>
/// A factor of the learning rate, as a function of how far the run is: after the run's last step it is what the schedule ends
/// with.
/// </summary>
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

    /// <summary>
    /// Again and again from 1 to a final factor along half a cosine (Loshchilov and Hutter, 2017, SGDR).
    /// </summary>
    /// <param name="first">What the first cosine takes.</param>
    /// <param name="lengthening">How many times the steps of the one before each following one takes.</param>
    /// <param name="final">What each ends with.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no lengthening, or the factor is negative or not finite.</exception>
    public static LearningRateSchedule CosineRestarts(Span first, int lengthening = 1, double final = 0)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentOutOfRangeException.ThrowIfLessThan(lengthening, 1);
        Numbers.CheckNotNegative(final, nameof(final));
        return new(Core.ScheduleModule.cosineRestarts(lengthening, final, first.Value));
    }

    /// <summary>From one factor to another in a straight line over a span, and then the other.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A factor is not finite.</exception>
    public static LearningRateSchedule Linear(double from, double to, Span over)
    {
        Numbers.CheckFinite(from, nameof(from));
        Numbers.CheckFinite(to, nameof(to));
        ArgumentNullException.ThrowIfNull(over);
        return new(Core.ScheduleModule.linear(from, to, over.Value));
    }

    /// <summary>
    /// From one factor to another along a logistic curve over a span, and then the other (Bowman et al., 2016): the curve from
    /// -6 to 6, scaled so that it begins and ends at the two factors.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">A factor is not finite.</exception>
    public static LearningRateSchedule Sigmoid(double from, double to, Span over)
    {
        Numbers.CheckFinite(from, nameof(from));
        Numbers.CheckFinite(to, nameof(to));
        ArgumentNullException.ThrowIfNull(over);
        return new(Core.ScheduleModule.sigmoid(from, to, over.Value));
    }

    /// <summary>From 1 to a final factor by a power of what is left of a span, and then that factor.</summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The power is not positive and finite, or the factor is negative or not finite.
    /// </exception>
    public static LearningRateSchedule Polynomial(double power, Span over, double final = 0)
    {
        Numbers.CheckPositive(power, nameof(power));
        ArgumentNullException.ThrowIfNull(over);
        Numbers.CheckNotNegative(final, nameof(final));
        return new(Core.ScheduleModule.polynomial(power, final, over.Value));
    }

    /// <summary>
    /// So many cycles over the run, each of which rises from 0 to 1 in a straight line over a share of it and stays at 1 (Fu et
    /// al., 2019).
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">There are no cycles, or the share is not in (0, 1].</exception>
    public static LearningRateSchedule Cyclical(int cycles = 4, double share = 0.5)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(cycles, 1);
        Numbers.CheckShare(share, nameof(share));
        return new(Core.ScheduleModule.cyclical(cycles, share));
    }

    /// <summary>
    /// One cycle (Smith and Topin, 2018): from a first factor up to 1 over a share of the run, and from there down to a final
    /// one, each along half a cosine, as torch's OneCycleLR has it.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The rise is not between 0 and 1, or a factor is negative or not finite.
    /// </exception>
    public static LearningRateSchedule OneCycle(
        double rise = 0.3,
        double first = 1.0 / 25,
        double final = 1.0 / 250_000
    )
    {
        Numbers.CheckInside(rise, nameof(rise));
        Numbers.CheckNotNegative(first, nameof(first));
        Numbers.CheckNotNegative(final, nameof(final));
        return new(Core.ScheduleModule.oneCycleBy(rise, first, final));
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
