using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Vae.Plots;
using VaeFunctional.Cli.Experiments;
using VaeFunctional.Cli.Runs;

namespace VaeFunctional.Cli.Tables;

/// <summary>The page of a table's run: what the columns are, which rows are odd and why, and how like the model's own rows are.</summary>
internal static class TableReport
{
    /// <summary>Columns that are drawn: a page of more is not read.</summary>
    private const int MostDrawn = 24;

    private const int MostOdd = 20;
    private const int Samples = 2_000;

    /// <summary>Writes report.html and the figures' own files.</summary>
    /// <param name="run">The folder of the run.</param>
    /// <param name="model">The model.</param>
    /// <param name="options">What it was trained with.</param>
    /// <param name="rows">How many rows there are.</param>
    /// <param name="numbers">The numbers of those that are looked at.</param>
    /// <param name="table">These rows.</param>
    /// <param name="scores">Their scores.</param>
    public static void Write(
        RunFolder run,
        TableModel model,
        TableModelOptions options,
        TableRows rows,
        IReadOnlyList<int> numbers,
        Table table,
        IReadOnlyList<RowScore> scores
    )
    {
        var isHeldBack = options.HeldBackOf(rows.Rows);
        var places = Enumerable.Range(0, table.Rows).ToLookup(i => isHeldBack[numbers[i]]);

        if (!places[true].Any() || !places[false].Any())
        {
            return;
        }

        var (training, heldBack) = (table.Pick([.. places[false]]), table.Pick([.. places[true]]));
        var samples = model.Sample(Samples, options.Seed);
        var fidelity = TableFidelity.Measure(training, heldBack, samples);
        Figure[] figures = [.. Figures(model, table, samples, fidelity)];

        foreach (var figure in figures)
        {
            figure.Save(run.Figures);
        }

        Report.Write(
            run.Report,
            $"The rows of {rows.Name}",
            [.. Summary(rows, table, scores, places[true], fidelity)],
            [.. Settings(model, options, rows, fidelity)],
            [Odd(table, numbers, scores, rows.Rows), Columns(table, fidelity)],
            figures
        );
    }

    private static IEnumerable<SummaryRow> Summary(
        TableRows rows,
        Table table,
        IReadOnlyList<RowScore> scores,
        IEnumerable<int> heldBack,
        TableFidelity fidelity
    )
    {
        double[] held = [.. heldBack.Select(row => scores[row].Nats)];
        var mean = held.Average();
        var deviation = Math.Sqrt(held.Average(score => (score - mean) * (score - mean)));
        yield return new("rows", rows.Rows.ToString("N0", CultureInfo.InvariantCulture), "");

        if (table.Rows < rows.Rows)
        {
            yield return new(
                "of which, at even distances, this page looks at",
                table.Rows.ToString("N0", CultureInfo.InvariantCulture),
                ""
            );
        }

        yield return new(
            $"-log p of a row, {held.Length:N0} held back, nats",
            Number(mean),
            Number(deviation / Math.Sqrt(held.Length))
        );
        yield return new("distance to training rows, samples by held back", Number(fidelity.NearestRatio), "");
    }

    private static IEnumerable<Setting> Settings(
        TableModel model,
        TableModelOptions options,
        TableRows rows,
        TableFidelity fidelity
    )
    {
        yield return new("Columns", $"{rows.Schema.Columns.Count:N0}, {fidelity.Columns.Count:N0} of them modelled");
        yield return new("Prior", options.Prior);
        yield return new("Posterior", options.Posterior);
        yield return new("Objective", options.Objective);
        yield return new(
            "Held back",
            $"{options.HeldBack:P0} of the rows: the best epoch is chosen by some, and p-values are by {model.CalibrationRows:N0}"
        );
        yield return new("Seed", options.Seed.ToString(CultureInfo.InvariantCulture));
    }

