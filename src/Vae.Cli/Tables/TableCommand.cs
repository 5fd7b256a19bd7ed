using System;
using System.CommandLine;
using Spectre.Console;
using VaeFunctional.Cli.Runs;

namespace VaeFunctional.Cli.Tables;

/// <summary>
/// A command that makes a file of a table by a model of such rows: what it makes it by is shown what was given, the model, the table and
/// the file.
/// </summary>
internal static class TableCommand
{
    public static Command Create(
        Terminal terminal,
        Options options,
        string name,
        string description,
        Action<IAnsiConsole, ParseResult, TableModel, Table, string> make,
        params Option[] others
    )
    {
        var data = TableArguments.Data();
        var output = Options.OutputFile(".csv");
        var separator = TableArguments.Separator();
        var encoding = TableArguments.Encoding();
        var command = new Command(name, description) { options.Run, data, separator, encoding, output, options.Quiet };

        foreach (var other in others)
        {
            command.Options.Add(other);
        }

        command.SetAction(parsed =>
        {
            var file = OutputFile.Check(parsed.GetRequiredValue(output));
            var format = TableArguments.Format(parsed.GetValue(separator), parsed.GetValue(encoding));
            var console = terminal.Console(parsed.GetValue(options.Quiet), isJson: false);
            using var model = TableFolder.Load(parsed.GetRequiredValue(options.Run));
            var table = Table.Read(parsed.GetRequiredValue(data), model.Schema, format);
            make(console, parsed, model, table, file);
            return ExitCode.Success;
        });
        return command;
    }
}
