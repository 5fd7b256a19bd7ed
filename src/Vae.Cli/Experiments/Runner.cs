using System;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Spectre.Console;
using VaeFunctional.Cli.Display;
using VaeFunctional.Cli.Runs;
using static TorchSharp.torch;

namespace VaeFunctional.Cli.Experiments;

/// <summary>A run that was interrupted, with what goes on with it.</summary>
internal sealed class RunInterruptedException(string message) : OperationCanceledException(message);

/// <summary>
/// Carries experiments out: trains, measures, and fills the run's folder. Of several processes each trains, and the first one
/// does the rest.
/// </summary>
internal sealed class Runner(IAnsiConsole console, Ranks? ranks, CancellationToken cancellationToken)
{
    private readonly bool isFirst = ranks is null or { IsFirst: true };

    /// <summary>An experiment from its beginning; its result, in the first process.</summary>
    public async Task<Result?> StartAsync(Experiment experiment, Settings settings, Func<RunFolder> folder)
    {
        var device = Devices.Open(settings.Device);
        var data = await LoadAsync(settings.Data);
        using var model = Model.Create(experiment, settings, data.Train);
        Model.CheckData(model, settings.Likelihood, data.Train, data.HeldOut);
        Model.ObjectiveOf(settings, model);

        if (!isFirst)
        {
            await TrainAsync(null, settings, model, data, device);
            return null;
        }

        var run = folder();
        var record = new RunRecord
        {
            Experiment = experiment.Name,
            Settings = settings,
            Train = DataRecord.Of(data.Train),
            HeldOut = DataRecord.Of(data.HeldOut),
            Platform = PlatformRecord.Here(),
            Started = DateTimeOffset.UtcNow,
            Processes = ranks?.Size ?? 1,
        };
        record.Write(run);
        return await CarryOutAsync(run, record, model, data, device);
    }

    /// <summary>
    /// An interrupted run from its checkpoint, or from its beginning where it has none yet: on its own device where no other
    /// is named. On another device the numbers round otherwise. Its result, in the first process.
    /// </summary>
    public async Task<Result?> ResumeAsync(RunFolder run, string? device = null)
    {
        var record = RunRecord.Read(run);

        if (record.Result is not null)
        {
            throw new UserException($"{run.Path} is finished; expected a run that was interrupted");
        }

        if (isFirst)
        {
            Vae.Core.StoredFile.clear(run.Path);
        }

        record = record with { Settings = record.Settings with { Device = device ?? record.Settings.Device } };
        var place = Devices.Open(record.Settings.Device);
        var data = await LoadAsync(record.Settings.Data);
        CheckSame(run, record.Train, data.Train);
        CheckSame(run, record.HeldOut, data.HeldOut);
        using var model = Model.Create(record.Described(run), record.Settings, data.Train);
        Model.CheckData(model, record.Settings.Likelihood, data.Train, data.HeldOut);

        if (!isFirst)
        {
            await TrainAsync(run, record.Settings, model, data, place);
            return null;
        }

        if (device is not null)
        {
            record.Write(run);
        }

        return await CarryOutAsync(run, record, model, data, place);
    }

    /// <summary>The data that a source names. Of several processes the first one downloads it, and the others find it then.</summary>
    public async Task<ExperimentData> LoadAsync(string source)
    {
        var downloaded = ExperimentData.IsDownloaded(source) ? ranks : null;

        if (!isFirst)
        {
            downloaded?.Wait();
        }

        var data = await DownloadDisplay.ShowAsync(
            console,
            told => ExperimentData.LoadAsync(source, told, cancellationToken)
        );

        if (isFirst)
        {
            downloaded?.Wait();
        }

        return data;
    }

    /// <summary>Refuses data other than what the run was begun with.</summary>
    public static void CheckSame(RunFolder run, DataRecord recorded, DataSet found)
    {
        if (found.Hash() != recorded.Sha256)
        {
            throw new UserException(
                $"{found.Name} is not the data that {run.Path} was made from: its SHA-256 is {found.Hash()}; expected {recorded.Sha256}"
            );
        }
    }

