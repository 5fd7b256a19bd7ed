using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Spectre.Console;
using VaeFunctional.Cli.Experiments;
using VaeFunctional.Cli.Runs;
using VaeFunctional.Cli.Tables;

namespace VaeFunctional.Cli.Commands;

/// <summary><c>vae experiment NAME</c>: one of the study's experiments, or all of them, from data to report.</summary>
internal static class ExperimentCommand
{
    private const string All = "all";

    private static readonly string[] names = [.. Experiment.All.Select(experiment => experiment.Name), All];

    public static Command Create(Terminal terminal, Options options)
    {
        var name = new Argument<string?>("NAME")
        {
            Description =
                $"The experiment: {string.Join(", ", names)}; that of --config where none is given. Or a table, FILE.csv",
            Arity = ArgumentArity.ZeroOrOne,
        };
        name.CompletionSources.Add(names);
        name.Validators.Add(result =>
        {
            if (
                result.Tokens.Count > 0
                && !names.Contains(result.Tokens[0].Value)
                && !TableTraining.IsTable(result.Tokens[0].Value)
            )
            {
                result.AddError(
                    $"NAME is '{result.Tokens[0].Value}'; expected {string.Join(" or ", names)}, or the file of a table."
                );
            }
        });
        var epochs = Options.AtLeastOne("--epochs", "How often the data is visited", 30);
        var batch = Options.AtLeastOne(
            "--batch",
            "Images a step; of a table's rows a hundredth, from 128 to 1,024, where none is given",
            128
        );
        var device = Options.Device(Devices.Cpu);
        var output = new Option<string?>("--output")
        {
            Description = "The run folder, a new or an empty one; runs/NAME, or the next free one, where none is given",
            HelpName = "DIR",
        };

        var schema = TableArguments.Schema();
        var separator = TableArguments.Separator();
        var encoding = TableArguments.Encoding();
        var missing = TableArguments.Missing();

        var command = new Command("experiment", "Train a model of the study, or of a table's rows, and report on it")
        {
            name,
            options.Config,
            options.Data,
            options.Architecture,
            epochs,
            batch,
            options.Seed,
            options.Prior,
            options.Posterior,
            options.Likelihood,
            options.Objective,
            options.Latent,
            options.Conditional,
            options.Beta,
            options.WarmUp,
            options.FreeBits,
            options.Protocol,
            options.Precision,
            device,
            schema,
            separator,
            encoding,
            missing,
            output,
            options.Json,
            options.Quiet,
        };
        command.Aliases.Add("train");

        command.SetAction(
            (parsed, cancellationToken) =>
            {
                if (parsed.GetValue(name) is { } path && !names.Contains(path))
                {
                    TableTraining.Check(
                        parsed,
                        options.Config,
                        options.Data,
                        options.Architecture,
                        options.Likelihood,
                        options.Conditional,
                        options.Protocol,
                        options.Precision,
                        options.Json,
                        device
                    );
                    var defaults = new TableModelOptions();
                    var tableOptions = defaults with
                    {
                        Latent = parsed.GetValue(options.Latent),
                        Epochs = parsed.GetResult(epochs) is { Implicit: false } ? parsed.GetValue(epochs) : null,
                        BatchSize = parsed.GetResult(batch) is { Implicit: false } ? parsed.GetValue(batch) : null,
                        Seed = parsed.GetValue(options.Seed),
                        Prior = parsed.GetValue(options.Prior) ?? defaults.Prior,
                        Posterior = parsed.GetValue(options.Posterior) ?? defaults.Posterior,
                        Objective = options.ObjectiveOf(
                            parsed,
                            parsed.GetValue(options.Objective) ?? defaults.Objective
                        ),
                    };
                    return TableTraining.RunAsync(
                        terminal.Console(parsed.GetValue(options.Quiet), isJson: false),
                        path,
                        parsed.GetValue(schema),
                        TableArguments.Format(
                            parsed.GetValue(separator),
                            parsed.GetValue(encoding),
                            parsed.GetValue(missing)
                        ),
                        tableOptions,
                        parsed.GetValue(output),
                        cancellationToken
                    );
                }

                TableTraining.CheckNone(parsed, schema, separator, encoding, missing);
                var config = parsed.GetValue(options.Config) is { } file ? RunConfig.Read(file) : null;
                var experiment =
                    parsed.GetValue(name)
                    ?? config?.Experiment
                    ?? throw new UserException(
                        $"NAME is not given; expected {string.Join(" or ", names)}, or --config FILE"
                    );
                var basis = config?.Settings;
                var settings = new Settings
                {
                    Data = ExperimentData.Absolute(
                        Options.Or(parsed, options.Data, basis?.Data) ?? ExperimentData.Digits
                    ),
                    Architecture = Options.Or(parsed, options.Architecture, basis?.Architecture),
                    Epochs = Options.Or(parsed, epochs, basis?.Epochs),
                    Batch = Options.Or(parsed, batch, basis?.Batch),
                    Seed = Options.Or(parsed, options.Seed, basis?.Seed),
                    Likelihood = Options.Or(parsed, options.Likelihood, basis?.Likelihood) ?? Settings.CrossEntropy,
                    Prior = Options.Or(parsed, options.Prior, basis?.Prior),
                    Posterior = Options.Or(parsed, options.Posterior, basis?.Posterior) ?? Settings.DiagonalNormal,
                    Objective = options.ObjectiveOf(
                        parsed,
                        Options.Or(parsed, options.Objective, basis?.Objective) ?? Settings.Elbo
                    ),
                    Latent = Options.Or(parsed, options.Latent, basis?.Latent),
                    Conditional = Options.Or(parsed, options.Conditional, basis?.Conditional),
                    Protocol = Options.Or(parsed, options.Protocol, basis?.Protocol),
                    Precision = Options.Or(parsed, options.Precision, basis?.Precision),
                    Device = Options.Or(parsed, device, basis?.Device) ?? Devices.Cpu,
                };
                var isTrainedAsBefore =
                    basis is not null
                    && settings.Protocol == basis.Protocol
                    && settings.Architecture == basis.Architecture;
                settings = isTrainedAsBefore
                    ? settings with
                    {
                        LearningRate = basis!.LearningRate,
                        Steady = basis.Steady,
                    }
                    : settings.Trained();
                var isJson = parsed.GetValue(options.Json);
                var console = terminal.Console(parsed.GetValue(options.Quiet), isJson);
                return RunAsync(
                    terminal,
                    console,
                    experiment,
                    settings,
                    parsed.GetValue(output),
                    isJson,
                    cancellationToken
                );
            }
        );
        return command;
    }

