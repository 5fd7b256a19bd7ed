using System.CommandLine;
using VaeFunctional.Cli.Runs;

namespace VaeFunctional.Cli.Commands;

/// <summary><c>vae sample RUN</c>: a sheet of images decoded from draws of the prior.</summary>
internal static class SampleCommand
{
    public static Command Create(Terminal terminal)
    {
        var count = Options.Count("How many images");
        var output = Options.OutputFile(".png");
        var command = new Command("sample", "Draw images from a trained model")
        {
            Options.Run,
            count,
            output,
            Options.Seed,
            Options.Quiet,
        };

        command.SetAction(parsed =>
        {
            var file = ImageSheet.Check(parsed.GetRequiredValue(output));
            using var run = TrainedRun.Load(parsed.GetRequiredValue(Options.Run));
            ImageSheet.Write(file, run.Model.Sample(parsed.GetValue(count), parsed.GetValue(Options.Seed)));
            Spectre.Console.AnsiConsoleExtensions.WriteLine(
                terminal.Console(parsed.GetValue(Options.Quiet), isJson: false),
                $"{parsed.GetValue(count):N0} samples: {file}"
            );
            return ExitCode.Success;
        });
        return command;
    }
}
