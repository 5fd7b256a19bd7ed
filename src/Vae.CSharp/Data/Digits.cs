using System;

namespace VaeFunctional;

/// <summary>
/// Handwriting-like digits that the library draws itself, 28 x 28 grey levels as MNIST's, with their labels and true
/// factors: no download, and the same bytes on every machine.
/// </summary>
public static class Digits
{
    /// <summary>Digits of random classes and styles. Image i depends only on the seed and i.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The count is below 1, or above what one data set holds.</exception>
    public static DataSet Draw(int seed, int count) => Draw(Key.FromSeed(seed), count);

    /// <summary>Digits of random classes and styles. Image i depends only on the key and i.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The count is below 1, or above what one data set holds.</exception>
    public static DataSet Draw(Key key, int count)
    {
        CheckCount(count);
        return new(Core.Digits.draw(key.ToCore(), count));
    }

    /// <summary>Digits whose styles are drawn at random and then changed.</summary>
    /// <exception cref="ArgumentException">A changed style is out of range.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The count is below 1, or above what one data set holds.</exception>
    public static DataSet Draw(Func<DigitStyle, DigitStyle> change, Key key, int count)
    {
        ArgumentNullException.ThrowIfNull(change);
        CheckCount(count);
        Func<Core.DigitStyle, Core.DigitStyle> changed = style => change(new(style)).ToCore();
        return new(Core.Digits.drawWith(changed.ToCore(), key.ToCore(), count));
    }

    /// <summary>
    /// The 28 x 28 grey levels of one digit of a style in the hand of a key, row by row: 0 is paper, 255 is ink.
    /// </summary>
    /// <exception cref="ArgumentException">The style is out of range.</exception>
    public static byte[] Render(DigitStyle style, Key key)
    {
        ArgumentNullException.ThrowIfNull(style);
        return Core.Digits.render(style.ToCore(), key.ToCore());
    }

    /// <summary>Digits of one class, 0 to 9.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such digit, or the count is below 1 or above what one data set holds.</exception>
    public static DataSet DrawClass(int digit, Key key, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(digit);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(digit, 9);
        CheckCount(count);
        return new(Core.Digits.drawClass(digit, key.ToCore(), count));
    }

    private static void CheckCount(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Array.MaxLength / (28 * 28));
    }
}
