using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Vae.Plots;

namespace VaeFunctional.Cli.Tables;

/// <summary>Rows told apart by a column: by its level, or by the fifth of its numbers that a row's is in.</summary>
internal static class ColumnColors
{
    private const string Missing = "missing";

    /// <summary>Levels that have a color of their own; the rest share one.</summary>
    private const int MostLevels = 9;

    /// <summary>The columns of a table that rows can be told apart by.</summary>
    public static Coloring[] Of(Table table) =>
        [.. table.Schema.Columns.Select(column => Of(table, column)).OfType<Coloring>()];

    private static Coloring? Of(Table table, TableColumn column) =>
        column.Kind switch
        {
            ColumnKind.Ignored => null,
            ColumnKind.Label or ColumnKind.Category or ColumnKind.Binary or ColumnKind.Ordinal => ByLevel(
                table,
                column
            ),
            _ => ByFifth(table, column),
        };

    private static Coloring? ByLevel(Table table, TableColumn column)
    {
        var texts = table.Texts(column.Name);
        var counted = texts
            .Where(text => text.Length > 0)
            .CountBy(text => text)
            .OrderByDescending(level => level.Value);
        string[] kept = [.. counted.Take(MostLevels).Select(level => level.Key)];
        // In the schema's order, where it has one.
        var levels = column.Levels.Count > 0 ? [.. column.Levels.Intersect(kept), .. kept.Except(column.Levels)] : kept;
        return Grouped(
            column,
            isOrdered: column.Kind == ColumnKind.Ordinal,
            texts.Select(text =>
                text.Length == 0 ? Missing
                : levels.Contains(text) ? text
                : "others"
            ),
            [.. levels, "others", Missing]
        );
    }

    private static Coloring? ByFifth(Table table, TableColumn column)
    {
        var numbers = table.Numbers(column.Name);
        double[] sorted = [.. numbers.Where(number => !double.IsNaN(number)).Order()];

        if (sorted.Length == 0)
        {
            return null;
        }

        var texts = table.Texts(column.Name);
        var words = new Dictionary<double, string>();

        for (var i = 0; i < numbers.Length; i++)
        {
            words[numbers[i]] = texts[i];
        }

        // Where many numbers are equal, fifths fall together.
        double[] ends =
        [
            .. Enumerable.Range(1, 5).Select(fifth => sorted[Math.Max(0, (sorted.Length * fifth / 5) - 1)]).Distinct(),
        ];
        string[] names =
        [
            .. ends.Select(
                (end, i) => $"{(i == 0 ? Short(words[sorted[0]]) : Short(words[ends[i - 1]]))} to {Short(words[end])}"
            ),
        ];
        return Grouped(
            column,
            isOrdered: true,
            numbers.Select(number =>
                double.IsNaN(number) ? Missing : names[Array.FindIndex(ends, end => number <= end)]
            ),
            [.. names, Missing]
        );
    }

    private static Coloring? Grouped(TableColumn column, bool isOrdered, IEnumerable<string> groups, string[] names)
    {
        string[] distinct = [.. names.Distinct()];
        int[] labels = [.. groups.Select(group => Array.IndexOf(distinct, group))];
        var used = labels.Distinct().Order().ToList();
        return used.Count < 2
            ? null
            : new(
                column.Name,
                isOrdered,
                [.. labels.Select(label => used.IndexOf(label))],
                [.. used.Select(i => distinct[i])]
            );
    }

    private static string Short(string number) =>
        double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? value.ToString("G4", CultureInfo.InvariantCulture)
            : number;
}
