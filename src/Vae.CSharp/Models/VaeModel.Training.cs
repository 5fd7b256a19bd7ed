using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Reports = System.Collections.Generic.IEnumerable<Vae.Core.Report>;
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
        ObjectDisposedException.ThrowIf(isDisposed, this);
        options ??= new TrainingOptions();

        if (options is { Patience: { } patience, Validation: null })
        {
            throw new ArgumentException(
                $"options has Patience {patience} without Validation data, which early stopping is decided by",
                nameof(options)
            );
        }

        var start = Core.Training.start(options.ToCore(), data.Value, run.Vae);
        var reports = Core.Training.reports(options.Objective.Value, options.Optimizer.Value, start);
        return TrainAsync(reports, options.Epochs, progress, cancellationToken);
    }

    /// <summary>Runs a training on a thread of its own, one at a time.</summary>
    private Task TrainAsync(
        Reports reports,
        int epochs,
        IProgress<TrainingProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        if (Interlocked.Exchange(ref isTraining, 1) == 1)
        {
            throw new InvalidOperationException("the model is being trained already; await that training first");
        }

        return Task.Factory.StartNew(
            () =>
            {
                try
                {
                    Train(reports, epochs, progress, cancellationToken);
                }
                finally
                {
                    Volatile.Write(ref isTraining, 0);
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach,
            TaskScheduler.Default
        );
    }

    private void Train(
        Reports reports,
        int epochs,
        IProgress<TrainingProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var steps = reports.GetEnumerator();
        Core.Report? last = null;

        while (steps.MoveNext())
        {
            last = steps.Current;
            var completed = last.Completed is { } epoch ? new EpochResult(epoch.Value) : null;
            progress?.Report(new TrainingProgress(last, epochs, completed));
            ObjectDisposedException.ThrowIf(isDisposed, this);

            if (cancellationToken.IsCancellationRequested)
            {
                Keep(last, best: false);
                cancellationToken.ThrowIfCancellationRequested();
            }
        }

        Keep(last!, best: true);
    }

    /// <summary>Takes over the parameters of a report: those of the best epoch, where the run looked for one, or the last.</summary>
    private void Keep(Core.Report report, bool best)
    {
        using var snapshot = report.Snapshot();
        var parameters = best && snapshot.Best is { } found ? found.Value.Item2 : snapshot.Params;
        Become(new TrainedRun(run.Vae, parameters.Copy(), snapshot.History));
    }
}
