using System;
using Expecto;
using Expecto.CSharp;

namespace VaeFunctional.Tests;

internal static class LearningRateScheduleTests
{
    private static Test Factor(string name, LearningRateSchedule schedule, int step, double expected) =>
        Runner.TestCase(
            $"{name}, step {step}",
            () => Check.Close(schedule.Factor(step, steps: 11, stepsPerEpoch: 2), expected, 1e-15, schedule.Name)
        );

    public static readonly Test Tests = Runner.TestList(
        "learning rate schedule",
        [
            Factor("constant", LearningRateSchedule.Constant, 7, 1),
            Factor("cosine", LearningRateSchedule.Cosine(0.1), 0, 1),
            Factor("cosine", LearningRateSchedule.Cosine(0.1), 5, 0.55),
            Factor("cosine", LearningRateSchedule.Cosine(0.1), 10, 0.1),
            Factor("exponential", LearningRateSchedule.Exponential(0.5), 5, 0.25),
            Factor("stepwise", LearningRateSchedule.Stepwise(2, 0.5), 3, 1),
            Factor("stepwise", LearningRateSchedule.Stepwise(2, 0.5), 4, 0.5),
            Factor("restarts", LearningRateSchedule.CosineRestarts(Span.Epochs(2), 2), 2, 0.5),
            Factor("restarts", LearningRateSchedule.CosineRestarts(Span.Epochs(2), 2), 8, 0.5),
            Factor("linear", LearningRateSchedule.Linear(3, 1, Span.Steps(4)), 1, 2.5),
            Factor("linear", LearningRateSchedule.Linear(3, 1, Span.Steps(4)), 7, 1),
            Factor("sigmoid", LearningRateSchedule.Sigmoid(1, 2, Span.Epochs(5)), 5, 1.5),
            Factor("polynomial", LearningRateSchedule.Polynomial(2, Span.Share(1), 0), 0, 1),
            Factor("polynomial", LearningRateSchedule.Polynomial(2, Span.Steps(4)), 2, 0.25),
            Factor("cyclical", LearningRateSchedule.Cyclical(1), 0, 0),
            Factor("cyclical", LearningRateSchedule.Cyclical(1), 6, 1),
            Factor("one cycle", LearningRateSchedule.OneCycle(first: 0.1), 0, 0.1),
            Factor("one cycle", LearningRateSchedule.OneCycle(final: 0.25), 10, 0.25),
            Factor("warmed up", LearningRateSchedule.Constant.WarmedUp(4), 0, 0.25),
            Factor("warmed up", LearningRateSchedule.Exponential(0.5).WarmedUp(4), 3, 0.5),
            Factor("warmed up", LearningRateSchedule.Constant.WarmedUp(4), 9, 1),
            Runner.TestCase(
                "an optimizer says its schedule",
                () =>
                    Check.Equal(
                        Optimizer.Sgd(0.5, momentum: 0.9).WithSchedule(LearningRateSchedule.Cosine()).ToString(),
                        "sgd, learning rate 0.5, cosine to 0",
                        "the words"
                    )
            ),
        ]
    );
}
