using System;
using System.Collections.Generic;
using System.Linq;

namespace VaeFunctional;

/// <summary>
/// The rows of a table, in a file or in memory, that are gone through as often as it takes, a part at a time: they need not fit in
/// memory. <c>var rows = TableRows.Open("sales.parquet");</c>
/// </summary>
public sealed class TableRows
{
    private TableRows(Tabular.TableRows value, IReadOnlyList<string>? notes = null)
    {
        Value = value;
        Schema = new(value.Schema);
        Notes = notes ?? [];
    }

    internal Tabular.TableRows Value { get; }

    /// <summary>What the table is called: its file's name without an ending.</summary>
    public string Name => Value.Name;

    /// <summary>How many rows there are.</summary>
    public int Rows => Value.Rows;

    /// <summary>The columns.</summary>
    public TableSchema Schema { get; }

    /// <summary>What each column was taken for, and why, where that was told by a look at its values.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>The rows of a file, of those that <see cref="Table.Read"/> reads.</summary>
    /// <param name="path">The file. It stays as it is while its rows are read.</param>
    /// <param name="schema">What the columns are; told by a look at all values where none is given (<see cref="Notes"/>).</param>
    /// <param name="format">How the file is written; told by its first line where none is given.</param>
    /// <exception cref="Tabular.TableException">
    /// The file is no table: the message names file, line, column and what was expected. Where a schema is given, a value that is none of
    /// its column is refused as it is read.
    /// </exception>
    public static TableRows Open(string path, TableSchema? schema = null, TableFormat? format = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        format ??= new();

        if (schema is not null)
        {
            return new(Tabular.TableRowsModule.ofFileBy(format.ToCore(), schema.Value, path));
        }

        var (rows, inferred) = Tabular.TableRowsModule.ofFileInferred(format.ToCore(), format.MissingToCore(), path);
        return new(rows, TableFormat.NotesOf(inferred));
    }

    /// <summary>The rows of a table in memory.</summary>
    public static TableRows Of(Table table)
    {
        ArgumentNullException.ThrowIfNull(table);
        return new(Tabular.TableRowsModule.ofTable(table.Value), table.Notes);
    }

    /// <summary>So many rows at even distances, in memory, and all where there are no more; with their numbers, from 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There would be none.</exception>
    /// <exception cref="Tabular.TableException">A value is none of its column, or the file has become another.</exception>
    public (IReadOnlyList<int> Numbers, Table Table) Thin(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var (numbers, table) = Tabular.TableRowsModule.thin(count, Value);
        return (numbers, new(table));
    }

    /// <summary>Its name, rows and columns.</summary>
    public override string ToString() => Value.ToString();
}