    private static async Task<int> RunAsync(
        Terminal terminal,
        IAnsiConsole console,
        string name,
        Settings settings,
        string? output,
        bool isJson,
        CancellationToken cancellationToken
    )
    {
        var runner = new Runner(console, Ranks.FromMpi(), cancellationToken);
        var results = new Dictionary<string, Result>();

        if (!names.Contains(name))
        {
            throw new UserException($"the run is of an experiment '{name}'; expected {string.Join(" or ", names)}");
        }

        foreach (var experiment in Experiment.All.Where(e => name == All || name == e.Name))
        {
            var folder = output is null || name != All ? output : Path.Combine(output, experiment.Name);

            if (await runner.StartAsync(experiment, settings, () => Folder(console, experiment, folder)) is { } result)
            {
                results[experiment.Name] = result;
            }
        }

        if (isJson && results.Count > 0)
        {
            terminal.Output.WriteLine(name == All ? Json.Write(results) : Json.Write(results[name]));
        }

        return ExitCode.Success;
    }

    private static RunFolder Folder(IAnsiConsole console, Experiment experiment, string? output)
    {
        if (output is not null)
        {
            return RunFolder.Create(output);
        }

        var run = RunFolder.CreateNamed("runs", experiment.Name);

        if (Path.GetFileName(run.Path) != experiment.Name)
        {
            console.WriteLine(
                $"runs/{experiment.Name} is there already and stays as it is: this run goes to {run.Path}"
            );
        }

        return run;
    }
}
