using System;
using System.Collections.Generic;
using System.Linq;

namespace VaeFunctional;

/// <summary>How like the rows that a model draws are to those that it was trained on.</summary>
/// <param name="Columns">
/// How far each column's samples are from its data, from 0 to 1: of numbers the Kolmogorov-Smirnov distance, the largest difference of
/// the distribution functions; of levels the total variation, half the sum of the differences of their shares. NaN where one of the
/// tables has no value.
/// </param>
/// <param name="Correlations">Pairs of columns whose numbers have an order, with their correlations.</param>
/// <param name="NearestRatio">
/// The median distance from a sample to its nearest training row, by that from a row that was held back. About 1 of new rows of the same
/// kind; far below 1 where training rows are copied. The distance is Gower's: a column's differences by its range, and 1 for another level.
/// </param>
public sealed record TableFidelity(
    IReadOnlyDictionary<string, double> Columns,
    IReadOnlyList<ColumnCorrelation> Correlations,
    double NearestRatio
)
{
    /// <summary>Measures samples of a model against the rows that it was trained on, and rows that were held back.</summary>
    /// <param name="training">Rows that the model was trained on.</param>
    /// <param name="heldBack">Rows of the same kind that it was not trained on (<see cref="TableModelOptions.HeldBackOf"/>).</param>
    /// <param name="samples">Rows that it drew (<see cref="TableModel.Sample"/>).</param>
    public static TableFidelity Measure(Table training, Table heldBack, Table samples)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(heldBack);
        ArgumentNullException.ThrowIfNull(samples);
        var measured = Tabular.FidelityModule.measure(training.Value, heldBack.Value, samples.Value);
        return new(
            measured.Columns.ToDictionary(column => column.Column, column => column.Distance),
            new ValueList<ColumnCorrelation>(
                measured.Correlations.Select(pair => new ColumnCorrelation(
                    pair.Item1,
                    pair.Item2,
                    pair.Item3,
                    pair.Item4
                ))
            ),
            measured.NearestRatio
        );
    }
}

/// <summary>How two columns go together in a table and in samples: Pearson's correlation over the rows that have both.</summary>
/// <param name="First">A column.</param>
/// <param name="Second">Another.</param>
/// <param name="Data">Their correlation in the table.</param>
/// <param name="Samples">Their correlation in the samples.</param>
public sealed record ColumnCorrelation(string First, string Second, double Data, double Samples);
