using System;

namespace VaeFunctional;

/// <summary>Ranges of floating-point arguments; not a number is in none of them.</summary>
internal static class Numbers
{
    public static void CheckPositive(double value, string argument) =>
        Check(value > 0 && double.IsFinite(value), value, argument, "a positive finite number");

    public static void CheckNotNegative(double value, string argument) =>
        Check(value >= 0 && double.IsFinite(value), value, argument, "a finite number of at least 0");

    public static void CheckFinite(double value, string argument) =>
        Check(double.IsFinite(value), value, argument, "a finite number");

    public static void CheckShare(double value, string argument) =>
        Check(value is > 0 and <= 1, value, argument, "a number above 0 and at most 1");

    public static void CheckUnit(double value, string argument) =>
        Check(value is >= 0 and <= 1, value, argument, "a number from 0 to 1");

    public static void CheckFraction(double value, string argument) =>
        Check(value is >= 0 and < 1, value, argument, "a number in [0, 1)");

    public static void CheckInside(double value, string argument) =>
        Check(value is > 0 and < 1, value, argument, "a number strictly between 0 and 1");

    private static void Check(bool holds, double value, string argument, string expected)
    {
        if (!holds)
        {
            throw new ArgumentOutOfRangeException(
                argument,
                value,
                FormattableString.Invariant($"{argument} is {value:R}; expected {expected}")
            );
        }
    }
}
