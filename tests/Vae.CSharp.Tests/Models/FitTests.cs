using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Expecto;
using Expecto.CSharp;

namespace VaeFunctional.Tests;

internal static class FitTests
{
    public static readonly Test Tests = Runner.TestList(
        "fit",
        [
            Runner.TestCase("the total falls", Falls),
            Runner.TestCase("the same seed gives the same numbers, another seed others", Seeds),
            Runner.TestCase("fitting again begins again", Again),
            Runner.TestCase("progress comes step by step, with the epochs completed", Progress),
            Runner.TestCase("cancelling keeps the last completed step's parameters", Cancelled),
            Runner.TestCase("a run cancelled before it begins changes nothing", NeverBegun),
            Runner.TestCase("a second run at the same time is refused", Concurrent),
            Runner.TestCase("disposing ends a run by the model's name", DisposedMeanwhile),
            Runner.TestCase("a run that diverges says so itself, and leaves the model as it was", Diverged),
            Runner.TestCase("a step that is not finite is left out, where that is asked for", LeftOut),
            Runner.TestCase("what an observer raises reaches the caller", Observer),
            Runner.TestCase("the schedule sets the learning rate", Scheduled),
            Runner.TestCase("a model can be trained in double precision", DoublePrecision),
            Runner.TestCase("a step's layers can be computed in bfloat16, or are refused by name", BFloat16),
            Runner.TestCase(
                "values outside the likelihood's support are refused wherever they are given",
                OutsideTheSupport
            ),
            Runner.TestCase("values too large for single precision are refused", TooLarge),
            Runner.TestCase("a batch larger than the data is all of it", BatchOfAll),
            Runner.TestCase("steps are counted beyond 32 bits", Endless),
            Runner.TestCase("data and options that do not fit are refused at once", Misfits),
        ]
    );

    private static double[] Numbers(VaeModel vae) =>
        [.. vae.Encode(Small.Test).SelectMany(z => z).Select(z => (double)z)];

    private static async Task Falls()
    {
        using var vae = Small.Model();
        var before = vae.Evaluate(Small.Test);
        await vae.FitAsync(Small.Train, Small.Options);
        Check.Equal(vae.History.Count, 2, "epochs");
        Check.True(vae.History[1].Total < vae.History[0].Total, "the second epoch's total is below the first's");
        var after = vae.Evaluate(Small.Test).Total.Mean;
        Check.True(after < before.Total.Mean - 100, $"{after} is more than 100 nats below {before.Total.Mean}");
    }

    private static async Task Seeds()
    {
        using var first = Small.Model();
        using var same = Small.Model();
        using var other = Small.Model();
        await Task.WhenAll(
            first.FitAsync(Small.Train, Small.Options),
            same.FitAsync(Small.Train, Small.Options),
            other.FitAsync(Small.Train, Small.Options with { Seed = 43 })
        );
        Check.Sequence(Numbers(same), Numbers(first), "the encodings");
        Check.Equal(same.Evaluate(Small.Test), first.Evaluate(Small.Test), "the evaluation");
        Check.True(!Numbers(other).SequenceEqual(Numbers(first)), "another seed's encodings are others");
    }

    private static async Task OutsideTheSupport()
    {
        using var vae = Small.Model();
        var grey = Small.Train.ScaleBy(255);
        var signed = Small.Train.ScaleBy(2).ShiftBy(-1);

        foreach (var (data, words) in ((DataSet, string)[])[(grey, "ScaleBy"), (signed, "ShiftBy")])
        {
            Action[] takers =
            [
                () => vae.CheckData(data),
                () => vae.Evaluate(data),
                () => vae.Encode(data),
                () => vae.Reconstruct(data),
            ];

            foreach (var taker in takers)
            {
                Check.Contains(Check.Throws<ArgumentException>(taker).Message, words);
            }

            await Check.ThrowsAsync<ArgumentException>(() => vae.FitAsync(data, Small.Options));
            await Check.ThrowsAsync<ArgumentException>(() =>
                vae.FitAsync(Small.Train, Small.Options with { Validation = data })
            );
        }

        Check.Equal(vae.History.Count, 0, "epochs");
        vae.CheckData(grey.ScaleBy(1.0 / 255));
        vae.CheckData(signed.ShiftBy(1).ScaleBy(0.5));
    }

    private static async Task TooLarge()
    {
        using var vae = VaeModel.Create(
            Prior.Standard(2),
            Posterior.DiagonalNormal(Encoder.Dense(8)),
            Likelihood.Gaussian(Decoder.Dense(8), 0.3)
        );
        var refusal = await Check.ThrowsAsync<ArgumentException>(() =>
            vae.FitAsync(Small.Train.ScaleBy(1e13), Small.Options)
        );
        Check.Contains(refusal.Message, "standardise");
    }

    private static async Task BatchOfAll()
    {
        using var all = Small.Model();
        using var large = Small.Model();
        var recorded = new Small.Recorded();
        await all.FitAsync(Small.Train, Small.Options with { BatchSize = 300 });
        await large.FitAsync(Small.Train, Small.Options with { BatchSize = int.MaxValue }, recorded);
        Check.Sequence(Numbers(large), Numbers(all), "the encodings");
        Check.Equal(recorded.Reports.Count, 2, "steps");
    }

