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

    /// <summary>
    /// AdamW (Loshchilov and Hutter, 2019): before Adam's own step, every step multiplies all trained parameters, biases among
    /// them, by 1 - rate x decay, with the scheduled rate.
    /// </summary>
    /// <param name="rate">The learning rate.</param>
    /// <param name="decay">How fast parameters decay by themselves.</param>
    /// <param name="beta1">The decay of the mean of gradients.</param>
    /// <param name="beta2">The decay of the mean of their squares.</param>
    /// <param name="epsilon">What the root of the latter is increased by.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The rate or epsilon is not positive and finite, the decay is negative or not finite, or a beta is not in [0, 1).
    /// </exception>
    public static Optimizer AdamW(
        double rate = 1e-3,
        double decay = 0.01,
        double beta1 = 0.9,
        double beta2 = 0.999,
        double epsilon = 1e-8
    )
    {
        Numbers.CheckPositive(rate, nameof(rate));
        Numbers.CheckNotNegative(decay, nameof(decay));
        Numbers.CheckFraction(beta1, nameof(beta1));
        Numbers.CheckFraction(beta2, nameof(beta2));
        Numbers.CheckPositive(epsilon, nameof(epsilon));
        return new(Core.OptimizerModule.adamWBy(beta1, beta2, epsilon, decay, rate));
    }

    /// <summary>Adam by the largest gradient instead of the mean of squares (Kingma and Ba, 2015, algorithm 2).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The rate is not positive and finite.</exception>
    public static Optimizer Adamax(double rate = 2e-3)
    {
        Numbers.CheckPositive(rate, nameof(rate));
        return new(Core.OptimizerModule.adamax(rate));
    }

    /// <summary>
    /// Adam that goes by the mean of squares only as far as it is of enough gradients, in place of a warm-up (Liu et al., 2020).
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The rate is not positive and finite.</exception>
    public static Optimizer RAdam(double rate = 1e-3)
    {
        Numbers.CheckPositive(rate, nameof(rate));
        return new(Core.OptimizerModule.radam(rate));
    }

    /// <summary>RMSprop (Tieleman and Hinton, 2012), not centred, without momentum.</summary>
    /// <param name="rate">The learning rate.</param>
    /// <param name="decay">The decay of the mean of squares.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The rate is not positive and finite, or the decay is not in [0, 1).
    /// </exception>
    public static Optimizer RmsProp(double rate = 1e-3, double decay = 0.99)
    {
        Numbers.CheckPositive(rate, nameof(rate));
        Numbers.CheckFraction(decay, nameof(decay));
        return new(Core.OptimizerModule.rmsProp(decay, rate));
    }

    /// <summary>Stochastic gradient descent, with momentum where it is not 0.</summary>
    /// <param name="rate">The learning rate.</param>
    /// <param name="momentum">The decay of the velocity.</param>
    /// <param name="nesterov">Whether a step looks ahead by what the velocity is going to be (Sutskever et al., 2013).</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The rate is not positive and finite, or the momentum is not in [0, 1).
    /// </exception>
    public static Optimizer Sgd(double rate, double momentum = 0, bool nesterov = false)
    {
        Numbers.CheckPositive(rate, nameof(rate));
        Numbers.CheckFraction(momentum, nameof(momentum));
        return new(
            momentum == 0 ? Core.OptimizerModule.sgd(rate)
            : nesterov ? Core.OptimizerModule.sgdNesterov(momentum, rate)
            : Core.OptimizerModule.sgdMomentum(momentum, rate)
        );
    }

    /// <summary>
    /// The same optimizer, of the gradient of the loss and of decay / 2 times the sum of squares of all trained parameters,
    /// biases among them: L2 regularisation, for <see cref="Sgd"/> the same as decay, for Adam and its kin not
    /// (<see cref="AdamW"/> decays). It is no part of the loss and the norm that are told.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The decay is negative or not finite.</exception>
    public Optimizer WithWeightDecay(double decay)
    {
        Numbers.CheckNotNegative(decay, nameof(decay));
        return new(Core.OptimizerModule.weightDecay(decay, Value));
    }

    /// <summary>
    /// The same optimizer, whose learning rate, beside its schedule, is multiplied by a factor each time so many epochs have passed
    /// without a better validation total. Training refuses it without <see cref="TrainingOptions.Validation"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The factor is not between 0 and 1, or there are no epochs.</exception>
    public Optimizer OnPlateau(double factor = 0.1, int patience = 10)
    {
        Numbers.CheckInside(factor, nameof(factor));
        ArgumentOutOfRangeException.ThrowIfLessThan(patience, 1);
        return new(Core.OptimizerModule.plateau(factor, patience, Value));
    }

    /// <summary>The same optimizer with a schedule of its learning rate.</summary>
    public Optimizer WithSchedule(Schedule schedule)
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
