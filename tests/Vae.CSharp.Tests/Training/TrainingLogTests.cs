using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Expecto;
using Expecto.CSharp;
using Microsoft.Extensions.Logging;

namespace VaeFunctional.Tests;

internal static class TrainingLogTests
{
    private static readonly TrainingOptions Options = Small.Options with { Validation = Small.Test };

    public static readonly Test Tests = Runner.TestList(
        "training log",
        [
            Runner.TestCase("a cancelled run that is resumed leaves the file of the whole run", Resumed),
            Runner.TestCase("TensorBoard's file is in its folder", Events),
            Runner.TestCase("a logger is told of epochs, and of steps that were left out", Logged),
            Runner.TestCase("what is no place is refused by name", Refused),
        ]
    );

    private static async Task Resumed()
    {
        using var scratch = new Scratch();
        using var vae = Small.Model();
        var (whole, parts) = (scratch.At("whole.csv"), scratch.At("parts.csv"));
        await vae.FitAsync(Small.Train, Options, TrainingLog.CsvOfSteps(whole));
        Check.Equal(File.ReadAllLines(whole).Length, 21, "rows, with the header");
        using var stop = new CancellationTokenSource();
        var cancel = new Small.Each(now =>
        {
            if (now.Step == 13)
            {
                stop.Cancel();
            }
        });
        var checkpointed = Options with { CheckpointFile = scratch.At("checkpoint.safetensors") };
        await Check.ThrowsAsync<OperationCanceledException>(() =>
            vae.FitAsync(Small.Train, checkpointed, TrainingLog.All(TrainingLog.CsvOfSteps(parts), cancel), stop.Token)
        );
        await File.AppendAllTextAsync(parts, "14,2,12");
        await vae.ResumeAsync(
            checkpointed.CheckpointFile,
            Small.Train,
            Options,
            TrainingLog.All(TrainingLog.CsvOfSteps(parts), TrainingLog.Csv(scratch.At("epochs.csv")))
        );
        Check.Equal(File.ReadAllText(parts), File.ReadAllText(whole), "the file");
        Check.Equal(File.ReadAllLines(scratch.At("epochs.csv")).Length, 2, "the epoch after it");
        await Check.ThrowsAsync<global::Vae.Core.StorageException>(() =>
            vae.FitAsync(Small.Train, Options, TrainingLog.CsvOfSteps(parts))
        );
    }

    private static async Task Events()
    {
        using var scratch = new Scratch();
        using var vae = Small.Model();
        await vae.FitAsync(Small.Train, Options, TrainingLog.TensorBoard(scratch.At("run")));
        var file = Directory.GetFiles(scratch.At("run")).Single();
        Check.Contains(Path.GetFileName(file), "tfevents");
        Check.Contains(System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(file)), "validation/total");
    }

    private static async Task Logged()
    {
        using var vae = Small.Model();
        var logger = new Recorded();
        await vae.FitAsync(Small.Train, Options, TrainingLog.To(logger));
        var epochs = logger.Messages.Where(message => message.Level == LogLevel.Information).ToArray();
        Check.Equal(epochs.Length, 2, "epochs");
        Check.Contains(epochs[1].Text, "epoch 2 of 2: total ");
        Check.Contains(epochs[1].Text, ", validation ");
        Check.Equal(epochs[1].Value("Total"), vae.History[1].Total, "the total by its name");
        Check.Equal(logger.Messages.Count(message => message.Level == LogLevel.Debug), 20, "steps");

        logger.Messages.Clear();
        var wild = Small.Options with
        {
            Objective = Objective.Elbo().Beta(1e6),
            Optimizer = Optimizer.Sgd(1e38),
            Guard = Guard.LowerRate(1e-50, 5),
        };
        await vae.FitAsync(Small.Train, wild, TrainingLog.To(logger));
        var warning = logger.Messages.Single(message => message.Level == LogLevel.Warning);
        Check.Contains(warning.Text, "step 1 was left out: the step would leave");
        Check.True(
            !logger.Messages.Any(message => message.Text.Contains("validation", StringComparison.Ordinal)),
            "nothing of validation without its data"
        );
    }

    private static void Refused()
    {
        Check.Refuses<ArgumentNullException>("file", () => TrainingLog.Csv(null!));
        Check.Refuses<ArgumentException>("file", () => TrainingLog.CsvOfSteps(""));
        Check.Refuses<ArgumentException>("folder", () => TrainingLog.TensorBoard(""));
        Check.Refuses<ArgumentNullException>("logger", () => TrainingLog.To(null!));
        Check.Refuses<ArgumentNullException>("several", () => TrainingLog.All(null!));
        Check.Refuses<ArgumentNullException>("several", () => TrainingLog.All([null!]));
    }

    private sealed record Message(LogLevel Level, string Text, IReadOnlyList<KeyValuePair<string, object?>> Named)
    {
        public object? Value(string name) => Named.Single(pair => pair.Key == name).Value;
    }

    private sealed class Recorded : ILogger
    {
        public List<Message> Messages { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) =>
            Messages.Add(
                new(logLevel, formatter(state, exception), (IReadOnlyList<KeyValuePair<string, object?>>)state!)
            );
    }
}
