using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using VaeFunctional.Cli.Commands;

namespace VaeFunctional.Cli;

/// <summary>The <c>vae</c> command.</summary>
internal static class App
{
    private static RootCommand Root(Terminal terminal, Options options) =>
        new(
            "Variational autoencoders: the study's experiments, models of tables, and what can be done with their runs."
        )
        {
            ExperimentCommand.Create(terminal, options),
            ResumeCommand.Create(terminal, options),
            EvaluateCommand.Create(terminal, options),
            SampleCommand.Create(terminal, options),
            ScoreCommand.Create(terminal, options),
            ImputeCommand.Create(terminal, options),
            EncodeCommand.Create(terminal, options),
            DigitsCommand.Create(terminal, options),
            KlCommand.Create(terminal, options),
            LawsCommand.Create(terminal, options),
            ModelsCommand.Create(terminal, options),
            options.Verbose,
        };

    /// <summary>Runs a command line and answers with its exit code.</summary>
    public static async Task<int> RunAsync(
        string[] args,
        TextWriter output,
        TextWriter error,
        CancellationToken cancellationToken
    )
    {
        // Numbers are read and written in one way whatever the culture of the program or the machine: what a command prints,
        // and every file of a run, is the same everywhere. It is so for this call and what it starts, not for its caller.
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        var options = new Options();
        var parsed = Root(new Terminal(output, error), options).Parse(args);

        if (parsed.Errors.Count > 0)
        {
            var command = CommandLine(parsed.CommandResult);
            await error.WriteLineAsync(
                Speech.Plain($"vae: {Message(parsed)} (`{command} --help` lists what there is)")
            );
            return ExitCode.Usage;
        }

        var configuration = new InvocationConfiguration
        {
            Output = output,
            Error = error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        };

        try
        {
            return await parsed.InvokeAsync(configuration, cancellationToken);
        }
        catch (System.Exception exception)
        {
            return Failure.Report(exception, error, parsed.GetValue(options.Verbose));
        }
    }

    private static string Message(ParseResult parsed) =>
        string.Join(" ", parsed.Errors.Select(e => e.Message.ReplaceLineEndings(" ")).Distinct());

    private static string CommandLine(CommandResult result) =>
        result.Parent is CommandResult parent ? $"{CommandLine(parent)} {result.Command.Name}" : "vae";
}
