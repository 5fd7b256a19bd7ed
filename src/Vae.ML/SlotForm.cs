using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace VaeFunctional.ML;

/// <summary>How a slot of the input is reconstructed: the names of its numbers, and what makes them of what a model expects.</summary>
/// <param name="Names">One number's name for most: of levels without an order there is one for each level.</param>
/// <param name="Values">Of the slot's cell and of what the model expects, the numbers.</param>
internal sealed record SlotForm(IReadOnlyList<string> Names, Func<Cell, float[], float[]> Values)
{
    /// <summary>The form of a slot, by the column that a model is of; null where no model is of it.</summary>
    public static SlotForm Of(string slot, bool isText, Tabular.Column? column)
    {
        if (column is null)
        {
            // A number that the model says nothing of stays as it is; a text is no number.
            return isText ? new([], (_, _) => []) : new([slot], (cell, _) => [(float)cell.Number]);
        }

        string[] levels = [.. Tabular.ColumnModule.levels(column)];
        return column.Kind switch
        {
            Tabular.ColumnKind.Category => new(
                [.. levels.Append("other").Select(level => $"{slot}.{level}")],
                (_, expected) => expected
            ),
            Tabular.ColumnKind.Binary when isText => new([$"{slot}.{levels[1]}"], (_, expected) => expected),
            Tabular.ColumnKind.Binary => new([slot], Between(Number(levels[0]), Number(levels[1]))),
            _ => new([slot], (_, expected) => expected),
        };
    }

    /// <summary>The mean of two numbers, by the probability of the second.</summary>
    private static Func<Cell, float[], float[]> Between(float first, float second) =>
        (_, expected) => [first + expected[0] * (second - first)];

    private static float Number(string level) => float.Parse(level, CultureInfo.InvariantCulture);
}
