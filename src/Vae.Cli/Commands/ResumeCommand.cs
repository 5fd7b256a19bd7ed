using System.CommandLine;
using VaeFunctional.Cli.Experiments;
using VaeFunctional.Cli.Runs;

namespace VaeFunctional.Cli.Commands;

/// <summary><c>vae resume RUN</c>: goes on with a run that was interrupted, to the same numbers.</summary>
internal static class ResumeCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("resume", "Go on with a run that was interrupted")
        {
            Options.Run,
            Options.Json,
            Options.Quiet,
        };

        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var isJson = parsed.GetValue(Options.Json);
                var console = terminal.Console(parsed.GetValue(Options.Quiet), isJson);
                var run = RunFolder.Open(parsed.GetRequiredValue(Options.Run));
                var result = await new Runner(console, cancellationToken).ResumeAsync(run);

                if (isJson)
                {
                    terminal.Output.WriteLine(Json.Write(result));
                }

                return ExitCode.Success;
            }
        );
        return command;
    }
}
