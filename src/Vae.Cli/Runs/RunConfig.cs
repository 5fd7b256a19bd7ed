using System;
using System.IO;
using System.Text.Json;
using VaeFunctional.Cli.Experiments;

namespace VaeFunctional.Cli.Runs;

/// <summary>What a run is made again from: the part of a run.json that says so, or a file with that part alone.</summary>
internal sealed record RunConfig
{
    public required string Experiment { get; init; }
    public required Settings Settings { get; init; }

    public static RunConfig Read(string path)
    {
        string text;

        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UserException(
                $"--config is '{path}', which is no file; expected a run.json, such as runs/2d/run.json"
            );
        }

        try
        {
            var config = Json.Read<RunConfig>(text);
            config.Settings.Check(path);
            return config;
        }
        catch (JsonException error)
        {
            throw new UserException(
                $"{path} describes no run: {error.Message}; expected the fields experiment and settings, as a run.json has them"
            );
        }
    }
}
