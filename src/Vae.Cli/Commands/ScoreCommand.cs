using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.Linq;
using Microsoft.FSharp.Collections;
using Vae.Tables;
using VaeFunctional.Cli.Tables;

namespace VaeFunctional.Cli.Commands;

/// <summary><c>vae score RUN</c>: how odd each row of a table is to a model of such rows.</summary>
internal static class ScoreCommand
{
    public static Command Create(Terminal terminal, Options options) =>
        TableCommand.Create(
            terminal,
            options,
            "score",
            "Write how odd each row of a table is, and by which columns, as CSV",
            100,
            (console, model, table, samples, file) =>
            {
                TableFile.writeColumns(file, Columns(model.Score(table, samples), table));
                console.Say($"{table.Rows:N0} rows of {table.Name}: {file}");

                foreach (var column in table.Schema.Columns)
                {
                    if (table.Others(column.Name) is > 0 and var others)
                    {
                        console.Say($"{column.Name}: {others:N0} values are none of its levels, and scored as other");
                    }
                }
            }
        );

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>
    /// The score of each row in nats, its rank from the oddest on, its p-value, the columns that make it odd, and what each column
    /// adds.
    /// </summary>
    private static FSharpList<Tuple<string, string[]>> Columns(IReadOnlyList<RowScore> scores, Table table)
    {
        var ranks = new int[scores.Count];
        var oddities = new Oddities(table);

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
            Column("odd", oddities.Of),
            .. scores[0].Columns.Keys.Select(name => Column($"{name} (nats)", score => Number(score.Columns[name]))),
            Column("together (nats)", score => Number(score.Together)),
        ]);
    }
}