    private static ReportTable Odd(Table table, IReadOnlyList<int> numbers, IReadOnlyList<RowScore> scores, int rows)
    {
        var oddities = new Oddities(table);
        return new(
            "The oddest rows",
            (table.Rows < rows ? $"Of the {table.Rows:N0} rows that this page looks at. " : "")
                + "Nats are -log p of what is there of a row; p is the chance that a row like those held back scores as high. Each column is followed by the nats that it adds, which is how unexpected its value is given the others; together is what is left, how unusual is what the columns have in common.",
            ["row", "nats", "p", "together", "the columns that add most"],
            [
                .. scores
                    .OrderByDescending(score => score.Nats)
                    .Take(MostOdd)
                    .Select(score =>
                        new[]
                        {
                            (numbers[score.Row] + 1).ToString("N0", CultureInfo.InvariantCulture),
                            Number(score.Nats),
                            score.PValue.ToString("0.####", CultureInfo.InvariantCulture),
                            Number(score.Together),
                            oddities.WithNats(score),
                        }
                    ),
            ]
        );
    }

    private static ReportTable Columns(Table table, TableFidelity fidelity) =>
        new(
            "The columns",
            "Distance is how far the model's own rows are from the table's: of numbers the largest difference of the distribution functions (Kolmogorov-Smirnov), of levels the total variation; 0 is equal, 1 apart. The summary's distance to training rows is the median one to the nearest of them, of samples by that of rows held back: about 1 of new rows, far below 1 where rows are copied.",
            ["column", "distance", "missing", "kind"],
            [
                .. table.Schema.Columns.Select(column =>
                    new[]
                    {
                        column.Name,
                        fidelity.Columns.TryGetValue(column.Name, out var distance) ? Number(distance) : "",
                        Missing(table, column),
                        column.Kind.ToString().ToLowerInvariant(),
                    }
                ),
            ]
        );

    private static string Missing(Table table, TableColumn column)
    {
        var missing = table.Texts(column.Name).Count(text => text.Length == 0);
        return missing == 0
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $"{missing:N0} ({100.0 * missing / table.Rows:0.#} %)");
    }

    private static IEnumerable<Figure> Figures(TableModel model, Table table, Table samples, TableFidelity fidelity)
    {
        var marginals = table
            .Schema.Columns.Where(column => fidelity.Columns.TryGetValue(column.Name, out var d) && !double.IsNaN(d))
            .ToList();
        Marginal[] drawn = [.. marginals.Take(MostDrawn).Select(column => Marginal(column, table, samples))];

        if (drawn.Length > 0)
        {
            var left = marginals.Count > MostDrawn ? $" The first {MostDrawn} of {marginals.Count} columns." : "";
            yield return TableFigures.Marginals(
                "columns",
                "What stands in the columns",
                $"The table, and {samples.Rows:N0} rows that the model drew.{left}",
                drawn
            );
        }

        if (fidelity.Correlations.Count > 0)
        {
            yield return TableFigures.Agreement(
                "correlations",
                "How the columns go together",
                "A dot for each pair of columns that have an order.",
                "correlation",
                [.. fidelity.Correlations.Select(pair => pair.Data)],
                [.. fidelity.Correlations.Select(pair => pair.Samples)]
            );
        }

        var colorings = ColumnColors.Of(table);

        if (colorings.Length > 0)
        {
            float[][] codes = [.. model.Encode(table).Select(code => code.Select(number => (float)number).ToArray())];

            if (codes[0].Length >= 2)
            {
                var (points, share) = codes[0].Length == 2 ? (codes, 1.0) : PrincipalComponents.Of(codes);
                yield return TableFigures.Codes(
                    "codes",
                    "The codes of the rows",
                    codes[0].Length == 2
                        ? "The mean of each row's posterior."
                        : $"The means of the rows' posteriors, {codes[0].Length} numbers each, along the two directions of their greatest spread, which hold {share:P0} of it.",
                    points,
                    colorings
                );
            }
        }
    }

    private static Marginal Marginal(TableColumn column, Table table, Table samples)
    {
        // Days since the beginning of 2000, as years.
        double Shown(double number) => column.Kind is ColumnKind.Date ? 2000 + (number / 365.2425) : number;
        double[] There(Table of) => [.. of.Numbers(column.Name).Where(number => !double.IsNaN(number)).Select(Shown)];
        string[] levels = column.Kind is ColumnKind.Category ? [.. column.Levels, "other"] : [.. column.Levels];
        return new(column.Name, levels, There(table), There(samples));
    }

    private static string Number(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);
}
