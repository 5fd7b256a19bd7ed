using System;
using System.IO;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;
using Vae.Core;
using VaeFunctional.Cli.Experiments;

namespace VaeFunctional.Cli.Runs;

/// <summary>One part of the data of a run.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Images">How many there are.</param>
/// <param name="Sha256">Of the stored values with their scale, the item shape and the labels.</param>
/// <param name="PixelScale">What a stored byte is divided by; null in runs from before it was recorded.</param>
internal sealed record DataRecord(string Name, int Images, string Sha256, double? PixelScale = null)
{
    public static DataRecord Of(DataSet data) => new(data.Name, data.Count, data.Hash(), data.Scale);
}

/// <summary>What a run was made by and on.</summary>
internal sealed record PlatformRecord(
    string Vae,
    string TorchSharp,
    string Libtorch,
    string Dotnet,
    string System,
    string Architecture,
    int Processors
)
{
    public static PlatformRecord Here() =>
        new(
            VersionOf(typeof(App).Assembly),
            VersionOf(typeof(global::TorchSharp.torch).Assembly),
            global::TorchSharp.torch.__version__,
            RuntimeInformation.FrameworkDescription,
            RuntimeInformation.OSDescription,
            RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant(),
            Environment.ProcessorCount
        );

    private static string VersionOf(Assembly assembly) =>
        assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]
        ?? "unknown";
}

/// <summary>The file run.json: everything that the run can be repeated by and, once it is finished, its result.</summary>
internal sealed record RunRecord
{
    private const string CurrentFormat = "vae-experiment 1";

    public string Format { get; init; } = CurrentFormat;
    public required string Experiment { get; init; }
    public required Settings Settings { get; init; }
    public required DataRecord Train { get; init; }
    public required DataRecord HeldOut { get; init; }
    public required PlatformRecord Platform { get; init; }
    public required DateTimeOffset Started { get; init; }

    /// <summary>How many processes shared the batches when the run was begun: the result is the same to rounding.</summary>
    public int Processes { get; init; } = 1;

    /// <summary>Null while the run is under way.</summary>
    public DateTimeOffset? Finished { get; init; }

    /// <summary>Null while the run is under way.</summary>
    public Result? Result { get; init; }

    public void Write(RunFolder run) => StoredFile.writeText(run.Record, Json.Write(this) + "\n");

    public static RunRecord Read(RunFolder run)
    {
        try
        {
            var record = Json.Read<RunRecord>(File.ReadAllText(run.Record));
            record.Check(run);
            return record;
        }
        catch (JsonException error)
        {
            throw new UserException($"{run.Record} is no record of a run: {error.Message}");
        }
    }

    /// <summary>The experiment that the record is of.</summary>
    public Experiment Described(RunFolder run) =>
        Experiments.Experiment.Find(Experiment)
        ?? throw new UserException($"{run.Record} is of an experiment '{Experiment}', which there is not");

    private void Check(RunFolder run)
    {
        Described(run);

        if (Format != CurrentFormat)
        {
            throw new UserException($"{run.Record} is of format '{Format}'; expected '{CurrentFormat}'");
        }

        Settings.Check(run.Record);
    }
}
