using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace VaeFunctional;

/// <summary>
/// How odd a row is to a model, in nats: the larger, the odder. Numbers and dates count in standard deviations of their column,
/// positive numbers in those of its logarithm: a density's unit.
/// </summary>
/// <param name="Row">The row's number, from 0.</param>
/// <param name="Nats">Its score: -log p of what is there of the row, where nothing else was asked for.</param>
/// <param name="PValue">
/// The chance that a row like those that were held back from training scores as high or higher: of rows like these it is at most p
/// with probability p or less (conformal).
/// </param>
/// <param name="Columns">
/// What each column adds to the score, nats. Of -log p: how unexpected its value is given the others, by leaving it out. Of the bound and
/// the reconstruction: the mean of its -log p given the latent. Of the latent's score: 0.
/// </param>
/// <param name="Together">
/// What is left of the score. Of -log p: how unusual is what the columns have in common. Of the others: the latent's KL, where it is a
/// part of them. With the columns it sums to the score.
/// </param>
public sealed record RowScore(
    int Row,
    double Nats,
    double PValue,
    IReadOnlyDictionary<string, double> Columns,
    double Together
)
{
    /// <summary>The columns from the one that adds most on.</summary>
    public IEnumerable<string> Oddest => Columns.OrderByDescending(share => share.Value).Select(share => share.Key);

    /// <summary>The row, its score, its p-value and the two columns that add most.</summary>
    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"row {Row}: {Nats:F2} nats, p {PValue:F3}, by {string.Join(", ", Oddest.Take(2))}"
        );
}
