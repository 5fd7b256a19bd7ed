using System;
using System.Collections.Generic;
using System.Linq;

namespace VaeFunctional;

/// <summary>The columns of a table in their order, and the texts that stand for missing values.</summary>
public sealed class TableSchema
{
    internal TableSchema(Tabular.Schema value)
    {
        Value = value;
        Columns = new ValueList<TableColumn>([.. value.Columns.Select(TableColumn.Of)]);
        Missing = new ValueList<string>([.. value.Missing]);
    }

    internal Tabular.Schema Value { get; }

    /// <summary>The columns.</summary>
    public IReadOnlyList<TableColumn> Columns { get; }

    /// <summary>Texts that say that a value is missing, beside none at all.</summary>
    public IReadOnlyList<string> Missing { get; }

    /// <summary>A schema of columns.</summary>
    /// <param name="columns">At least one, by names that differ.</param>
    /// <param name="missing">Texts that say that a value is missing; NA, NaN, null and the like where none are given.</param>
    /// <exception cref="ArgumentException">There is no column, a name or a level is there twice, or levels are too few.</exception>
    public static TableSchema Of(IEnumerable<TableColumn> columns, IEnumerable<string>? missing = null)
    {
        ArgumentNullException.ThrowIfNull(columns);
        var schema = Tabular.SchemaModule.create(columns.Select(column => column.ToCore()).ToCoreList());
        return new(missing is null ? schema : Tabular.SchemaModule.withMissing(missing.ToCoreList(), schema));
    }

    /// <summary>The schema of a file that <see cref="Write"/> wrote, or a run's <c>schema.json</c>.</summary>
    /// <exception cref="Core.StorageException">The file is no schema: the message names the place.</exception>
    public static TableSchema Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new(Tabular.SchemaJson.read(path));
    }

    /// <summary>Writes the schema into a file that people can read and edit.</summary>
    public void Write(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Tabular.SchemaJson.write(path, Value);
    }

    /// <summary>The schema with another column in the place of the one of its name.</summary>
    /// <exception cref="ArgumentException">There is no column of the name: the message has those there are.</exception>
    public TableSchema With(TableColumn column)
    {
        ArgumentNullException.ThrowIfNull(column);

        if (Columns.All(known => known.Name != column.Name))
        {
            throw new ArgumentException(
                $"column is '{column.Name}'; expected one of {string.Join(", ", Columns.Select(known => known.Name))}",
                nameof(column)
            );
        }

        return Of(Columns.Select(known => known.Name == column.Name ? column : known), Missing);
    }

    /// <summary>A line for each column.</summary>
    public override string ToString() => Value.ToString();
}
