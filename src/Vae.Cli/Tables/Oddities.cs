using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace VaeFunctional.Cli.Tables;

/// <summary>The columns that make a table's rows odd, in words. A column's values are made texts once, whatever rows are asked for.</summary>
internal sealed class Oddities(Table table)
{
    private readonly Dictionary<string, string[]> texts = [];

    /// <summary>The two columns that add most to a row's score, with what stands there.</summary>
    public string Of(RowScore score) => Joined(score, 2, _ => "");

    /// <summary>The three columns that add most, with what stands there and the nats that it adds.</summary>
    public string WithNats(RowScore score) =>
        Joined(score, 3, column => string.Create(CultureInfo.InvariantCulture, $" (+{score.Columns[column]:0.0})"));

    private string Joined(RowScore score, int count, Func<string, string> after) =>
        string.Join(
            ", ",
            score
                .Oddest.Take(count)
                .Where(column => score.Columns[column] > 0)
                .Select(column => $"{column} = {TextsOf(column)[score.Row]}{after(column)}")
        );

    private string[] TextsOf(string column) =>
        texts.TryGetValue(column, out var known) ? known : texts[column] = table.Texts(column);
}