    private static async Task Endless()
    {
        using var vae = Small.Model();
        using var stop = new CancellationTokenSource();
        var steps = 0L;
        var progress = new Small.Each(now =>
        {
            steps = now.Steps;
            stop.Cancel();
        });
        await Check.ThrowsAsync<OperationCanceledException>(() =>
            vae.FitAsync(Small.Train, Small.Options with { Epochs = int.MaxValue }, progress, stop.Token)
        );
        Check.Equal(steps, 10L * int.MaxValue, "steps of the whole run");
    }

    private static async Task Again()
    {
        using var vae = Small.Model();
        await vae.FitAsync(Small.Train, Small.Options);
        var once = Numbers(vae);
        await vae.FitAsync(Small.Train, Small.Options);
        Check.Sequence(Numbers(vae), once, "the encodings");
        Check.Equal(vae.History.Count, 2, "epochs");
    }

    private static async Task Progress()
    {
        using var vae = Small.Model();
        var recorded = new Small.Recorded();
        await vae.FitAsync(Small.Train, Small.Options, recorded);
        var reports = recorded.Reports;

        Check.Sequence(reports.Select(r => r.Step), Enumerable.Range(1, 20).Select(i => (long)i), "the steps");
        Check.Sequence(reports.Select(r => r.Epoch), Enumerable.Range(0, 20).Select(i => i / 10 + 1), "their epochs");
        Check.True(reports.All(r => r is { Steps: 20, Epochs: 2 }), "the whole run's steps and epochs");
        Check.Sequence(
            reports.Select(r => r.Examples),
            Enumerable.Range(0, 20).Select(i => (i % 10 + 1) * 30),
            "examples of the epoch so far"
        );
        Check.True(reports.All(r => Math.Abs(r.Total - r.Reconstruction - r.Kl) < 1e-9), "the total is the sum");
        Check.Sequence(
            reports.Where(r => r.Completed is not null).Select(r => r.Step),
            [10, 20],
            "the steps that complete epochs"
        );
        Check.Sequence(reports.Select(r => r.Completed).OfType<EpochResult>(), vae.History, "the epochs");
    }

    private static async Task Cancelled()
    {
        using var vae = Small.Model();
        using var stop = new CancellationTokenSource();
        var progress = new Small.Each(now =>
        {
            if (now.Step == 13)
            {
                stop.Cancel();
            }
        });
        var fit = vae.FitAsync(Small.Train, Small.Options, progress, stop.Token);
        var raised = await Check.ThrowsAsync<OperationCanceledException>(() => fit);
        Check.Equal(raised.CancellationToken, stop.Token, "the token");
        Check.True(fit.IsCanceled, "the task is cancelled");
        Check.Sequence(Numbers(vae), SmallCore.Encode(SmallCore.After(13), SmallCore.Test), "the encodings");
        Check.Equal(vae.History.Count, 1, "completed epochs");
        await vae.FitAsync(Small.Train, Small.Options with { Epochs = 1 });
        Check.Sequence(Numbers(vae), SmallCore.Encode(SmallCore.After(10), SmallCore.Test), "trained anew");
    }

    private static async Task NeverBegun()
    {
        using var vae = Small.Model();
        var before = Numbers(vae);
        var fit = vae.FitAsync(Small.Train, Small.Options, cancellationToken: new CancellationToken(true));
        await Check.ThrowsAsync<OperationCanceledException>(() => fit);
        Check.Sequence(Numbers(vae), before, "the encodings");
        await vae.FitAsync(Small.Train, Small.Options);
    }

    private static async Task Concurrent()
    {
        using var vae = Small.Model();
        using var begun = new SemaphoreSlim(0);
        using var release = new ManualResetEventSlim();
        var progress = new Small.Each(now =>
        {
            if (now.Step == 1)
            {
                begun.Release();
                release.Wait();
            }
        });
        var first = vae.FitAsync(Small.Train, Small.Options, progress);
        await begun.WaitAsync();

        try
        {
            var refused = Check.Throws<InvalidOperationException>(() => _ = vae.FitAsync(Small.Train, Small.Options));
            Check.Contains(refused.Message, "trained already");
            Check.Equal(vae.Evaluate(Small.Test).Count, 100, "examples evaluated meanwhile");
        }
        finally
        {
            release.Set();
        }

        await first;
        await vae.FitAsync(Small.Train, Small.Options);
    }

    private static async Task DisposedMeanwhile()
    {
        var vae = Small.Model();
        var last = 0L;
        var progress = new Small.Each(now =>
        {
            last = now.Step;

            if (now.Step == 3)
            {
                vae.Dispose();
            }
        });
        var raised = await Check.ThrowsAsync<ObjectDisposedException>(() =>
            vae.FitAsync(Small.Train, Small.Options, progress)
        );
        Check.Equal(raised.ObjectName, "VaeFunctional.VaeModel", "the object named");
        Check.Equal(last, 3, "the last step");
    }

