using System;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Expecto;
using Expecto.CSharp;
using static TorchSharp.torch;

namespace VaeFunctional.Tests;

internal static class StorageTests
{
    public static readonly Test Tests = Runner.TestList(
        "storage",
        [
            Runner.TestCase("a saved model is the model", SavedAndLoaded),
            Runner.TestCase("a folder with a model is not written over", Occupied),
            Runner.TestCase("what is not there is refused by its path", Missing),
            Runner.TestCase("a training cancelled within an epoch goes on bit for bit", CancelledAndResumed),
            Runner.TestCase("a checkpoint is written after every epoch", EveryEpoch),
            Runner.TestCase("a checkpoint of the last step leaves nothing to do", ResumedAtTheEnd),
            Runner.TestCase("a checkpoint of another model is refused, and the model can still be trained", OtherModel),
            Runner.TestCase("a training does not go on with other data, batches or seeds", OtherRun),
        ]
    );

    private static async Task SavedAndLoaded()
    {
        using var scratch = new Scratch();
        using var vae = Small.Model();
        await vae.FitAsync(Small.Train, Small.Options with { Validation = Small.Test });
        vae.Save(scratch.At("model"));
        using var loaded = VaeModel.Load(scratch.At("model"));
        using var placed = VaeModel.Load(scratch.At("model"), new Device(TorchSharp.DeviceType.CPU));
        Check.Equal(placed.Device.type, TorchSharp.DeviceType.CPU, "the device");
        Check.Sequence(Numbers(placed), Numbers(vae), "the encodings on a device");
        Check.Equal(loaded.Describe(), vae.Describe(), "the description");
        Check.Sequence(Numbers(loaded), Numbers(vae), "the encodings");
        Check.Equal(loaded.Evaluate(Small.Test), vae.Evaluate(Small.Test), "the evaluation");
        Check.Sequence(loaded.History, vae.History, "the history");
    }

    private static void Occupied()
    {
        using var scratch = new Scratch();
        using var vae = Small.Model();
        vae.Save(scratch.At("model"));
        var refusal = Check.Throws<global::Vae.Core.StorageException>(() => vae.Save(scratch.At("model")));
        Check.Contains(refusal.Message, "a folder without one");
    }

    private static async Task Missing()
    {
        using var scratch = new Scratch();
        var folder = scratch.At("nowhere");
        Check.Contains(
            Check.Throws<global::Vae.Core.StorageException>(() => VaeModel.Load(folder).Dispose()).Message,
            folder
        );
        using var vae = Small.Model();
        var refusal = await Check.ThrowsAsync<global::Vae.Core.StorageException>(() =>
            vae.ResumeAsync(scratch.At("none.safetensors"), Small.Train)
        );
        Check.Contains(refusal.Message, "none.safetensors");
    }

    private static async Task CancelledAndResumed()
    {
        using var scratch = new Scratch();
        using var whole = Small.Model();
        await whole.FitAsync(Small.Train, Small.Options);

        using var cancellation = new CancellationTokenSource();
        using var broken = Small.Model();
        var options = Small.Options with { CheckpointFile = scratch.At("checkpoint.safetensors") };
        var atStep = new Small.Each(progress =>
        {
            if (progress.Step == 14)
            {
                cancellation.Cancel();
            }
        });
        await Check.ThrowsAsync<OperationCanceledException>(() =>
            broken.FitAsync(Small.Train, options, atStep, cancellation.Token)
        );

        using var resumed = Small.Model();
        var recorded = new Small.Recorded();
        await resumed.ResumeAsync(options.CheckpointFile, Small.Train, options, recorded);
        Check.Equal(recorded.Reports[0].Step, 15, "the first step after it");
        Check.Sequence(Numbers(resumed), Numbers(whole), "the encodings");
        Check.Sequence(resumed.History.Select(e => e.Total), whole.History.Select(e => e.Total), "the totals");
    }

    private static async Task EveryEpoch()
    {
        using var scratch = new Scratch();
        var file = scratch.At("checkpoint.safetensors");
        using var vae = Small.Model();
        var steps = 0;
        var seen = new Small.Each(progress =>
        {
            // It is told of a step before that step's checkpoint is written.
            Check.Equal(File.Exists(file), progress.Step > 10, $"a checkpoint at step {progress.Step}");
            steps++;
        });
        await vae.FitAsync(Small.Train, Small.Options with { CheckpointFile = file }, seen);
        Check.Equal(steps, 20, "steps");
        Check.Equal(Directory.GetFiles(scratch.Folder).Length, 1, "files");
    }

    private static async Task ResumedAtTheEnd()
    {
        using var scratch = new Scratch();
        var options = Small.Options with { CheckpointFile = scratch.At("checkpoint.safetensors") };
        using var vae = Small.Model();
        await vae.FitAsync(Small.Train, options);
        using var resumed = Small.Model();
        var recorded = new Small.Recorded();
        await resumed.ResumeAsync(options.CheckpointFile, Small.Train, options, recorded);
        Check.Equal(recorded.Reports.Count, 0, "steps");
        Check.Sequence(Numbers(resumed), Numbers(vae), "the encodings");
    }

    private static async Task OtherRun()
    {
        using var scratch = new Scratch();
        var options = Small.Options with { Epochs = 1, CheckpointFile = scratch.At("checkpoint.safetensors") };
        using var vae = Small.Model();
        await vae.FitAsync(Small.Train, options);

        async Task Refused(DataSet data, TrainingOptions other, params string[] words)
        {
            var refusal = await Check.ThrowsAsync<ArgumentException>(() =>
                vae.ResumeAsync(options.CheckpointFile, data, other with { Epochs = 2 })
            );

            foreach (var word in words)
            {
                Check.Contains(refusal.Message, word);
            }
        }

        await Refused(Small.Train, options with { BatchSize = 20 }, "BatchSize 30", "20");
        await Refused(Small.Train, options with { Seed = 7 }, "Seed 42", "7");
        await Refused(Small.Test, options, "300 examples", Small.Train.Hash(), Small.Test.Hash());
        await vae.ResumeAsync(options.CheckpointFile, Small.Train, options with { Epochs = 2 });
        Check.Equal(vae.History.Count, 2, "epochs");
    }

    private static async Task OtherModel()
    {
        using var scratch = new Scratch();
        var options = Small.Options with { Epochs = 1, CheckpointFile = scratch.At("checkpoint.safetensors") };
        using var vae = Small.Model();
        await vae.FitAsync(Small.Train, options);
        using var other = VaeModel.Create(
            Prior.Standard(2),
            Posterior.DiagonalNormal(Encoder.Dense(16)),
            Likelihood.BernoulliCrossEntropy(Decoder.Dense(16))
        );
        await Check.ThrowsAsync<global::Vae.Core.StorageException>(() =>
            other.ResumeAsync(options.CheckpointFile, Small.Train, options)
        );
        await other.FitAsync(Small.Train, Small.Options with { Epochs = 1 });
        Check.Equal(other.History.Count, 1, "epochs");
    }

    private static double[] Numbers(VaeModel vae) =>
        [.. vae.Encode(Small.Test).SelectMany(z => z).Select(z => (double)z)];
}
