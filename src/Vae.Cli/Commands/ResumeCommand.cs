using System.CommandLine;
using VaeFunctional.Cli.Experiments;
using VaeFunctional.Cli.Runs;

namespace VaeFunctional.Cli.Commands;

/// <summary><c>vae resume RUN</c>: goes on with a run that was interrupted, to the same numbers.</summary>
internal static class ResumeCommand
{
    public static Command Create(Terminal terminal, Options options)
    {
        var device = Options.Device("the run's");
        var command = new Command("resume", "Go on with a run that was interrupted")
        {
            options.Run,
            device,
            options.Json,
            options.Quiet,
        };

        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var isJson = parsed.GetValue(options.Json);
                var console = terminal.Console(parsed.GetValue(options.Quiet), isJson);
                var run = RunFolder.Open(parsed.GetRequiredValue(options.Run));
                var result = await new Runner(console, Ranks.FromMpi(), cancellationToken).ResumeAsync(
                    run,
                    parsed.GetValue(device)
                );

                if (isJson && result is not null)
                {
                    terminal.Output.WriteLine(Json.Write(result));
                }

                return ExitCode.Success;
            }
        );
        return command;
    }
}
