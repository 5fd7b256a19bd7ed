using System.CommandLine;
using System.IO;
using System.Linq;
using VaeFunctional.Cli.Tables;

namespace VaeFunctional.Cli.Commands;

/// <summary><c>vae impute RUN</c>: a table with its holes filled.</summary>
internal static class ImputeCommand
{
    public static Command Create(Terminal terminal, Options options)
    {
        var samples = Options.AtLeastOne("--samples", "Draws of the posterior for each row", 200);
        var copies = Options.OptionalAtLeastOne(
            "--copies",
            "Write so many tables, FILE-1.csv and on, each with draws of what is missing: their spread is what is not known"
        );
        return TableCommand.Create(
            terminal,
            options,
            "impute",
            "Write a table with its missing values filled, as CSV",
            (console, parsed, model, table, file) =>
            {
                var draws = parsed.GetValue(samples);
                var holes = model
                    .Schema.Columns.Where(column => column.Kind is not (ColumnKind.Label or ColumnKind.Ignored))
                    .Sum(column => table.Missing(column.Name));

                if (parsed.GetValue(copies) is not { } count)
                {
                    model.Impute(table, draws).Table.Write(file);
                    console.Say($"{holes:N0} missing values of {table.Rows:N0} rows filled: {file}");
                    return;
                }

                var drawn = model.Complete(table, count, draws, parsed.GetValue(options.Seed));

                for (var copy = 1; copy <= count; copy++)
                {
                    drawn[copy - 1].Write(Numbered(file, copy));
                }

                console.Say(
                    $"{holes:N0} missing values of {table.Rows:N0} rows drawn {count:N0} times: {Numbered(file, 1)} to {Numbered(file, count)}"
                );
            },
            samples,
            copies,
            options.Seed
        );
    }

    private static string Numbered(string file, int copy) =>
        Path.Combine(
            Path.GetDirectoryName(file) ?? "",
            $"{Path.GetFileNameWithoutExtension(file)}-{copy}{Path.GetExtension(file)}"
        );
}
