using System.CommandLine;
using Spectre.Console;
using VaeFunctional.Cli.Experiments;
using VaeFunctional.Cli.Runs;
using VaeFunctional.Cli.Tables;

namespace VaeFunctional.Cli.Commands;

/// <summary><c>vae sample RUN</c>: a sheet of images decoded from draws of the prior, or new rows of a table.</summary>
internal static class SampleCommand
{
    public static Command Create(Terminal terminal, Options options)
    {
        var count = Options.Count("How many images or rows");
        var output = Options.OutputFile(".png or .csv");
        var device = Options.Device(Devices.Cpu);
        var command = new Command("sample", "Draw images, or rows of a table, from a trained model")
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
                var console = terminal.Console(parsed.GetValue(options.Quiet), isJson: false);

                if (TableFolder.Is(parsed.GetRequiredValue(options.Run)))
                {
                    SampleRows(
                        console,
                        parsed.GetRequiredValue(options.Run),
                        parsed.GetValue(options.Seed),
                        parsed.GetValue(count),
                        OutputFile.Check(parsed.GetRequiredValue(output))
                    );
                    return ExitCode.Success;
                }

                var file = ImageSheet.Check(parsed.GetRequiredValue(output));
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

    private static void SampleRows(IAnsiConsole console, string folder, int seed, int count, string file)
    {
        using var model = TableFolder.Load(folder);
        model.Sample(count, seed).Write(file);
        console.Say($"{count:N0} rows: {file}");
    }
}
