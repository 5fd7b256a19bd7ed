using System;
using System.Threading;
using System.Threading.Tasks;
using Start = Vae.Core.Start<Vae.Core.Reparameterized<Vae.Core.Independent>>;
using TrainedRun = Vae.Core.Run<Vae.Core.Reparameterized<Vae.Core.Independent>>;

namespace VaeFunctional;

public sealed partial class VaeModel
{
    private int isTraining;

    /// <summary>
    /// Trains the model on data, from the first parameters of the seed on, on a thread of its own: the parameters it had, and
    /// its history, are replaced when the run ends. With the same options and data the numbers are the same.
    /// </summary>
    /// <param name="data">Examples of the model's data shape.</param>
    /// <param name="options">The defaults where none are given.</param>
    /// <param name="progress">Told after every step, on the training thread: let it be quick.</param>
    /// <param name="cancellationToken">Ends the run between steps; the model keeps the last completed step's parameters.</param>
    /// <exception cref="ArgumentException">The data does not fit the model, or patience is given without validation data.</exception>
    /// <exception cref="InvalidOperationException">The model is being trained already.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed of.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    /// <exception cref="Core.TrainingDivergedException">
    /// A loss was infinite or not a number: the model is left as it was before the run.
    /// </exception>
    public Task FitAsync(
        DataSet data,
        TrainingOptions? options = null,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(data);
        return BeginAsync(data, options ?? new TrainingOptions(), from: null, progress, cancellationToken);
    }

    /// <summary>Begins a training, or goes on with one from a snapshot, which it disposes of.</summary>
    private Task BeginAsync(
        DataSet data,
        TrainingOptions options,
        Core.Snapshot? from,
        IProgress<TrainingProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        try
        {
            ObjectDisposedException.ThrowIf(isDisposed, this);

            if (options is { Patience: { } patience, Validation: null })
            {
                throw new ArgumentException(
                    $"options has Patience {patience} without Validation data, which early stopping is decided by",
                    nameof(options)
                );
            }

            var beginning = Core.Training.start(options.ToCore(), data.Value, run.Vae);
            var start = from is null ? beginning : Core.Training.resume(from, beginning);

            if (Interlocked.Exchange(ref isTraining, 1) == 1)
            {
                throw new InvalidOperationException("the model is being trained already; await that training first");
            }

            return TrainAsync(() => Train(start, options, progress, cancellationToken), from);
        }
        catch
        {
            Free(from);
            throw;
        }
    }

    /// <summary>Runs a training on a thread of its own, where dispose scopes, which belong to a thread, stay.</summary>
    private async Task TrainAsync(Action train, Core.Snapshot? from)
    {
        try
        {
            await Task
                .Factory.StartNew(
                    train,
                    CancellationToken.None,
                    TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach,
                    TaskScheduler.Default
                )
                .ConfigureAwait(false);
        }
        finally
        {
            Free(from);
            Volatile.Write(ref isTraining, 0);
        }
    }

    private void Train(
        Start start,
        TrainingOptions options,
        IProgress<TrainingProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var steps = Core
            .Training.reports(options.Objective.Value, options.Optimizer.Value, start)
            .GetEnumerator();
        Core.Report? last = null;

        while (steps.MoveNext())
        {
            last = steps.Current;
            var completed = last.Completed is { } epoch ? new EpochResult(epoch.Value) : null;
            progress?.Report(new TrainingProgress(last, options.Epochs, completed));
            ObjectDisposedException.ThrowIf(isDisposed, this);
            var isCancelled = cancellationToken.IsCancellationRequested;

            if (completed is not null || isCancelled)
            {
                WriteCheckpoint(options.CheckpointFile, last);
            }

            if (isCancelled)
            {
                using var stopped = last.Snapshot();
                Become(stopped, stopped.Params);
                cancellationToken.ThrowIfCancellationRequested();
            }
        }

        // A checkpoint of a run's last step leaves no step to take.
        using var end = last?.Snapshot();
        var final = end ?? start.From!.Value;
        Become(final, final.Best is { } best ? best.Value.Item2 : final.Params);
    }

    /// <summary>Takes over parameters of a snapshot, and its history.</summary>
    private void Become(Core.Snapshot snapshot, Core.Params parameters) =>
        Become(new TrainedRun(run.Vae, parameters.Copy(), snapshot.History));
}
