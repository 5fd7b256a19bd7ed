using System.Collections.Generic;
using System.Linq;

namespace VaeFunctional.Cli.Tables;

/// <summary>The columns that make a table's rows odd, in words. A column's values are made texts once, whatever rows are asked for.</summary>
internal sealed class Oddities(Table table)
{
    private readonly Dictionary<string, string[]> texts = [];

    /// <summary>The two columns that add most to a row's score, with what stands there.</summary>
    public string Of(RowScore score) =>
        string.Join(
            ", ",
            score
                .Oddest.Take(2)
                .Where(column => score.Columns[column] > 0)
                .Select(column => $"{column} = {TextsOf(column)[score.Row]}")
        );

    private string[] TextsOf(string column) =>
        texts.TryGetValue(column, out var known) ? known : texts[column] = table.Texts(column);
}
