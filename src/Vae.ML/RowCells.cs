using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML;

namespace VaeFunctional.ML;

/// <summary>The cells of a row, slot by slot.</summary>
internal static class RowCells
{
    /// <summary>What reads the cells of the row where a cursor stands, into one array.</summary>
    public static Func<Cell[]> Reader(
        DataViewRow row,
        IReadOnlyList<InputColumn> inputs,
        IReadOnlyList<DataViewSchema.Column> columns
    )
    {
        var readers = columns.Select(column => CellReaders.Of(row, column)).ToArray();
        var cells = new Cell[inputs.Sum(input => input.Slots.Count)];
        return () =>
        {
            var start = 0;

            for (var i = 0; i < readers.Length; i++)
            {
                var count = inputs[i].Slots.Count;
                readers[i](cells.AsSpan(start, count));
                start += count;
            }

            return cells;
        };
    }
}