    private static async Task Diverged()
    {
        using var vae = Small.Model();
        using var scratch = new Scratch();
        var checkpoint = scratch.At("checkpoint.safetensors");
        await vae.FitAsync(Small.Train, Small.Options with { CheckpointFile = checkpoint });
        var kept = File.ReadAllBytes(checkpoint);
        var before = Numbers(vae);
        var wild = Small.Options with { Optimizer = Optimizer.Sgd(1e30), CheckpointFile = checkpoint };
        var raised = await Check.ThrowsAsync<global::Vae.Core.TrainingDivergedException>(() =>
            vae.FitAsync(Small.Train, wild)
        );
        Check.True(raised.Step is > 1 and < 5, $"the step is one of the first: {raised.Step}");
        Check.True(raised.Found.Length > 0, "what was found");
        Check.Sequence(File.ReadAllBytes(checkpoint), kept, "the checkpoint");
        Check.Sequence(Numbers(vae), before, "the encodings");
        Check.Equal(vae.History.Count, 2, "epochs");
    }

    private static async Task LeftOut()
    {
        using var vae = Small.Model();
        var told = new List<TrainingProgress>();
        var options = Small.Options with
        {
            Objective = Objective.Elbo().Beta(1e6),
            Optimizer = Optimizer.Sgd(1e38),
            Guard = Guard.LowerRate(1e-50, 5),
        };
        await vae.FitAsync(Small.Train, options, new Small.Each(told.Add));
        var fault = told.Single(step => step.Fault is not null);
        Check.Equal(fault.Step, 1L, "the step that is left out");
        Check.True(fault.Fault!.Contains("the step would leave", StringComparison.Ordinal), fault.Fault);
        Check.True(told[0].GradientNorm is > 0 and < double.PositiveInfinity, "the gradient's norm");
        Check.True(vae.History.All(epoch => epoch.Rate is > 0.9e-12 and < 1.1e-12), "the rate is lowered");
        Check.True(Numbers(vae).All(double.IsFinite), "the encodings are numbers");
    }

    private static async Task Observer()
    {
        using var vae = Small.Model();
        var fault = new FormatException("from the observer");
        var raised = await Check.ThrowsAsync<FormatException>(() =>
            vae.FitAsync(Small.Train, Small.Options, new Small.Each(_ => throw fault))
        );
        Check.True(ReferenceEquals(raised, fault), "it is the very exception");
    }

    private static async Task Scheduled()
    {
        using var vae = Small.Model();
        var optimizer = Optimizer.Adam(0.004).WithSchedule(Schedule.Exponential(0.5));
        await vae.FitAsync(Small.Train, Small.Options with { Epochs = 3, Optimizer = optimizer });
        Check.Sequence(vae.History.Select(e => e.Rate), [0.004, 0.002, 0.001], "the learning rates");
    }

    private static async Task DoublePrecision()
    {
        using var vae = Small.Model();
        using var single = Small.Model();
        await vae.FitAsync(Small.Train, Small.Options with { Precision = Precision.Double });
        await single.FitAsync(Small.Train, Small.Options);
        var (a, b) = (vae.Evaluate(Small.Test).Total.Mean, single.Evaluate(Small.Test).Total.Mean);
        Check.True(a != b, "rounding differs");
        Check.Close(a, b, 0.1, "the total in double precision");
    }

    private static async Task BFloat16()
    {
        using var vae = Small.Model();
        using var single = Small.Model();

        try
        {
            await vae.FitAsync(Small.Train, Small.Options with { Precision = Precision.BFloat16 });
        }
        catch (ArgumentException refusal)
        {
            Check.True(refusal.ParamName == "Precision", "a processor without it is refused by the argument's name");
            return;
        }

        await single.FitAsync(Small.Train, Small.Options);
        var (a, b) = (vae.Evaluate(Small.Test).Total.Mean, single.Evaluate(Small.Test).Total.Mean);
        Check.True(Math.Abs(a / b - 1) < 0.05, "the total in bfloat16 is near that in single precision");
    }

    private static void Misfits()
    {
        using var vae = Small.Model();
        var flat = DataSet.FromValues("flat", [784], new float[784]);
        Check.Refuses<ArgumentException>("data", () => _ = vae.FitAsync(flat));
        Check.Refuses<ArgumentException>(
            "Validation",
            () => _ = vae.FitAsync(Small.Train, new TrainingOptions { Validation = flat })
        );
        Check.Refuses<ArgumentException>(
            "options",
            () => _ = vae.FitAsync(Small.Train, new TrainingOptions { Patience = 2 })
        );
        Check.Refuses<ArgumentException>(
            "options",
            () => _ = vae.FitAsync(Small.Train, new TrainingOptions { KeepBest = true })
        );
        Check.Refuses<ArgumentException>(
            "options",
            () => _ = vae.FitAsync(Small.Train, new TrainingOptions { Optimizer = Optimizer.Adam().OnPlateau() })
        );
        Check.Refuses<ArgumentNullException>("data", () => _ = vae.FitAsync(null!));
    }
}
