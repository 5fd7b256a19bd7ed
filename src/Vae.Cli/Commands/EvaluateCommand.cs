using System.CommandLine;
using System.Diagnostics;
using VaeFunctional.Cli.Display;
using VaeFunctional.Cli.Experiments;
using VaeFunctional.Cli.Runs;

namespace VaeFunctional.Cli.Commands;

/// <summary><c>vae evaluate RUN</c>: the numbers of a trained model on its own held-out images, or on other data's.</summary>
internal static class EvaluateCommand
{
    public static Command Create(Terminal terminal, Options options)
    {
        var device = Options.Device(Devices.Cpu);
        var command = new Command("evaluate", "Measure a trained model on held-out images, its own or others")
        {
            options.Run,
            options.Data,
            device,
            options.ImportanceSamples,
            options.Json,
            options.Quiet,
        };

        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var isJson = parsed.GetValue(options.Json);
                var console = terminal.Console(parsed.GetValue(options.Quiet), isJson);
                using var run = TrainedRun.Load(console, parsed.GetRequiredValue(options.Run), parsed.GetValue(device));
                var source = parsed.GetValue(options.Data);
                var samples = parsed.GetValue(options.ImportanceSamples);
                CheckDensity(run, samples);
                var data = await run.LoadDataAsync(new Runner(console, null, cancellationToken), source);

                // A run that was trained on both parts has no images of its own that training did not see.
                var sawAll = source is null && run.Record.Settings.Protocol == Protocol.TrainAndReportOnAll;
                var images = sawAll ? data.Train.Append(data.HeldOut) : data.HeldOut;
                var watch = Stopwatch.StartNew();
                var evaluation = run.Model.Evaluate(images);
                var seconds = watch.Elapsed.TotalSeconds;
                var scope = sawAll ? Scope.TrainedImages : Scope.HeldOut;
                var result = Result.Of(evaluation, scope, seconds, images.Count / seconds) with
                {
                    Run = run.Folder.Path,
                    LogLikelihood = samples is { } draws
                        ? LogLikelihood.Of(run.Model.LogLikelihood(images, draws), draws)
                        : null,
                };

                if (isJson)
                {
                    terminal.Output.WriteLine(Json.Write(result));
                }
                else
                {
                    ResultTable.Show(console, $"{run.Folder.Path} on {images.Name}", result);
                }

                return ExitCode.Success;
            }
        );
        return command;
    }

    /// <summary>Before the data is read: a model whose score is no density has no log p(x) to estimate.</summary>
    private static void CheckDensity(TrainedRun run, int? samples)
    {
        if (samples is not null && !run.Model.IsDensity)
        {
            throw new UserException(
                $"--importance-samples estimates log p(x), which {run.Folder.Path} has none of: its score, {run.Model.ScoreName}, is no density; expected a run with --likelihood bernoulli or gaussian"
            );
        }
    }
}
