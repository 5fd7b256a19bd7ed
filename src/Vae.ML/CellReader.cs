using System;
using System.Globalization;
using System.Linq;
using System.Numerics;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace VaeFunctional.ML;

/// <summary>Fills cells with the values that a column has in the row where its cursor stands.</summary>
internal delegate void CellReader(Span<Cell> cells);

/// <summary>Readers of columns of every type that a model can be of.</summary>
internal static class CellReaders
{
    /// <summary>Whether values of a type can be read: numbers, truth values, texts and keys, and vectors of the first two.</summary>
    public static bool CanRead(DataViewType type) =>
        type switch
        {
            VectorDataViewType vector => vector.IsKnownSize
                && vector.ItemType is NumberDataViewType or BooleanDataViewType,
            _ => type is NumberDataViewType or BooleanDataViewType or TextDataViewType or KeyDataViewType,
        };

    /// <summary>Whether values of a type are names of levels.</summary>
    public static bool IsText(DataViewType type) => type is TextDataViewType or KeyDataViewType;

    /// <summary>The reader of a column, one that can be read, in a row.</summary>
    public static CellReader Of(DataViewRow row, DataViewSchema.Column column) =>
        column.Type switch
        {
            TextDataViewType => Values<ReadOnlyMemory<char>>(row, column, text => Cell.Of(text.ToString())),
            KeyDataViewType key => Numbers(row, column, key.RawType, Names(column)),
            BooleanDataViewType or VectorDataViewType { ItemType: BooleanDataViewType } => Values<bool>(
                row,
                column,
                flag => Cell.Of(flag ? 1 : 0)
            ),
            VectorDataViewType vector => Numbers(row, column, vector.ItemType.RawType, Cell.Of),
            var number => Numbers(row, column, number.RawType, Cell.Of),
        };

    private static CellReader Numbers(
        DataViewRow row,
        DataViewSchema.Column column,
        Type type,
        Func<double, Cell> cell
    ) =>
        Type.GetTypeCode(type) switch
        {
            TypeCode.Single => Numbers<float>(row, column, cell),
            TypeCode.Double => Numbers<double>(row, column, cell),
            TypeCode.SByte => Numbers<sbyte>(row, column, cell),
            TypeCode.Int16 => Numbers<short>(row, column, cell),
            TypeCode.Int32 => Numbers<int>(row, column, cell),
            TypeCode.Int64 => Numbers<long>(row, column, cell),
            TypeCode.Byte => Numbers<byte>(row, column, cell),
            TypeCode.UInt16 => Numbers<ushort>(row, column, cell),
            TypeCode.UInt32 => Numbers<uint>(row, column, cell),
            TypeCode.UInt64 => Numbers<ulong>(row, column, cell),
            _ => throw new InvalidOperationException($"column '{column.Name}' has no numbers"),
        };

    private static CellReader Numbers<T>(DataViewRow row, DataViewSchema.Column column, Func<double, Cell> cell)
        where T : INumberBase<T> => Values<T>(row, column, value => cell(double.CreateChecked(value)));

    private static CellReader Values<T>(DataViewRow row, DataViewSchema.Column column, Func<T, Cell> cell)
    {
        if (column.Type is not VectorDataViewType)
        {
            var one = row.GetGetter<T>(column);
            T value = default!;
            return cells =>
            {
                one(ref value);
                cells[0] = cell(value);
            };
        }

        var many = row.GetGetter<VBuffer<T>>(column);
        VBuffer<T> values = default;
        return cells =>
        {
            many(ref values);
            var i = 0;

            foreach (var value in values.DenseValues())
            {
                cells[i++] = cell(value);
            }
        };
    }

    /// <summary>What a key's number from 1 stands for, where that is a text, and else the number; 0 is missing.</summary>
    private static Func<double, Cell> Names(DataViewSchema.Column column)
    {
        var names = Annotated(column, AnnotationKinds.KeyValues);
        return key =>
            key == 0 ? Cell.Of("")
            : key <= names.Length ? Cell.Of(names[(int)key - 1])
            : Cell.Of(key.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>The names of a vector's slots; none where it has none.</summary>
    public static string[] SlotNames(DataViewSchema.Column column) => Annotated(column, AnnotationKinds.SlotNames);

    private static string[] Annotated(DataViewSchema.Column column, string kind)
    {
        if (
            column.Annotations.Schema.GetColumnOrNull(kind)?.Type
            is not VectorDataViewType { ItemType: TextDataViewType }
        )
        {
            return [];
        }

        VBuffer<ReadOnlyMemory<char>> names = default;
        column.Annotations.GetValue(kind, ref names);
        return [.. names.DenseValues().Select(name => name.ToString())];
    }
}
