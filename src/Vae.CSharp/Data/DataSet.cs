using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;

namespace VaeFunctional;

/// <summary>
/// An immutable set of items of one shape, with their labels and true factors where these are known. Parts share the memory
/// of the whole and keep its name.
/// </summary>
public sealed class DataSet
{
    private readonly Lazy<IReadOnlyList<int>> labels;
    private readonly Lazy<IReadOnlyList<double[]>> factors;

    internal DataSet(Core.Data value)
    {
        Value = value;
        labels = new(() => Array.AsReadOnly(value.Labels));
        factors = new(() => Array.AsReadOnly(value.Factors));
    }

    internal Core.Data Value { get; }

    /// <summary>
    /// Values in [0, 1] stored as bytes, item by item, each the byte divided by the scale: 255 for grey levels, 1 for pixels
    /// of 0 and 1.
    /// </summary>
    /// <param name="name">What the set is called.</param>
    /// <param name="itemShape">The shape of one item, such as [1, 28, 28].</param>
    /// <param name="bytes">All items, one after the other.</param>
    /// <param name="scale">What a byte is divided by.</param>
    /// <param name="labels">One for each item, or null.</param>
    /// <exception cref="ArgumentException">The bytes are not whole items, or the labels not one for each.</exception>
    public static DataSet FromBytes(
        string name,
        long[] itemShape,
        byte[] bytes,
        double scale = 255,
        int[]? labels = null
    )
    {
        ArgumentNullException.ThrowIfNull(itemShape);
        ArgumentNullException.ThrowIfNull(bytes);
        Numbers.CheckPositive(scale, nameof(scale));
        CheckWhole(itemShape, bytes.Length, nameof(bytes));
        return new(Core.DataModule.ofBytes(name, itemShape, scale, labels ?? [], bytes));
    }

    /// <summary>Any finite values, item by item.</summary>
    /// <param name="name">What the set is called.</param>
    /// <param name="itemShape">The shape of one item, such as [1, 28, 28].</param>
    /// <param name="values">All items, one after the other.</param>
    /// <param name="labels">One for each item, or null.</param>
    /// <exception cref="ArgumentException">The values are not whole items, or the labels not one for each.</exception>
    public static DataSet FromValues(string name, long[] itemShape, float[] values, int[]? labels = null)
    {
        ArgumentNullException.ThrowIfNull(itemShape);
        ArgumentNullException.ThrowIfNull(values);
        CheckWhole(itemShape, values.Length, nameof(values));
        return new(Core.DataModule.ofFloats(name, itemShape, labels ?? [], values));
    }

    /// <summary>Values of which some are missing, item by item: those that are NaN.</summary>
    /// <param name="name">What the set is called.</param>
    /// <param name="itemShape">The shape of one item, such as [12] of a row of 12 columns.</param>
    /// <param name="values">All items, one after the other: finite, or NaN where they are missing.</param>
    /// <param name="labels">One for each item, or null.</param>
    /// <exception cref="ArgumentException">
    /// The values are not whole items, or one is infinite, or the labels not one for each.
    /// </exception>
    public static DataSet FromIncomplete(string name, long[] itemShape, float[] values, int[]? labels = null)
    {
        ArgumentNullException.ThrowIfNull(itemShape);
        ArgumentNullException.ThrowIfNull(values);
        CheckWhole(itemShape, values.Length, nameof(values));
        return new(Core.DataModule.ofIncomplete(name, itemShape, labels ?? [], values));
    }

    /// <summary>Whether no value is missing.</summary>
    public bool IsComplete => Core.DataModule.isComplete(Value);

    /// <summary>What the set is called: a word fit for a file name.</summary>
    public string Name => Value.Name;

    /// <summary>The number of items, at least 1.</summary>
    public int Count => Value.Count;

    /// <summary>The shape of one item, such as [1, 28, 28]: channels, rows, columns.</summary>
    public long[] ItemShape => Value.ItemShape;

    /// <summary>
    /// What a stored byte is divided by: 255 for grey levels, 1 for pixels of 0 and 1, and 1 for values stored as they are.
    /// </summary>
    public double Scale => Value.Scale;

    /// <summary>Whether every value is 0 or 1: what a Bernoulli likelihood takes.</summary>
    public bool IsBinary => Core.DataModule.isBinary(Value);

    /// <summary>The label of each item, -1 where it is not known; empty where none is.</summary>
    public IReadOnlyList<int> Labels => labels.Value;

    /// <summary>The names of the factors the items were made from; empty where they are not known.</summary>
    public IReadOnlyList<string> FactorNames => Array.AsReadOnly(Value.FactorNames);

    /// <summary>The true factors, one row for each item in the order of the names; empty where they are not known.</summary>
    public IReadOnlyList<double[]> Factors => factors.Value;

