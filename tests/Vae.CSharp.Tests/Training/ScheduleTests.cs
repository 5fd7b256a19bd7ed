using System;
using Expecto;
using Expecto.CSharp;

namespace VaeFunctional.Tests;

internal static class ScheduleTests
{
    private static Test Factor(string name, Schedule schedule, int step, double expected) =>
        Runner.TestCase(
            $"{name}, step {step}",
            () => Check.Close(schedule.Factor(step, steps: 11, stepsPerEpoch: 2), expected, 1e-15, schedule.Name)
        );

    public static readonly Test Tests = Runner.TestList(
        "schedule",
        [
            Factor("constant", Schedule.Constant(), 7, 1),
            Factor("a number", Schedule.Constant(0.25), 7, 0.25),
            Factor("never", Schedule.Never, 7, 0),
            Factor("multiplied by a number", Schedule.Cosine(0.1).Times(2), 5, 1.1),
            Factor("multiplied by another", Schedule.Cosine(0.1).Times(Schedule.Exponential(0.5)), 5, 0.1375),
            Factor("cosine", Schedule.Cosine(0.1), 0, 1),
            Factor("cosine", Schedule.Cosine(0.1), 5, 0.55),
            Factor("cosine", Schedule.Cosine(0.1), 10, 0.1),
            Factor("exponential", Schedule.Exponential(0.5), 5, 0.25),
            Factor("stepwise", Schedule.Stepwise(2, 0.5), 3, 1),
            Factor("stepwise", Schedule.Stepwise(2, 0.5), 4, 0.5),
            Factor("restarts", Schedule.CosineRestarts(Span.Epochs(2), 2), 2, 0.5),
            Factor("restarts", Schedule.CosineRestarts(Span.Epochs(2), 2), 8, 0.5),
            Factor("linear", Schedule.Linear(3, 1, Span.Steps(4)), 1, 2.5),
            Factor("linear", Schedule.Linear(3, 1, Span.Steps(4)), 7, 1),
            Factor("sigmoid", Schedule.Sigmoid(1, 2, Span.Epochs(5)), 5, 1.5),
            Factor("polynomial", Schedule.Polynomial(2, Span.Share(1), 0), 0, 1),
            Factor("polynomial", Schedule.Polynomial(2, Span.Steps(4)), 2, 0.25),
            Factor("cyclical", Schedule.Cyclical(1), 0, 0),
            Factor("cyclical", Schedule.Cyclical(1), 6, 1),
            Factor("one cycle", Schedule.OneCycle(first: 0.1), 0, 0.1),
            Factor("one cycle", Schedule.OneCycle(final: 0.25), 10, 0.25),
            Factor("warmed up", Schedule.Constant().WarmedUp(4), 0, 0.25),
            Factor("warmed up", Schedule.Exponential(0.5).WarmedUp(4), 3, 0.5),
            Factor("warmed up", Schedule.Constant().WarmedUp(4), 9, 1),
            Runner.TestCase(
                "an optimizer says its schedule",
                () =>
                    Check.Equal(
                        Optimizer.Sgd(0.5, momentum: 0.9).WithSchedule(Schedule.Cosine()).ToString(),
                        "sgd, learning rate 0.5, cosine to 0",
                        "the words"
                    )
            ),
        ]
    );
}