    private async Task<Result> CarryOutAsync(
        RunFolder run,
        RunRecord record,
        VaeModel model,
        ExperimentData data,
        Device device
    )
    {
        var experiment = record.Described(run);
        var onHeldOut = record.Settings.Protocol != Protocol.TrainAndReportOnAll;
        console.Say($"{experiment.Name}: {experiment.Title}");
        console.Say(
            $"{record.Train.Images:N0} images to train on, {record.HeldOut.Images:N0} of the test part"
                + (onHeldOut ? $"; held-out totals below are of {data.Followed.Count:N0} of these" : "")
        );
        console.Say($"run folder {run.Path}");
        await TrainAsync(run, record.Settings, model, data, device);

        var result = Measure(run, record.Settings, model, data);
        var finished = record with { Result = result, Finished = DateTimeOffset.UtcNow };
        Save(run, model);
        MetricsFile.Complete(run, model.History);
        RunReport.Write(
            run,
            finished,
            experiment,
            model,
            new RunFigures(experiment, record.Settings, model, data).All()
        );

        // The record says last that the run is finished: until then it can be resumed.
        finished.Write(run);
        File.Delete(run.Checkpoint);
        ResultTable.Show(console, experiment.Name, result, run);

        if (RunReport.TotalIsOther(record.Settings) is { } words)
        {
            console.Say(words);
        }

        return result with
        {
            Run = run.Path,
        };
    }

    /// <summary>Trains, into a folder where there is one.</summary>
    private async Task TrainAsync(RunFolder? run, Settings settings, VaeModel model, ExperimentData data, Device device)
    {
        var onAll = settings.Protocol == Protocol.TrainAndReportOnAll;
        var trained = onAll ? data.Train.Append(data.HeldOut) : data.Train;
        var options = new TrainingOptions
        {
            Seed = settings.Seed,
            Epochs = settings.Epochs,
            BatchSize = settings.Batch,
            Objective = Model.ObjectiveOf(settings, model),
            Optimizer = settings.Optimizer,
            Validation = onAll ? null : data.Followed,
            CheckpointFile = run?.Checkpoint,
            Precision = settings.Precision == StepPrecision.Bfloat16 ? Precision.BFloat16 : Precision.Single,
            Device = device,
            Ranks = ranks,
        };

        try
        {
            await TrainingDisplay.ShowAsync(
                console,
                model.ScoreName,
                (epoch, duration) =>
                {
                    if (isFirst && run is not null)
                    {
                        MetricsFile.Append(run, epoch, duration);
                    }
                },
                told =>
                {
                    if (run is null || !File.Exists(run.Checkpoint))
                    {
                        return model.FitAsync(trained, options, told, cancellationToken);
                    }

                    TrainedRun.SayIfUnchecked(console, run.Checkpoint);
                    return model.ResumeAsync(run.Checkpoint, trained, options, told, cancellationToken);
                }
            );
        }
        catch (ArgumentException refusal) when (run is not null && File.Exists(run.Checkpoint))
        {
            throw new UserException(
                $"{run.Checkpoint} is of no run as {run.Record} describes it: {refusal.Message}; without the checkpoint, the run begins anew"
            );
        }
        catch (OperationCanceledException) when (run is not null)
        {
            throw new RunInterruptedException($"interrupted; `vae resume {run.Path}` goes on from where it stopped");
        }
    }

    private static Result Measure(RunFolder run, Settings settings, VaeModel model, ExperimentData data)
    {
        var (seconds, images) = MetricsFile.Work(run, model.History);
        var speed = seconds > 0 ? images / seconds : 0;
        return settings.Protocol == Protocol.TrainAndReportOnAll
            ? Result.Of(model.History[^1], model.ScoreName, seconds, speed)
            : Result.Of(model.Evaluate(data.HeldOut), Scope.HeldOut, seconds, speed);
    }

    /// <summary>A run that was killed while it was being finished has saved a model already: the same one.</summary>
    private static void Save(RunFolder run, VaeModel model)
    {
        File.Delete(run.Parameters);
        model.Save(run.Path);
    }
}
