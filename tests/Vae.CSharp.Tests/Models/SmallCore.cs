using System.Linq;
using Microsoft.FSharp.Collections;
using Core = Vae.Core;
using CoreRun = Vae.Core.Run;

namespace VaeFunctional.Tests;

/// <summary><see cref="Small"/> as the F# core has it.</summary>
internal static class SmallCore
{
    public static readonly Core.Data Train = Core.Digits.draw(Core.KeyModule.ofSeed(7), 300);

    public static readonly Core.Data Test = Core.Digits.draw(Core.KeyModule.ofSeed(8), 100);

    private static readonly Core.Objective Elbo = Core.ObjectiveModule.elboOf(1);

    public static CoreRun Fit() => Core.Training.fit(Elbo, Core.OptimizerModule.adam(3e-3), Start());

    /// <summary>The run as it stands after some steps.</summary>
    public static CoreRun After(int steps, Core.Optimizer? optimizer = null)
    {
        var start = Start();
        optimizer ??= Core.OptimizerModule.adam(3e-3);
        using var reports = Core.Training.reports(Elbo, optimizer, start).GetEnumerator();

        for (var step = 0; step < steps; step++)
        {
            reports.MoveNext();
        }

        return new CoreRun(start.Vae, reports.Current.Snapshot().Params, FSharpList<Core.Epoch>.Empty);
    }

    public static double[] Encode(CoreRun run, Core.Data data) =>
        Core.TensorModule.toArray(Core.Evaluation.encode(run, data));

    private static Core.Start Start() =>
        Core.Training.start(Options(seed: 42, epochs: 2, batchSize: 30), Train, Model());

    /// <summary>The core's options as those of the facade with the same numbers.</summary>
    public static Core.TrainingOptions Options(int seed, int epochs, int batchSize)
    {
        var defaults = Core.TrainingOptionsModule.defaults;
        return new(
            seed,
            epochs,
            batchSize,
            defaults.Accumulate,
            defaults.Validation,
            defaults.Patience,
            defaults.KeepBest,
            defaults.Average,
            defaults.Placement,
            defaults.Precision,
            defaults.Guard,
            defaults.Ranks
        );
    }

    private static Core.Vae Model()
    {
        var covariance = ListModule.OfSeq<FSharpList<double>>([List(1.0, 0.4), List(0.4, 0.5)]);
        return Core.VaeModule.create(
            Core.PriorModule.gaussian(covariance),
            Core.PosteriorModule.diagonalNormal(Core.Architectures.Net.denseEncoder(List(32))),
            Core.LikelihoodModule.bernoulliCrossEntropy(Core.Architectures.Net.denseDecoder(List(32)))
        );
    }

    public static FSharpList<T> List<T>(params T[] items) => ListModule.OfArray(items);
}
