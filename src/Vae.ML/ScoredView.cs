using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML;

namespace VaeFunctional.ML;

/// <summary>A data view with the added columns.</summary>
internal sealed class ScoredView(IDataView input, RowMapper mapper) : IDataView
{
    public bool CanShuffle => input.CanShuffle;

    public DataViewSchema Schema => mapper.OutputSchema;

    public long? GetRowCount() => input.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        DataViewSchema.Column[] needed = [.. columnsNeeded];
        return Scored(input.GetRowCursor(mapper.GetDependencies(needed), rand), needed);
    }

    public DataViewRowCursor[] GetRowCursorSet(
        IEnumerable<DataViewSchema.Column> columnsNeeded,
        int n,
        Random? rand = null
    )
    {
        DataViewSchema.Column[] needed = [.. columnsNeeded];
        return
        [
            .. input.GetRowCursorSet(mapper.GetDependencies(needed), n, rand).Select(cursor => Scored(cursor, needed)),
        ];
    }

    private ScoredCursor Scored(DataViewRowCursor cursor, DataViewSchema.Column[] needed) =>
        new(cursor, mapper.GetRow(cursor, needed));
}
