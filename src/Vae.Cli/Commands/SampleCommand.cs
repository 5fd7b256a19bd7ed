using System.CommandLine;
using Spectre.Console;
using VaeFunctional.Cli.Experiments;
using VaeFunctional.Cli.Runs;

namespace VaeFunctional.Cli.Commands;

/// <summary><c>vae sample RUN</c>: a sheet of images decoded from draws of the prior.</summary>
internal static class SampleCommand
{
    public static Command Create(Terminal terminal, Options options)
    {
        var count = Options.Count("How many images");
        var output = Options.OutputFile(".png");
        var device = Options.Device(Devices.Cpu);
        var command = new Command("sample", "Draw images from a trained model")
        {
            options.Run,
            count,
            output,
            options.Seed,
            device,
            options.Quiet,
        };

        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var file = ImageSheet.Check(parsed.GetRequiredValue(output));
                var console = terminal.Console(parsed.GetValue(options.Quiet), isJson: false);
                using var run = TrainedRun.Load(console, parsed.GetRequiredValue(options.Run), parsed.GetValue(device));
                var examples = run.Model.Given is null
                    ? null
                    : (await run.LoadDataAsync(new Runner(console, null, cancellationToken), null)).HeldOut;
                var (images, words) = ConditionalSamples.Of(
                    run.Model,
                    examples,
                    parsed.GetValue(count),
                    parsed.GetValue(options.Seed)
                );
                ImageSheet.Write(file, images);
                console.Say($"{parsed.GetValue(count):N0} samples{words}: {file}");
                return ExitCode.Success;
            }
        );
        return command;
    }
}
