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
    public static Command Create(Terminal terminal, Options options)
    {
        var rate = new Option<double?>("--false-alarms")
        {
            Description =
                "Also say which rows are alarms, by the share of rows like those of the training that may be one, such as 0.01",
            HelpName = "RATE",
        };
        var by = Options.Choice<ScoreKind>(
            "--by",
            "What rows are scored by: -log p, the bound, or of the bound the reconstruction or the latent alone"
        );
        var samples = Options.OptionalAtLeastOne(
            "--samples",
            "Draws of the posterior for each row, of the kind's own number where none is given"
        );
        return TableCommand.Create(
            terminal,
            options,
            "score",
            "Write how odd each row of a table is, and by which columns, as CSV",
            (console, parsed, model, table, file) =>
            {
                var scoring = Kind(parsed.GetValue(by), parsed.GetValue(samples));
                var threshold = parsed.GetValue(rate) is { } asked ? Threshold(model, asked, scoring) : null;
                var scores = model.Score(table, scoring);
                TableFile.writeColumns(file, Columns(scores, table, threshold));
                console.Say($"{table.Rows:N0} rows of {table.Name}: {file}");

                if (threshold is not null)
                {
                    console.Say(
                        $"{scores.Count(score => score.Nats > threshold.Nats):N0} alarms, above {threshold.Nats:F2} nats: {threshold.Rate:P2} false alarms, from {threshold.Low:P2} to {threshold.High:P2} with probability 95 %"
                    );
                }

                foreach (var column in table.Schema.Columns)
                {
                    if (table.Others(column.Name) is > 0 and var others)
                    {
                        console.Say($"{column.Name}: {others:N0} values are none of its levels, and scored as other");
                    }
                }
            },
            by,
            samples,
            rate
        );
    }

    private enum ScoreKind
    {
        LogLikelihood,
        Bound,
        Reconstruction,
        Latent,
    }

    private static Scoring Kind(ScoreKind kind, int? samples) =>
        (kind, samples) switch
        {
            (ScoreKind.Bound, null) => Scoring.Bound(),
            (ScoreKind.Bound, { } draws) => Scoring.Bound(draws),
            (ScoreKind.Reconstruction, null) => Scoring.Reconstruction(),
            (ScoreKind.Reconstruction, { } draws) => Scoring.Reconstruction(draws),
            (ScoreKind.Latent, null) => Scoring.Latent,
            (ScoreKind.Latent, _) => throw new UserException(
                "--samples is given, which the latent's KL has no draws for; expected none of it with --by latent"
            ),
            (_, null) => Scoring.LogLikelihood(),
            (_, { } draws) => Scoring.LogLikelihood(draws),
        };

    private static ScoreThreshold Threshold(TableModel model, double rate, Scoring by)
    {
        try
        {
            return model.Threshold(rate, by);
        }
        catch (ArgumentException refusal)
        {
            throw new UserException($"--false-alarms: {refusal.Message}");
        }
    }

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>
    /// The score of each row in nats, its rank from the oddest on, its p-value, whether it is an alarm where a threshold is given, the
    /// columns that make it odd, and what each column adds.
    /// </summary>
    private static FSharpList<Tuple<string, string[]>> Columns(
        IReadOnlyList<RowScore> scores,
        Table table,
        ScoreThreshold? threshold
    )
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
            .. threshold is null
                ? Array.Empty<Tuple<string, string[]>>()
                : [Column("alarm", score => score.Nats > threshold.Nats ? "yes" : "no")],
            Column("odd", oddities.Of),
            .. scores[0].Columns.Keys.Select(name => Column($"{name} (nats)", score => Number(score.Columns[name]))),
            Column("together (nats)", score => Number(score.Together)),
        ]);
    }
}
