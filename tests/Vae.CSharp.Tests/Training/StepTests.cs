using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Expecto;
using Expecto.CSharp;

namespace VaeFunctional.Tests;

/// <summary>What options make of a run's steps.</summary>
internal static class StepTests
{
    public static readonly Test Tests = Runner.TestList(
        "steps",
        [
            Runner.TestCase("several batches a step are one of as many, to rounding", Accumulated),
            Runner.TestCase("an average is what a run returns, resumed or not", Averaged),
            Runner.TestCase("the best epoch is kept without patience", Best),
            Runner.TestCase("the rate falls on a plateau", Plateau),
        ]
    );

    private static double[] Numbers(VaeModel vae) =>
        [.. vae.Encode(Small.Test).SelectMany(z => z).Select(z => (double)z)];

    private static async Task Accumulated()
    {
        var options = Small.Options with { Precision = Precision.Double };
        using var whole = Small.Model();
        using var parts = Small.Model();
        await whole.FitAsync(Small.Train, options);
        await parts.FitAsync(Small.Train, options with { BatchSize = 10, Accumulate = 3 });
        Check.Close(parts.History[1].Total, whole.History[1].Total, 1e-9, "the total");
    }

    private static async Task Averaged()
    {
        var options = Small.Options with { Average = 0.9, Validation = Small.Test };
        using var scratch = new Scratch();
        using var plain = Small.Model();
        using var whole = Small.Model();
        using var parts = Small.Model();
        await plain.FitAsync(Small.Train, Small.Options);
        await whole.FitAsync(Small.Train, options);
        Check.True(!Numbers(plain).SequenceEqual(Numbers(whole)), "the average is not the last");
        using var stop = new CancellationTokenSource();
        var cancel = new Small.Each(now =>
        {
            if (now.Step == 13)
            {
                stop.Cancel();
            }
        });
        var checkpointed = options with { CheckpointFile = scratch.At("checkpoint.safetensors") };
        await Check.ThrowsAsync<System.OperationCanceledException>(() =>
            parts.FitAsync(Small.Train, checkpointed, cancel, stop.Token)
        );
        await parts.ResumeAsync(checkpointed.CheckpointFile, Small.Train, options);
        Check.Sequence(Numbers(parts), Numbers(whole), "the encodings");
    }

    private static async Task Best()
    {
        var growing = Small.Options with
        {
            Epochs = 8,
            Validation = Small.Test,
            KeepBest = true,
            Optimizer = Optimizer.Adam(3e-3).WithSchedule(Schedule.Exponential(4)),
        };
        using var vae = Small.Model();
        await vae.FitAsync(Small.Train, growing);
        Check.Equal(vae.History.Count, 8, "epochs");
        var totals = vae.History.Select(epoch => epoch.Validation!.Total.Mean).ToList();
        var best = totals.IndexOf(totals.Min()) + 1;
        Check.True(best < 8, "the last is not the best");
        using var until = Small.Model();
        await until.FitAsync(Small.Train, growing with { Epochs = best, KeepBest = false });
        Check.Sequence(Numbers(vae), Numbers(until), "the encodings");
    }

    private static async Task Plateau()
    {
        using var vae = Small.Model();
        var options = Small.Options with
        {
            Epochs = 8,
            Validation = Small.Test,
            Optimizer = Optimizer.Adam(0.3).OnPlateau(0.5, 1),
        };
        await vae.FitAsync(Small.Train, options);
        var (best, rate) = (double.PositiveInfinity, 0.3);

        foreach (var epoch in vae.History)
        {
            Check.Equal(epoch.Rate, rate, $"the rate of epoch {epoch.Number}");
            var total = epoch.Validation!.Total.Mean;
            rate = total < best ? rate : rate / 2;
            best = System.Math.Min(best, total);
        }

        Check.True(rate < 0.3, "it fell");
    }
}
