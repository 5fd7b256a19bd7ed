using System;
using System.Collections.Generic;

namespace VaeFunctional.Tests;

/// <summary>A model, data and options that train in a fraction of a second.</summary>
internal static class Small
{
    /// <summary>Ten steps an epoch.</summary>
    public static readonly DataSet Train = Digits.Draw(seed: 7, count: 300);

    public static readonly DataSet Test = Digits.Draw(seed: 8, count: 100);

    public static readonly TrainingOptions Options = new()
    {
        Seed = 42,
        Epochs = 2,
        BatchSize = 30,
        Optimizer = Optimizer.Adam(3e-3),
    };

    public static VaeModel Model() =>
        VaeModel.Create(
            Prior.Gaussian(
                new[,]
                {
                    { 1.0, 0.4 },
                    { 0.4, 0.5 },
                }
            ),
            Posterior.DiagonalNormal(Encoder.Dense(32)),
            Likelihood.BernoulliCrossEntropy(Decoder.Dense(32))
        );

    /// <summary>Progress as it comes, on the training thread.</summary>
    public sealed class Each(Action<TrainingProgress> observe) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => observe(value);
    }

    public sealed class Recorded : IProgress<TrainingProgress>
    {
        public List<TrainingProgress> Reports { get; } = [];

        public void Report(TrainingProgress value) => Reports.Add(value);
    }
}
