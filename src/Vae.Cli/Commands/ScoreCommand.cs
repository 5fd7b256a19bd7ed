using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.Linq;
using Microsoft.FSharp.Collections;
using Spectre.Console;
using Vae.Tables;
using VaeFunctional.Cli.Runs;
using VaeFunctional.Cli.Tables;

namespace VaeFunctional.Cli.Commands;

/// <summary><c>vae score RUN</c>: how odd each row of a table is to a model of such rows.</summary>
internal static class ScoreCommand
{
    public static Command Create(Terminal terminal, Options options)
    {
        var data = TableOptionsOf.Data();
        var output = Options.OutputFile(".csv");
        var separator = TableOptionsOf.Separator();
        var encoding = TableOptionsOf.Encoding();
        var samples = Options.AtLeastOne("--samples", "Draws of the posterior for each row", 100);
        var command = new Command("score", "Write how odd each row of a table is, and by which columns, as CSV")
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
            var scores = model.Score(table, parsed.GetValue(samples));
            TableFile.writeColumns(file, Columns(scores, table));
            console.Say($"{table.Rows:N0} rows of {table.Name}: {file}");

            foreach (var column in table.Schema.Columns)
            {
                if (table.Others(column.Name) is > 0 and var others)
                {
                    console.Say($"{column.Name}: {others:N0} values are none of its levels, and scored as other");
                }
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>
    /// The score of each row in nats, its rank from the oddest on, its p-value, the columns that make it odd, and what each column
    /// adds.
    /// </summary>
    private static FSharpList<Tuple<string, string[]>> Columns(IReadOnlyList<RowScore> scores, Table table)
    {
        var ranks = new int[scores.Count];

        foreach (
            var (score, rank) in scores.OrderByDescending(score => score.Nats).Select((score, i) => (score, i + 1))
        )
        {
            ranks[score.Row] = rank;
        }

        Tuple<string, string[]> Column(string name, Func<RowScore, string> text) => new(name, [.. scores.Select(text)]);

        return ListModule.OfSeq<Tuple<string, string[]>>([
            Column("row", score => $"{score.Row + 1}"),
            Column("score", score => Number(score.Nats)),
            Column("rank", score => $"{ranks[score.Row]}"),
            Column("p", score => Number(score.PValue)),
            Column("odd", score => Oddities.Of(score, table)),
            .. scores[0].Columns.Keys.Select(name => Column($"{name} (nats)", score => Number(score.Columns[name]))),
            Column("together (nats)", score => Number(score.Together)),
        ]);
    }
}
