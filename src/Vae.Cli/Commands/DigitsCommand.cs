using System.CommandLine;
using Spectre.Console;
using VaeFunctional.Cli.Runs;

namespace VaeFunctional.Cli.Commands;

/// <summary><c>vae digits</c>: a sheet of the digits that the program draws itself.</summary>
internal static class DigitsCommand
{
    public static Command Create(Terminal terminal, Options options)
    {
        var count = Options.Count("How many digits");
        var output = Options.OutputFile(".png");
        var command = new Command("digits", "Draw a sheet of the program's own digits")
        {
            count,
            output,
            options.Seed,
            options.Quiet,
        };

        command.SetAction(parsed =>
        {
            var file = ImageSheet.Check(parsed.GetRequiredValue(output));
            ImageSheet.Write(file, Digits.Draw(parsed.GetValue(options.Seed), parsed.GetValue(count)));
            terminal
                .Console(parsed.GetValue(options.Quiet), isJson: false)
                .WriteLine($"{parsed.GetValue(count):N0} digits: {file}");
            return ExitCode.Success;
        });
        return command;
    }
}
