using System.CommandLine;
using System.Linq;
using VaeFunctional.Cli.Tables;

namespace VaeFunctional.Cli.Commands;

/// <summary><c>vae impute RUN</c>: a table with its holes filled.</summary>
internal static class ImputeCommand
{
    public static Command Create(Terminal terminal, Options options) =>
        TableCommand.Create(
            terminal,
            options,
            "impute",
            "Write a table with its missing values filled, as CSV",
            200,
            (console, _, model, table, samples, file) =>
            {
                var imputed = model.Impute(table, samples);
                imputed.Table.Write(file);
                var holes = imputed.Uncertainty.Keys.Sum(table.Missing);
                console.Say($"{holes:N0} missing values of {table.Rows:N0} rows filled: {file}");
            }
        );
}
