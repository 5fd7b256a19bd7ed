namespace VaeFunctional.ML;

/// <summary>A value of a row: a text, or a number where that is null. It is missing where the text is empty or the number NaN.</summary>
internal readonly record struct Cell(double Number, string? Text)
{
    public static Cell Of(double number) => new(number, null);

    public static Cell Of(string text) => new(double.NaN, text);
}
