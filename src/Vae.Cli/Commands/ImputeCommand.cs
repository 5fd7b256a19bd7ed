using System.CommandLine;
using System.Linq;
using Spectre.Console;
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
        var separator = TableOptionsOf.Separator();
        var encoding = TableOptionsOf.Encoding();
        var samples = Options.AtLeastOne("--samples", "Draws of the posterior for each row", 200);
        var command = new Command("impute", "Write a table with its missing values filled, as CSV")
        {
            options.Run,
            data,
            separator,
            encoding,
            output,
            samples,
            options.Quiet,
        };

        command.SetAction(parsed =>
        {
            var file = OutputFile.Check(parsed.GetRequiredValue(output));
            var console = terminal.Console(parsed.GetValue(options.Quiet), isJson: false);
            using var model = TableFolder.Load(parsed.GetRequiredValue(options.Run));
            var table = TableFolder.Read(
                model,
                parsed.GetRequiredValue(data),
                TableOptionsOf.Format(parsed.GetValue(separator), parsed.GetValue(encoding))
            );
            var imputed = model.Impute(table, parsed.GetValue(samples));
            imputed.Table.Write(file);
            var holes = imputed.Uncertainty.Keys.Sum(table.Missing);
            console.Say($"{holes:N0} missing values of {table.Rows:N0} rows filled: {file}");
            return ExitCode.Success;
        });
        return command;
    }
}
