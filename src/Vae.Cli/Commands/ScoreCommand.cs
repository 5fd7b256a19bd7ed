using System;
using System.CommandLine;
using System.Globalization;
using System.Linq;
using Microsoft.FSharp.Collections;
using Spectre.Console;
using Vae.Tables;
using VaeFunctional.Cli.Runs;
using VaeFunctional.Cli.Tables;
using Table = Vae.Tables.Table;

namespace VaeFunctional.Cli.Commands;

/// <summary><c>vae score RUN</c>: how odd each row of a table is to a model of such rows.</summary>
internal static class ScoreCommand
{
    public static Command Create(Terminal terminal, Options options)
    {
        var data = TableOptionsOf.Data();
        var output = Options.OutputFile(".csv");
        var samples = Options.AtLeastOne("--samples", "Draws of the posterior for each row", 100);
        var command = new Command("score", "Write how odd each row of a table is, and by which columns, as CSV")
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
            var scores = TableRunModule.score(parsed.GetValue(samples), run, table);
            TableFile.writeColumns(file, Columns(scores, table));
            console.Say($"{table.Rows:N0} rows of {table.Name}: {file}");

            foreach (var column in table.Schema.Columns)
            {
                if (TableModule.others(column.Name, table) is > 0 and var others)
                {
                    console.Say($"{column.Name}: {others:N0} values are none of its levels, and scored as other");
                }
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>The score of each row in nats, its rank from the oddest on, its p-value, the columns that make it odd, and each column's share.</summary>
    private static FSharpList<Tuple<string, string[]>> Columns(TableScores scores, Table table)
    {
        var rows = Enumerable.Range(0, table.Rows).ToArray();
        var ranks = new int[table.Rows];

        foreach (var (row, rank) in rows.OrderByDescending(i => scores.Score[i]).Select((row, rank) => (row, rank)))
        {
            ranks[row] = rank + 1;
        }

        Tuple<string, string[]> Column(string name, Func<int, string> text) => new(name, [.. rows.Select(text)]);
        var shares = scores.Columns.Select((name, j) => Column($"{name} (nats)", i => Number(scores.Shares[i][j])));
        return ListModule.OfSeq<Tuple<string, string[]>>([
            Column("row", i => $"{i + 1}"),
            Column("score", i => Number(scores.Score[i])),
            Column("rank", i => $"{ranks[i]}"),
            Column("p", i => Number(scores.PValue[i])),
            Column("odd", i => Oddities.Of(scores, table, i)),
            .. shares,
            Column("together (nats)", i => Number(scores.Latent[i])),
        ]);
    }
}
