using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.FSharp.Collections;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace VaeFunctional.ML;

/// <summary>Data views as tables, for a <see cref="TableModel"/> to be made of.</summary>
public static class DataViewTables
{
    /// <summary>
    /// The table of a data view's columns. Numbers and Booleans are what a look at their values tells (a NaN is missing, a Boolean is 0
    /// or 1), texts and keys are categories. A vector is a column for each of its slots, called <c>Features.age</c> where slots have names
    /// and else <c>Features.0</c>.
    /// <code>
    /// var table = data.ToTable("Age", "Income", "Country");
    /// using var model = await TableModel.FitAsync(table);
    /// </code>
    /// </summary>
    /// <param name="data">It is read once, from its beginning.</param>
    /// <param name="columns">The columns by their names; all where none are given.</param>
    /// <exception cref="ArgumentException">There are no rows, or a column is not there or of a type that is none of these: the message names it.</exception>
    /// <exception cref="Tabular.TableException">A number is infinite, or fewer than two columns are ones that a model can be of.</exception>
    public static Table ToTable(this IDataView data, params IReadOnlyList<string> columns)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(columns);
        var names =
            columns.Count > 0 ? columns : [.. data.Schema.Where(known => !known.IsHidden).Select(known => known.Name)];
        return Read(data, [.. names.Select(name => InputColumn.Of(data.Schema, name))], schema: null);
    }

    /// <summary>The table of columns; what they are is told by a look at their values where no schema says it.</summary>
    internal static Table Read(IDataView data, IReadOnlyList<InputColumn> inputs, TableSchema? schema)
    {
        var texts = inputs.Where(input => input.IsText).SelectMany(input => input.Slots).ToHashSet();
        var slots = inputs.SelectMany(input => input.Slots).ToArray();
        var rows = Rows(data, inputs);

        if (rows.Count == 0)
        {
            throw new ArgumentException("data has no rows; expected at least one", nameof(data));
        }

        var columns = slots.Select(
            (slot, i) =>
                Tuple.Create(
                    slot,
                    texts.Contains(slot)
                        ? Tabular.Cells.NewTexts([.. rows.Select(row => row[i].Text!)])
                        : Tabular.Cells.NewNumbers([.. rows.Select(row => row[i].Number)])
                )
        );
        var source = Tabular.TableSourceModule.ofColumns("data", ListModule.OfSeq(columns));

        if (schema is not null)
        {
            return new(Tabular.TableModule.ofSource(schema.Value, source));
        }

        var inferred = Tabular.Inference.ofSourceWith(
            SetModule.OfSeq(texts),
            Tabular.SchemaModule.missingTexts,
            source
        );
        return new(
            Tabular.TableModule.ofSource(inferred.Schema, source),
            [.. inferred.Notes.Select(note => $"{note.Item1}: {note.Item2}")]
        );
    }

    private static List<Cell[]> Rows(IDataView data, IReadOnlyList<InputColumn> inputs)
    {
        var columns = inputs.Select(input => input.In(data.Schema)).ToArray();
        using var cursor = data.GetRowCursor(columns);
        var read = RowCells.Reader(cursor, inputs, columns);
        var rows = new List<Cell[]>();

        while (cursor.MoveNext())
        {
            rows.Add([.. read()]);
        }

        return rows;
    }
}
