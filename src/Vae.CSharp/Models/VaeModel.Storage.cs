using System;
using System.Threading;
using System.Threading.Tasks;

namespace VaeFunctional;

public sealed partial class VaeModel
{
    /// <summary>
    /// Saves the model into a folder, which is made where there is none: its description as <c>model.json</c>, its parameters
    /// and its history as <c>model.safetensors</c>.
    /// </summary>
    /// <exception cref="Core.StorageException">The folder holds a saved model already.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed of.</exception>
    public void Save(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        Read<object?>(current =>
        {
            Core.Saved.save(folder, current);
            return null;
        });
    }

    /// <summary>The model that was saved into a folder, in the precision it was trained in.</summary>
    /// <param name="folder">What <see cref="Save"/> was given.</param>
    /// <param name="device">Where the model then lives, whatever it was trained on: the CPU where nothing is given.</param>
    /// <exception cref="Core.StorageException">Files are missing, damaged, or not about one model.</exception>
    public static VaeModel Load(string folder, Device? device = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        return new(device is null ? Core.Saved.load(folder) : Core.Saved.loadOn(device, folder));
    }

    /// <summary>
    /// The SHA-256 that the parameters in a folder state of themselves, in hexadecimal, and that <see cref="Load"/> checks. Null
    /// where the model was saved before files stated one: its numbers are then taken as they are.
    /// </summary>
    /// <param name="folder">What <see cref="Save"/> was given.</param>
    /// <exception cref="Core.StorageException">The file is missing or damaged.</exception>
    public static string? Checksum(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        return Core.Saved.checksum(folder)?.Value;
    }

    /// <summary>
    /// Goes on with a training from a checkpoint: with the same data and options it ends with the same parameters, bit for
    /// bit, as the training that was never interrupted. Other data, batches or seeds are refused; a checkpoint from before
    /// these were kept is taken on trust, where its epochs are of as many steps and examples. What else holds is said at <see cref="FitAsync"/>.
    /// </summary>
    /// <param name="checkpointFile">A file that <see cref="TrainingOptions.CheckpointFile"/> named in that training.</param>
    /// <param name="data">What the model was trained on.</param>
    /// <param name="options">Those of that training: the defaults where none are given.</param>
    /// <param name="progress">Told after every step, on the training thread: let it be quick.</param>
    /// <param name="cancellationToken">Ends the run between steps; the model keeps the last completed step's parameters.</param>
    /// <exception cref="Core.StorageException">The file is missing, damaged, or a checkpoint of another model.</exception>
    /// <exception cref="ArgumentException">The data, the batch size, the seed or the optimizer is not the checkpoint's.</exception>
    /// <exception cref="InvalidOperationException">The model is being trained already.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed of.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    /// <exception cref="Core.TrainingDivergedException">A step was not finite, and <see cref="TrainingOptions.Guard"/> ends the run.</exception>
    public Task ResumeAsync(
        string checkpointFile,
        DataSet data,
        TrainingOptions? options = null,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentException.ThrowIfNullOrEmpty(checkpointFile);
        ArgumentNullException.ThrowIfNull(data);
        return GoOnAsync(checkpointFile, data, options ?? new TrainingOptions(), progress, cancellationToken);
    }

    private async Task GoOnAsync(
        string checkpointFile,
        DataSet data,
        TrainingOptions options,
        IProgress<TrainingProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        var beginning = Begin(data, options);
        using var snapshot = Core.Checkpoint.readOn(options.Device ?? CPU, checkpointFile, run.Vae);
        var start = Core.Training.resume(snapshot, beginning);
        await TrainAsync(start, options, progress, cancellationToken).ConfigureAwait(false);
    }

    private static void WriteCheckpoint(string? file, Core.Report report)
    {
        if (file is not null)
        {
            using var snapshot = report.Snapshot();
            Core.Checkpoint.write(file, snapshot);
        }
    }
}
