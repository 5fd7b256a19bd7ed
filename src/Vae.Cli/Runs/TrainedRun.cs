using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Spectre.Console;
using VaeFunctional.Cli.Experiments;

namespace VaeFunctional.Cli.Runs;

/// <summary>A finished run with its model, for commands that use it.</summary>
internal sealed record TrainedRun(RunFolder Folder, RunRecord Record, VaeModel Model) : IDisposable
{
    /// <summary>The run in a folder, its model on the device that a word names: the CPU where none is given.</summary>
    public static TrainedRun Load(IAnsiConsole console, string path, string? device = null)
    {
        var place = Devices.Open(device ?? Devices.Cpu);
        var run = RunFolder.Open(path);
        var record = RunRecord.Read(run);

        if (record.Result is null)
        {
            throw new UserException($"{path} is not finished; `vae resume {path}` goes on with it");
        }

        var model = VaeModel.Load(path, place);
        SayIfUnchecked(console, run.Parameters);
        return new(run, record, model);
    }

    /// <summary>The data that a source names or, where none is given, the run's own; refused where the model does not take it.</summary>
    public async Task<ExperimentData> LoadDataAsync(Runner runner, string? source)
    {
        var data = await runner.LoadAsync(source ?? Record.Settings.Data);

        if (source is null)
        {
            Runner.CheckSame(Folder, Record.Train, data.Train);
            Runner.CheckSame(Folder, Record.HeldOut, data.HeldOut);
        }

        if (!data.HeldOut.ItemShape.SequenceEqual(Model.DataShape))
        {
            throw new UserException(
                $"{data.HeldOut} does not fit {Folder.Path}; expected items of {string.Join(" x ", Model.DataShape)}"
            );
        }

        Experiments.Model.CheckData(Model, Record.Settings.Likelihood, data.HeldOut);
        return data;
    }

    /// <summary>Says of a file that it cannot be told whether it is as it was written.</summary>
    public static void SayIfUnchecked(IAnsiConsole console, string file)
    {
        if (global::Vae.Core.Safetensors.checksum(file) is null)
        {
            console.Say($"{file} states no checksum, as older versions wrote it: its numbers are taken as they are");
        }
    }

    public void Dispose() => Model.Dispose();
}
