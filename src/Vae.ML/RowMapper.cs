using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace VaeFunctional.ML;

/// <summary>The added columns over rows of a schema: they follow the schema's own.</summary>
internal sealed class RowMapper : IRowToRowMapper
{
    private readonly RowModel model;
    private readonly VaeSettings settings;
    private readonly DataViewSchema.Column[] inputs;

    public RowMapper(RowModel model, VaeSettings settings, DataViewSchema inputSchema)
    {
        this.model = model;
        this.settings = settings;
        inputs = [.. settings.Inputs.Select(input => input.In(inputSchema))];
        InputSchema = inputSchema;
        OutputSchema = settings.Outputs.After(inputSchema, model.LatentDimension, model.ReconstructionNames);
    }

    public DataViewSchema InputSchema { get; }

    public DataViewSchema OutputSchema { get; }

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
    {
        var needed = dependingColumns.Select(column => column.Index).ToHashSet();
        var isAdded = needed.Any(index => index >= InputSchema.Count);
        return InputSchema.Where(column =>
            needed.Contains(column.Index) || (isAdded && inputs.Any(input => input.Index == column.Index))
        );
    }

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        if (!ReferenceEquals(input.Schema, InputSchema))
        {
            throw new ArgumentException(
                "input is a row of another schema; expected one of the mapper's",
                nameof(input)
            );
        }

        return new ScoredRow(input, this, activeColumns);
    }

    /// <summary>What computes the added columns of the row where a cursor stands: once a row, where it is asked.</summary>
    public Func<RowResult> Results(DataViewRow row)
    {
        var read = RowCells.Reader(row, settings.Inputs, inputs);
        var position = -1L;
        RowResult? result = null;
        return () =>
        {
            if (result is null || position != row.Position)
            {
                result = model.Score(read());
                position = row.Position;
            }

            return result;
        };
    }
}
