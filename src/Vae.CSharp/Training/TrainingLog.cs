using System;
using Microsoft.Extensions.Logging;
using Microsoft.FSharp.Core;

namespace VaeFunctional;

/// <summary>
/// Where a run's progress can be written to: given to <see cref="VaeModel.FitAsync"/> and <see cref="VaeModel.ResumeAsync"/>. A
/// file has what it was told at once, so that a run that is killed leaves it whole, and one that is resumed goes on in it from
/// the checkpoint. Of several processes only the first is to be given one.
/// </summary>
public static class TrainingLog
{
    /// <summary>
    /// A CSV file (RFC 4180) with a row for each epoch: the step that completed it, the epoch, examples visited, the mean of the
    /// objective and of each term over them, the learning rate and the gradient's norm of the last step, the same of the
    /// validation data, empty where there is none, and what was wrong with a step that was left out. Nats per example, with all
    /// digits. Training raises <see cref="Core.StorageException"/> where the file has rows and the run begins anew.
    /// </summary>
    public static IProgress<TrainingProgress> Csv(string file)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        return new OfReports(Core.TrainingLog.csv(file));
    }

    /// <summary><see cref="Csv"/> with a row for each step: its means are those of the epoch so far.</summary>
    public static IProgress<TrainingProgress> CsvOfSteps(string file)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        return new OfReports(Core.TrainingLog.csvOfSteps(file));
    }

    /// <summary>
    /// An event file in a folder, for <c>tensorboard --logdir</c>: with every step the means of the objective and of its terms over
    /// the epoch so far, the learning rate and the gradient's norm, and with an epoch's last those of the validation data.
    /// Training raises <see cref="Core.StorageException"/> where the folder has the events of a run and another begins anew.
    /// </summary>
    public static IProgress<TrainingProgress> TensorBoard(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        return new OfReports(Core.TensorBoard.events(folder));
    }

    /// <summary>
    /// A logger: of every epoch as information, of a step that was left out as a warning, and of every other step for debugging.
    /// The numbers are named, in nats per example.
    /// </summary>
    public static IProgress<TrainingProgress> To(ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(logger);
        return new OfLogger(logger);
    }

    /// <summary>Several, each told in turn.</summary>
    public static IProgress<TrainingProgress> All(params IProgress<TrainingProgress>[] several)
    {
        ArgumentNullException.ThrowIfNull(several);

        foreach (var one in several)
        {
            ArgumentNullException.ThrowIfNull(one, nameof(several));
        }

        return new OfSeveral([.. several]);
    }

    private sealed class OfReports(FSharpFunc<Core.Report, Unit> observe) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => observe.Invoke(value.Report);
    }

    private sealed class OfSeveral(IProgress<TrainingProgress>[] several) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            foreach (var one in several)
            {
                one.Report(value);
            }
        }
    }
}
