using System;
using System.Threading;
using System.Threading.Tasks;
using Start = Vae.Core.Start;
using TrainedRun = Vae.Core.Run;

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
    /// <param name="cancellationToken">
    /// Ends the run between steps; the model keeps the last completed step's parameters. Of several processes it ends the part
    /// of this one, which is then to leave: <c>mpirun</c> ends the others.
    /// </param>
    /// <exception cref="ArgumentException">The data does not fit the model, or patience is given without validation data.</exception>
    /// <exception cref="InvalidOperationException">The model is being trained already.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed of.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    /// <exception cref="Core.TrainingDivergedException">
    /// A step's loss, its gradient or what it would have left was infinite or not a number, and <see cref="TrainingOptions.Guard"/>
    /// ends the run: the model is left as it was before the run, and the checkpoint, where there is one, as the last completed
    /// epoch left it.
    /// </exception>
    public Task FitAsync(
        DataSet data,
        TrainingOptions? options = null,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(data);
        options ??= new TrainingOptions();
        return TrainAsync(Begin(data, options), options, progress, cancellationToken);
    }

    /// <summary>The beginning of a run, once it is known to fit the model.</summary>
    private Start Begin(DataSet data, TrainingOptions options)
    {
        ObjectDisposedException.ThrowIf(isDisposed, this);

        if (options is { KeepBest: true, Validation: null })
        {
            throw new ArgumentException(
                "options has KeepBest without Validation data, which the best epoch is decided by",
                nameof(options)
            );
        }

        if (options is { Optimizer.Value.Plateau: not null, Validation: null })
        {
            throw new ArgumentException(
                "options has an Optimizer whose rate falls on a plateau without Validation data, which a plateau is one of",
                nameof(options)
            );
        }

        if (options is { Patience: { } patience, Validation: null })
        {
            throw new ArgumentException(
                $"options has Patience {patience} without Validation data, which early stopping is decided by",
                nameof(options)
            );
        }

        return Core.Training.start(options.ToCore(), data.Value, run.Vae);
    }

    /// <summary>Runs a training on a thread of its own, where dispose scopes, which belong to a thread, stay.</summary>
    private Task TrainAsync(
        Start start,
        TrainingOptions options,
        IProgress<TrainingProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        if (Interlocked.Exchange(ref isTraining, 1) == 1)
        {
            throw new InvalidOperationException("the model is being trained already; await that training first");
        }

        return OnThreadAsync(() => Train(start, options, progress, cancellationToken));
    }

    private async Task OnThreadAsync(Action train)
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
        void Observe(Core.Report report)
        {
            var completed = report.Completed is { } epoch ? new EpochResult(epoch.Value) : null;
            progress?.Report(new TrainingProgress(report, options.Epochs, completed));
            ObjectDisposedException.ThrowIf(isDisposed, this);
            var isCancelled = cancellationToken.IsCancellationRequested;

            if ((completed is not null || isCancelled) && options.Ranks is null or { IsFirst: true })
            {
                WriteCheckpoint(options.CheckpointFile, report);
            }

            if (isCancelled)
            {
                using var snapshot = report.Snapshot();
                Become(Core.SnapshotModule.run(run.Vae, snapshot));
                cancellationToken.ThrowIfCancellationRequested();
            }
        }

        cancellationToken.ThrowIfCancellationRequested();
        Action<Core.Report> observe = Observe;
        Become(Core.Training.fitWith(observe.ToCore(), options.Objective.Value, options.Optimizer.Value, start));
    }
}
