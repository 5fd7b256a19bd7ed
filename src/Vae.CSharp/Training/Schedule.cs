using System;

namespace VaeFunctional;

/// <summary>
/// A number as a function of how far a run is: a factor of the learning rate (<see cref="Optimizer.WithSchedule"/>), the weight
/// of a term (<see cref="Objective.Anneal"/>), or a capacity. After the run's last step it is what the schedule ends with.
/// </summary>
public sealed class Schedule
{
    private Schedule(Core.Schedule value) => Value = value;

    internal Core.Schedule Value { get; }

    /// <summary>The schedule in words.</summary>
    public string Name => Value.Name;

    /// <summary>0 throughout: of a term that is reported only.</summary>
    public static Schedule Never { get; } = new(Core.ScheduleModule.never);

    /// <summary>One number throughout.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is not finite.</exception>
    public static Schedule Constant(double factor = 1)
    {
        Numbers.CheckFinite(factor, nameof(factor));
        return new(factor == 1 ? Core.ScheduleModule.constant : Core.ScheduleModule.scaled(factor));
    }

    /// <summary>From 1 to a final factor along half a cosine (Loshchilov and Hutter, 2017).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The factor is negative or not finite.</exception>
    public static Schedule Cosine(double final = 0)
    {
        Numbers.CheckNotNegative(final, nameof(final));
        return new(Core.ScheduleModule.cosine(final));
    }

    /// <summary>Multiplied by a factor after every epoch.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The factor is not a positive finite number.</exception>
    public static Schedule Exponential(double factor)
    {
        Numbers.CheckPositive(factor, nameof(factor));
        return new(Core.ScheduleModule.exponential(factor));
    }

    /// <summary>Multiplied by a factor after every so many epochs.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The factor is not positive and finite, or there are no epochs.</exception>
    public static Schedule Stepwise(int epochs, double factor)
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
    public static Schedule CosineRestarts(Span first, int lengthening = 1, double final = 0)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentOutOfRangeException.ThrowIfLessThan(lengthening, 1);
        Numbers.CheckNotNegative(final, nameof(final));
        return new(Core.ScheduleModule.cosineRestarts(lengthening, final, first.Value));
    }

    /// <summary>From one factor to another in a straight line over a span, and then the other.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A factor is not finite.</exception>
    public static Schedule Linear(double from, double to, Span over)
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
    public static Schedule Sigmoid(double from, double to, Span over)
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
    public static Schedule Polynomial(double power, Span over, double final = 0)
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
    public static Schedule Cyclical(int cycles = 4, double share = 0.5)
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
    public static Schedule OneCycle(double rise = 0.3, double first = 1.0 / 25, double final = 1.0 / 250_000)
    {
        Numbers.CheckInside(rise, nameof(rise));
        Numbers.CheckNotNegative(first, nameof(first));
        Numbers.CheckNotNegative(final, nameof(final));
        return new(Core.ScheduleModule.oneCycleBy(rise, first, final));
    }

    /// <summary>This schedule, multiplied by a ramp from 0 over the first steps.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are no steps.</exception>
    public Schedule WarmedUp(int steps)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        return new(Core.ScheduleModule.warmup(steps, Value));
    }

    /// <summary>This schedule, multiplied by a number.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is not finite.</exception>
    public Schedule Times(double factor)
    {
        Numbers.CheckFinite(factor, nameof(factor));
        return new(Core.ScheduleModule.times(factor, Value));
    }

    /// <summary>This schedule and another, multiplied.</summary>
    public Schedule Times(Schedule other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new(Core.ScheduleModule.product(Value, other.Value));
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
