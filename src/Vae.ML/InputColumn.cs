using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace VaeFunctional.ML;

/// <summary>A column of a data view that a model is of.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsText">Whether its values are names of levels: texts and keys.</param>
/// <param name="Slots">The names of its values as columns of a table: a vector has several.</param>
internal sealed record InputColumn(string Name, bool IsText, IReadOnlyList<string> Slots)
{
    /// <summary>The column of a name, for a model to be made of.</summary>
    public static InputColumn Of(DataViewSchema schema, string name)
    {
        var column = Find(schema, name);
        return new(name, CellReaders.IsText(column.Type), NamesOfSlots(column));
    }

    /// <summary>The column of another schema that stands for this one. Refuses one of another type.</summary>
    public DataViewSchema.Column In(DataViewSchema schema)
    {
        var column = Find(schema, Name);

        if (CellReaders.IsText(column.Type) != IsText || Size(column.Type) != Slots.Count)
        {
            throw Refuse(Name, $"{column.Type}", $"{this}, as the model was trained on");
        }

        return column;
    }

    /// <summary>Its type in words.</summary>
    public override string ToString() =>
        IsText ? "text or key"
        : Slots.Count == 1 ? "a number or Boolean"
        : $"a vector of {Slots.Count} numbers";

    /// <summary>What a column of a data view is refused by.</summary>
    public static ArgumentException Refuse(string name, string found, string expected) =>
        new($"column '{name}' is {found}; expected {expected}");

    /// <summary>What a type has to be that can be read.</summary>
    public const string Readable =
        "a number, Boolean, text or key, or a vector of a known size of numbers or Booleans (ConvertType, Concatenate and OneHotEncoding make such)";

    private static DataViewSchema.Column Find(DataViewSchema schema, string name)
    {
        if (schema.GetColumnOrNull(name) is not { } column)
        {
            throw Absent(name, schema.Where(known => !known.IsHidden).Select(known => known.Name));
        }

        if (!CellReaders.CanRead(column.Type))
        {
            throw Refuse(name, $"{column.Type}", Readable);
        }

        return column;
    }

    /// <summary>What a name is refused by that no column has.</summary>
    public static ArgumentException Absent(string name, IEnumerable<string> known) =>
        Refuse(name, "not there", $"one of {string.Join(", ", known)}");

    private static int Size(DataViewType type) => type is VectorDataViewType vector ? vector.Size : 1;

    private static IReadOnlyList<string> NamesOfSlots(DataViewSchema.Column column)
    {
        if (column.Type is not VectorDataViewType vector)
        {
            return [column.Name];
        }

        var names = CellReaders.SlotNames(column);
        var isNamed =
            names.Length == vector.Size
            && names.All(name => !string.IsNullOrWhiteSpace(name))
            && names.Distinct().Count() == names.Length;
        return [.. Enumerable.Range(0, vector.Size).Select(i => $"{column.Name}.{(isNamed ? names[i] : i)}")];
    }
}
