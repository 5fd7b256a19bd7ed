using System;
using System.Collections.Generic;
using System.Linq;
using Core = Vae.Core;

namespace VaeFunctional.Tests;

/// <summary>
/// 60 examples of 8 bits with labels and factors, as both languages have them, and models of them that train in milliseconds.
/// </summary>
internal static class Tiny
{
    public const int Size = 8;
    private const int Count = 60;

    private static readonly byte[] bits =
    [
        .. Enumerable.Range(0, Count * Size).Select(i => (byte)((i * 7919 + i / Size * 31) % 5 < 2 ? 1 : 0)),
    ];
    private static readonly int[] labels = [.. Enumerable.Range(0, Count).Select(i => i % 3)];
    private static readonly string[] names = ["slant", "width"];
    private static readonly double[][] factors =
    [
        .. Enumerable.Range(0, Count).Select(i => (double[])[i % 7 / 7.0, i % 4]),
    ];

    public static readonly DataSet Data = DataSet
        .FromBytes("bits", [Size], bits, scale: 1, labels)
        .WithFactors(names, factors);

    public static readonly Core.Data CoreData = Core.DataModule.withFactors(
        names,
        factors,
        Core.DataModule.ofBytes("bits", [Size], 1, labels, bits)
    );

    public static Net Encoder => VaeFunctional.Encoder.Dense(6);

    public static Net Decoder => DecoderTo(Size);

    public static Net DecoderTo(int size) => VaeFunctional.Decoder.Dense([6], [size]);

    public static Core.Net CoreEncoder => Core.Architectures.Net.denseEncoder(SmallCore.List(6));

    public static Core.Net CoreDecoder => CoreDecoderTo(Size);

    public static Core.Net CoreDecoderTo(int size) =>
        Core.Architectures.Net.denseDecoderTo(SmallCore.List(size), SmallCore.List(6));

    public static Posterior Normal => Posterior.DiagonalNormal(Encoder);

    public static Core.Posterior CoreNormal => Core.PosteriorModule.diagonalNormal(CoreEncoder);

    public static Likelihood Bits => Likelihood.Bernoulli(Decoder);

    public static Core.Likelihood CoreBits => Core.LikelihoodModule.bernoulli(CoreDecoder);

    public static VaeModel Model() => VaeModel.Create(Prior.Standard(3), Normal, Bits);

    public static Core.Vae CoreModel() => Core.VaeModule.create(Core.PriorModule.standard(3), CoreNormal, CoreBits);

    /// <summary>Three steps.</summary>
    public static TrainingOptions Options(Objective objective) =>
        new()
        {
            Seed = 3,
            Epochs = 1,
            BatchSize = 20,
            Objective = objective,
            Optimizer = Optimizer.Adam(0.01),
        };

    public static Core.Run Untrained(Core.Vae vae) => Core.Training.untrained(Core.TrainingOptionsModule.defaults, vae);

    public static Core.Run Fit(Core.Vae vae, Core.Objective objective) =>
        Core.Training.fit(
            objective,
            Core.OptimizerModule.adam(0.01),
            Core.Training.start(SmallCore.Options(seed: 3, epochs: 1, batchSize: 20), CoreData, vae)
        );

    /// <summary>An evaluation is the core's measurement, bit for bit.</summary>
    public static void IsMeasured(Evaluation evaluation, Core.Measurement core)
    {
        Check.Sequence(evaluation.Terms.Select(t => t.Name), core.Terms.Select(t => t.Item1), "the terms");
        Check.Sequence(evaluation.Terms.Select(t => t.Value.Mean), core.Terms.Select(t => t.Item2.Mean), "their means");
        Check.Sequence(
            evaluation.Terms.Select(t => t.Value.StandardError),
            core.Terms.Select(t => t.Item2.StandardError),
            "their standard errors"
        );
        Check.Equal(evaluation.Total.Mean, core.Total.Mean, "the total");
        Check.True(double.IsFinite(evaluation.Total.Mean), "the total is finite");
    }

    /// <summary>An epoch is the core's, bit for bit.</summary>
    public static void IsEpoch(EpochResult epoch, Core.Epoch core)
    {
        Check.Sequence(epoch.Terms, core.Terms.Select(t => new Term(t.Item1, t.Item2)), "the terms");
        Check.Equal(epoch.Total, core.Total, "the total");
        Check.True(double.IsFinite(epoch.Total), "the total is finite");
    }

    /// <summary>Numbers of images, one item after the other.</summary>
    public static IEnumerable<double> Numbers(DataSet images) =>
        Enumerable.Range(0, images.Count).SelectMany(i => images[i]).Select(value => (double)value);

    /// <summary>Numbers of the core's tensor, which is disposed of.</summary>
    public static double[] Numbers(Func<TorchSharp.torch.Tensor> make)
    {
        using var tensor = make();
        return Core.TensorModule.toArray(tensor);
    }
}
