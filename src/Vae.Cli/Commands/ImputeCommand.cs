using System.CommandLine;
using System.Linq;
using Spectre.Console;
using Vae.Tables;
using VaeFunctional.Cli.Runs;
using VaeFunctional.Cli.Tables;

namespace VaeFunctional.Cli.Commands;

/// <summary><c>vae impute RUN</c>: a table with its holes filled.</summary>
internal static class ImputeCommand
{
    public static Command Create(Terminal terminal, Options options)
    {
        var data = TableOptionsOf.Data();
        var output = Options.OutputFile(".csv");
        var samples = Options.AtLeastOne("--samples", "Draws of the posterior for each row", 200);
        var command = new Command("impute", "Write a table with its missing values filled, as CSV")
        {
            options.Run,
            data,
            output,
            samples,
            options.Quiet,
        };

        command.SetAction(parsed =>
        {
            var file = OutputFile.Check(parsed.GetRequiredValue(output));
            var console = terminal.Console(parsed.GetValue(options.Quiet), isJson: false);
            using var run = TableFolder.Load(parsed.GetRequiredValue(options.Run));
            var table = TableFolder.Read(run, parsed.GetRequiredValue(data));
            var imputed = TableRunModule.impute(parsed.GetValue(samples), run, table);
            TableFile.write(file, imputed.Table);
            var holes = SchemaModule.modelled(table.Schema).Sum(column => TableModule.missing(column.Name, table));
            console.Say($"{holes:N0} missing values of {table.Rows:N0} rows filled: {file}");
            return ExitCode.Success;
        });
        return command;
    }
}
