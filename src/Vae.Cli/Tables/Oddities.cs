using System.Linq;

namespace VaeFunctional.Cli.Tables;

/// <summary>The columns that make a row odd, in words.</summary>
internal static class Oddities
{
    /// <summary>The two columns that add most to a row's score, with what stands there.</summary>
    public static string Of(RowScore score, Table table) =>
        string.Join(
            ", ",
            score
                .Oddest.Take(2)
                .Where(column => score.Columns[column] > 0)
                .Select(column => $"{column} = {table.Texts(column)[score.Row]}")
        );
}
