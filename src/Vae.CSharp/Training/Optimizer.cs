using System;

namespace VaeFunctional;

/// <summary>How a step is made of a gradient.</summary>
public sealed class Optimizer
{
    private Optimizer(Core.Optimizer value) => Value = value;

    internal Core.Optimizer Value { get; }

    /// <summary>What the optimizer is called.</summary>
    public string Name => Value.Name;

    /// <summary>The learning rate, before the schedule.</summary>
    public double Rate => Value.Rate;

    /// <summary>Adam (Kingma and Ba, 2015).</summary>
    /// <param name="rate">The learning rate.</param>
    /// <param name="beta1">The decay of the mean of gradients.</param>
    /// <param name="beta2">The decay of the mean of their squares.</param>
    /// <param name="epsilon">What the root of the latter is increased by.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The rate or epsilon is not positive and finite, or a decay is not in [0, 1).
    /// </exception>
    public static Optimizer Adam(double rate = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8)
    {
        Numbers.CheckPositive(rate, nameof(rate));
        Numbers.CheckFraction(beta1, nameof(beta1));
        Numbers.CheckFraction(beta2, nameof(beta2));
        Numbers.CheckPositive(epsilon, nameof(epsilon));
        return new(Core.OptimizerModule.adamBy(beta1, beta2, epsilon, rate));
    }

    /// <summary>Stochastic gradient descent, with momentum where it is not 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The rate is not positive and finite, or the momentum is not in [0, 1).
    /// </exception>
    public static Optimizer Sgd(double rate, double momentum = 0)
    {
        Numbers.CheckPositive(rate, nameof(rate));
        Numbers.CheckFraction(momentum, nameof(momentum));
        return new(momentum == 0 ? Core.OptimizerModule.sgd(rate) : Core.OptimizerModule.sgdMomentum(momentum, rate));
    }

    /// <summary>The same optimizer with a schedule of its learning rate.</summary>
    public Optimizer WithSchedule(LearningRateSchedule schedule)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        return new(Core.OptimizerModule.withSchedule(schedule.Value, Value));
    }

    /// <summary>
    /// The same optimizer, of gradients that are shortened to a norm where they are longer (Pascanu, Mikolov and Bengio, 2013);
    /// <see cref="TrainingProgress.GradientNorm"/> tells how long they were.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The norm is not positive and finite.</exception>
    public Optimizer Clipped(double maxNorm)
    {
        Numbers.CheckPositive(maxNorm, nameof(maxNorm));
        return new(Core.OptimizerModule.clip(maxNorm, Value));
    }

    /// <summary>The optimizer in words.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"{Name}, learning rate {Rate:R}, {Value.Schedule.Name}");
}