    /// <summary>The values of one item, row by row; NaN where they are missing.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such item.</exception>
    public float[] this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
            return Core.DataModule.item(index, Value);
        }
    }

    /// <summary>The true values of one factor, one for each item.</summary>
    /// <exception cref="ArgumentException">There is no such factor.</exception>
    public double[] Factor(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Core.DataModule.factor(name, Value);
    }

    /// <summary>The first part, of this fraction of the items rounded to a whole number, and the rest. The order is kept.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The fraction is not between 0 and 1.</exception>
    /// <exception cref="ArgumentException">The fraction leaves one part empty.</exception>
    public (DataSet First, DataSet Second) Split(double fraction)
    {
        Numbers.CheckInside(fraction, nameof(fraction));
        var (first, second) = Core.DataModule.split(fraction, Value);
        return (new(first), new(second));
    }

    /// <summary>The first items.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The count is not between 1 and the number of items.</exception>
    public DataSet Take(int count) => Slice(0, count);

    /// <summary>The items of these numbers, in their order: each as often as it is there. They are copied.</summary>
    /// <exception cref="ArgumentException">There are none, or there is no such item.</exception>
    public DataSet Pick(params IReadOnlyList<int> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        return new(Core.DataModule.pick([.. items], Value));
    }

    /// <summary>The items in a random order, every one equally likely.</summary>
    public DataSet Shuffle(int seed) => new(Core.DataModule.shuffle(Key.FromSeed(seed).ToCore(), Value));

    /// <summary>
    /// So many items at even distances, in their order, and all where there are no more: a part that is like the whole, whatever
    /// order it is in.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">There would be none.</exception>
    public DataSet Thin(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return new(Core.DataModule.thin(count, Value));
    }

    /// <summary>Items from one on.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are not as many.</exception>
    public DataSet Slice(int start, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(start, Count);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Count - start);
        return new(Core.DataModule.slice(start, count, Value));
    }

    /// <summary>
    /// This set and then another of items of the same shape. Labels and factors are kept where both have them.
    /// </summary>
    /// <exception cref="ArgumentException">The items are of another shape.</exception>
    public DataSet Append(DataSet other)
    {
        ArgumentNullException.ThrowIfNull(other);
        CheckShape(other);
        return new(Core.DataModule.append(Value, other.Value));
    }

    /// <summary>
    /// The set with every value multiplied by a factor: <c>ScaleBy(1.0 / 255)</c> brings grey levels from 0 to 255 into [0, 1].
    /// </summary>
    /// <exception cref="ArgumentException">The factor is 0 or not finite, or a value becomes infinite.</exception>
    public DataSet ScaleBy(double factor) => new(Core.DataModule.scaleBy(factor, Value));

    /// <summary>
    /// The set with a number added to every value: <c>ShiftBy(1).ScaleBy(0.5)</c> brings values from -1 to 1 into [0, 1].
    /// </summary>
    /// <exception cref="ArgumentException">The offset is not finite, or a value becomes infinite.</exception>
    public DataSet ShiftBy(double offset) => new(Core.DataModule.shiftBy(offset, Value));

    /// <summary>The set under another name.</summary>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public DataSet WithName(string name) => new(Core.DataModule.rename(name, Value));

    /// <summary>The set with these labels: one for each item, at least 0, or -1 where it is not known; or none.</summary>
    /// <exception cref="ArgumentException">There are as many neither as items nor as none, or one is below -1.</exception>
    public DataSet WithLabels(params int[] labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        return new(Core.DataModule.withLabels(labels, Value));
    }

    /// <summary>The set without its labels.</summary>
    public DataSet WithoutLabels() => new(Core.DataModule.withoutLabels(Value));

    /// <summary>
    /// The set in which the labels of all but so many items are not known: of each class as many as of another, or one more.
    /// </summary>
    /// <param name="known">How many labels stay.</param>
    /// <param name="seed">Which they are is a function of it.</param>
    /// <exception cref="ArgumentException">There are no labels, or fewer items of a class than labels that stay.</exception>
    public DataSet HideLabels(int known, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(known);
        return new(Core.DataModule.hideLabels(known, Key.FromSeed(seed).ToCore(), Value));
    }

    /// <summary>
    /// The set in which each value is missing with a probability, whatever it and the others are: what there was is known, and
    /// imputations can be compared with it.
    /// </summary>
    /// <param name="probability">At least 0 and less than 1.</param>
    /// <param name="seed">Which values are missing is a function of it.</param>
    /// <exception cref="ArgumentException">The probability is none, or 1.</exception>
    public DataSet Remove(double probability, int seed) =>
        new(Core.DataModule.remove(probability, Key.FromSeed(seed).ToCore(), Value));

    /// <summary>The set with the true factors its items were made from: a row for each item, a column for each name.</summary>
    /// <exception cref="ArgumentException">Names, rows and items do not count alike, or a name comes twice.</exception>
    public DataSet WithFactors(string[] names, double[][] rows)
    {
        ArgumentNullException.ThrowIfNull(names);
        ArgumentNullException.ThrowIfNull(rows);
        return new(Core.DataModule.withFactors(names, rows, Value));
    }

    /// <summary>All items as a tensor of 32-bit numbers, [Count, item shape...].</summary>
    public Tensor ToTensor() => Core.DataModule.tensor(Core.PlacementModule.float32, Value);

    /// <summary>The SHA-256 of the stored values, the item shape and the labels, in lower-case hexadecimal.</summary>
    public string Hash() => Core.DataModule.hash(Value);

    /// <summary>The name, the number of items and their shape.</summary>
    public override string ToString() => Value.ToString();

    private static void CheckWhole(long[] itemShape, int length, string argument)
    {
        var size = itemShape.Aggregate(BigInteger.One, (product, n) => product * BigInteger.Max(n, 1));

        if (length == 0 || length % size != 0)
        {
            throw new ArgumentException(
                $"{argument} holds {length} values; expected those of whole items of {size}, at least one",
                argument
            );
        }
    }

    private void CheckShape(DataSet other)
    {
        if (!((ReadOnlySpan<long>)other.ItemShape).SequenceEqual(ItemShape))
        {
            throw new ArgumentException(
                $"other is {other}; expected items of the shape of {this}, as they follow those",
                nameof(other)
            );
        }
    }
}
