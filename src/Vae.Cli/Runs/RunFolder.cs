using System;
using System.IO;
using System.Linq;

namespace VaeFunctional.Cli.Runs;

/// <summary>
/// The folder of a run, and where everything in it lies: this is the only place that knows its layout.
/// </summary>
internal sealed record RunFolder(string Path)
{
    /// <summary>Every setting, the data, the platform and, once it is finished, the result.</summary>
    public string Record => In("run.json");

    /// <summary>A row for each epoch.</summary>
    public string Metrics => In("metrics.csv");

    /// <summary>The page that holds all figures.</summary>
    public string Report => In("report.html");

    /// <summary>The figures as files of their own.</summary>
    public string Figures => In("figures");

    /// <summary>What an interrupted run goes on from; there only while the run is not finished.</summary>
    public string Checkpoint => In("checkpoint.safetensors");

    /// <summary>The trained parameters; the model's description lies beside them as model.json.</summary>
    public string Parameters => In("model.safetensors");

    /// <summary>Makes the folder of a new run. A folder with anything in it is never written to.</summary>
    public static RunFolder Create(string path)
    {
        if (IsTaken(path))
        {
            throw new UserException($"{path} exists and is not empty; expected a new folder, as no run is overwritten");
        }

        Directory.CreateDirectory(path);
        return new(path);
    }

    /// <summary>Makes the first of the folders <c>name</c>, <c>name-2</c>, <c>name-3</c> and so on that is free.</summary>
    public static RunFolder CreateNamed(string root, string name)
    {
        var first = System.IO.Path.Combine(root, name);
        var free = Enumerable
            .Range(1, int.MaxValue)
            .Select(n => n == 1 ? first : $"{first}-{n}")
            .First(p => !IsTaken(p));
        return Create(free);
    }

    /// <summary>The folder of a run that was begun.</summary>
    public static RunFolder Open(string path)
    {
        var run = new RunFolder(path);

        if (!Directory.Exists(path))
        {
            throw new UserException($"{path} is no folder; expected the folder of a run, such as runs/2d");
        }

        try
        {
            // A folder that may not be read has no files to ask for: opening one tells the two apart.
            using var _ = File.OpenRead(run.Record);
            return run;
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UserException($"{path} holds no run.json; expected the folder of a run, such as runs/2d");
        }
        catch (UnauthorizedAccessException)
        {
            throw new UserException($"{run.Record} may not be read; expected a run folder of one's own, or shared");
        }
    }

    private string In(string file) => System.IO.Path.Combine(Path, file);

    private static bool IsTaken(string path) =>
        File.Exists(path) || (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any());
}
