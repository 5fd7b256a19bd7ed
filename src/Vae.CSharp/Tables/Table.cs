using System;
using System.Collections.Generic;
using System.Linq;

namespace VaeFunctional;

/// <summary>
/// An immutable table in memory: rows of the columns that its schema tells.
/// <c>var table = Table.Read("penguins.csv");</c>
/// </summary>
public sealed class Table
{
    internal Table(Tabular.Table value, IReadOnlyList<string>? notes = null)
    {
        Value = value;
        Schema = new(value.Schema);
        Notes = notes ?? [];
    }

    internal Tabular.Table Value { get; }

    /// <summary>What the table is called: its file's name without an ending.</summary>
    public string Name => Value.Name;

    /// <summary>How many rows there are.</summary>
    public int Rows => Value.Rows;

    /// <summary>The columns.</summary>
    public TableSchema Schema { get; }

    /// <summary>What each column was taken for, and why, where that was told by a look at its values.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>
    /// The table of a file: a line of names, then a line a row, its cells between commas, semicolons, tabs or bars (RFC 4180), in
    /// UTF-8, plain or as <c>.gz</c>. Or a file of Apache Parquet, <c>.parquet</c>, or of Apache Arrow, <c>.arrow</c>, <c>.feather</c> or
    /// <c>.ipc</c>, whose columns are numbers, truths, texts, dates and timestamps. Or an array of NumPy, <c>.npy</c>, or an archive of one, <c>.npz</c>, whose columns are x0, x1 and so on.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="schema">What the columns are; told by a look at all values where none is given (<see cref="Notes"/>).</param>
    /// <param name="format">How the file is written; told by its first line where none is given.</param>
    /// <exception cref="Tabular.TableException">
    /// The file is no table, or a value is none of its column: the message names file, line, column and what was expected.
    /// </exception>
    public static Table Read(string path, TableSchema? schema = null, TableFormat? format = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);

        format ??= new();

        if (schema is not null)
        {
            return new(Tabular.TableModule.loadBy(format.ToCore(), schema.Value, path));
        }

        var (table, inferred) = Tabular.TableModule.loadInferred(format.ToCore(), format.MissingToCore(), path);
        return new(table, TableFormat.NotesOf(inferred));
    }

    /// <summary>A table of numbers, row by row, NaN where one is missing; every column is real.</summary>
    /// <exception cref="ArgumentException">There are no rows, one has another length, or a number is infinite.</exception>
    public static Table Of(string name, IEnumerable<string> columns, IEnumerable<double[]> rows)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(rows);
        return new(Tabular.TableModule.ofRows(name, columns.ToCoreList(), [.. rows]));
    }

    /// <summary>A table of numbers, rows by columns, NaN where one is missing; every column is real.</summary>
    /// <exception cref="ArgumentException">There are no rows, names are not as many as columns, or a number is infinite.</exception>
    public static Table Of(string name, IEnumerable<string> columns, double[,] rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var width = rows.GetLength(1);
        return Of(
            name,
            columns,
            Enumerable
                .Range(0, rows.GetLength(0))
                .Select(i => Enumerable.Range(0, width).Select(j => rows[i, j]).ToArray())
        );
    }

    /// <summary>
    /// A table of values of a program, a row each: a column for each of the type's public properties, in the order of their declaration.
    /// <code>
    /// record Tree(double Height, int Rings, Kind Kind, DateOnly? Felled);
    /// var table = Table.FromRecords(trees);
    /// </code>
    /// Properties are numbers, <see cref="bool"/>, enumerations, <see cref="string"/>, <see cref="DateTime"/>, <see cref="DateOnly"/> and
    /// <see cref="DateTimeOffset"/>, which is its moment in UTC; what is null is missing.
    /// </summary>
    /// <param name="records">At least one.</param>
    /// <param name="schema">What the columns are; told by a look at all values where none is given (<see cref="Notes"/>).</param>
    /// <exception cref="ArgumentException">There is no record, or a property is of another type: the message names it.</exception>
    /// <exception cref="Tabular.TableException">A column cannot be told, or a value is none of its column.</exception>
    public static Table FromRecords<T>(IEnumerable<T> records, TableSchema? schema = null)
    {
        ArgumentNullException.ThrowIfNull(records);

        if (schema is not null)
        {
            return new(Tabular.TableModule.ofRecordsBy(schema.Value, records));
        }

        var (table, inferred) = Tabular.TableModule.ofRecordsInferred(Tabular.SchemaModule.missingTexts, records);
        return new(table, TableFormat.NotesOf(inferred));
    }

    /// <summary>The values of a column as text, empty where they are missing.</summary>
    /// <exception cref="ArgumentException">There is no column of the name.</exception>
    public string[] Texts(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Tabular.TableModule.texts(name, Value);
    }

    /// <summary>
    /// The numbers of a modelled column: NaN where one is missing, levels by their place from 0, dates in days since the beginning
    /// of 2000.
    /// </summary>
    /// <exception cref="ArgumentException">There is no column of the name, or no model is of it.</exception>
    public double[] Numbers(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Tabular.TableModule.numbers(name, Value);
    }

    /// <summary>How many values of a modelled column are missing.</summary>
    /// <exception cref="ArgumentException">There is no column of the name, or no model is of it.</exception>
    public int Missing(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Tabular.TableModule.missing(name, Value);
    }

    /// <summary>How many values of a category are none of its levels.</summary>
    /// <exception cref="ArgumentException">There is no column of the name.</exception>
    public int Others(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Tabular.TableModule.others(name, Value);
    }

    /// <summary>The rows of these numbers, from 0, in their order: each as often as it is there.</summary>
    /// <exception cref="ArgumentException">There are none, or there is no such row.</exception>
    public Table Pick(params IReadOnlyList<int> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return new(Tabular.TableModule.pick([.. rows], Value));
    }

    /// <summary>Writes the table as comma-separated values, its missing values as empty cells.</summary>
    public void Write(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Tabular.TableFile.write(path, Value);
    }

    /// <summary>Its name, rows and columns.</summary>
    public override string ToString() => Value.ToString();
}
