using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace VaeFunctional.ML;

/// <summary>A row with the added columns.</summary>
internal sealed class ScoredRow : DataViewRow
{
    private readonly DataViewRow input;
    private readonly HashSet<int> active;
    private readonly Func<RowResult> result;

    public ScoredRow(DataViewRow input, RowMapper mapper, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        this.input = input;
        Schema = mapper.OutputSchema;
        active = [.. activeColumns.Select(column => column.Index)];
        result = active.Any(IsAdded)
            ? mapper.Results(input)
            : () => throw new InvalidOperationException("no added column is active");
    }

    public override DataViewSchema Schema { get; }

    public override long Position => input.Position;

    public override long Batch => input.Batch;

    public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) =>
        IsAdded(column.Index) ? active.Contains(column.Index) : input.IsColumnActive(input.Schema[column.Index]);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (!IsAdded(column.Index))
        {
            return input.GetGetter<TValue>(input.Schema[column.Index]);
        }

        if (!active.Contains(column.Index))
        {
            throw new InvalidOperationException($"column '{column.Name}' is not active");
        }

        return Getter(column) as ValueGetter<TValue>
            ?? throw new InvalidOperationException(
                $"column '{column.Name}' is asked for as {typeof(TValue)}; expected {column.Type.RawType}"
            );
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            input.Dispose();
        }
    }

    private bool IsAdded(int index) => index >= input.Schema.Count;

    /// <summary>The getter of an added column, by its place among these, which is that of <see cref="OutputColumns.After"/>.</summary>
    private Delegate Getter(DataViewSchema.Column column) =>
        (column.Index - input.Schema.Count) switch
        {
            0 => Vector(row => row.Latent),
            1 => (ValueGetter<float>)((ref float score) => score = result().Score),
            2 => (ValueGetter<bool>)((ref bool label) => label = result().PredictedLabel),
            _ => Vector(row => row.Reconstruction),
        };

    private ValueGetter<VBuffer<float>> Vector(Func<RowResult, float[]> of) =>
        (ref VBuffer<float> values) =>
        {
            var from = of(result());
            var editor = VBufferEditor.Create(ref values, from.Length);
            from.CopyTo(editor.Values);
            values = editor.Commit();
        };
}
