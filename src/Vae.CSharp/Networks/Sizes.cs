using System;

namespace VaeFunctional;

/// <summary>Whole numbers that count something: widths, channels, sides, draws.</summary>
internal static class Sizes
{
    /// <summary>The shape of images, grey ones of 28x28 pixels where none is given.</summary>
    public static int[] Image(int[]? shape)
    {
        var given = shape ?? [1, 28, 28];
        CheckPositive(given, nameof(shape));
        return given;
    }

    public static void CheckPositive(int[] sizes, string argument)
    {
        ArgumentNullException.ThrowIfNull(sizes, argument);

        foreach (var size in sizes)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(size, 1, argument);
        }
    }

    public static void CheckPositive(long[] sizes, string argument)
    {
        ArgumentNullException.ThrowIfNull(sizes, argument);

        foreach (var size in sizes)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(size, 1, argument);
        }
    }
}
