using System.Collections.Generic;

namespace VaeFunctional;

/// <summary>A table with its holes filled.</summary>
/// <param name="Table">The table: what was there stays as it was.</param>
/// <param name="Uncertainty">
/// Of each modelled column, a number a row: of a value that was missing the standard deviation of a number in the column's units (of a
/// positive one that of its logarithm), or the probability that a level is another; NaN of values that were there.
/// </param>
public sealed record ImputedTable(Table Table, IReadOnlyDictionary<string, double[]> Uncertainty);
