using System.Linq;
using Vae.Tables;

namespace VaeFunctional.Cli.Tables;

/// <summary>The columns that make a row odd, in words.</summary>
internal static class Oddities
{
    /// <summary>The two columns that add most to a row's score, with what stands there.</summary>
    public static string Of(TableScores scores, Table table, int row) =>
        string.Join(
            ", ",
            scores
                .Columns.Zip(scores.Shares[row])
                .Where(share => share.Second > 0)
                .OrderByDescending(share => share.Second)
                .Take(2)
                .Select(share => $"{share.First} = {TableModule.texts(share.First, table)[row]}")
        );
}
