namespace VaeFunctional;

/// <summary>What one drawn digit is like: its true factors.</summary>
/// <param name="Class">The digit, 0 to 9.</param>
/// <param name="Variant">The way it is written, 0 to 2.</param>
/// <param name="Slant">The lean to the right: columns per row.</param>
/// <param name="Width">The width of the pen in pixels.</param>
/// <param name="Rotation">The sine of the angle of rotation, clockwise.</param>
/// <param name="Scale">The size: at 1 a digit is 20 pixels tall with a pen 3 pixels wide.</param>
/// <param name="Aspect">What the width of the digit is multiplied by.</param>
/// <param name="ShiftX">Pixels to the right of the middle.</param>
/// <param name="ShiftY">Pixels below the middle.</param>
public sealed record DigitStyle(
    int Class,
    int Variant,
    double Slant,
    double Width,
    double Rotation,
    double Scale,
    double Aspect,
    double ShiftX,
    double ShiftY
)
{
    internal DigitStyle(Core.DigitStyle style)
        : this(
            style.Class,
            style.Variant,
            style.Slant,
            style.Width,
            style.Rotation,
            style.Scale,
            style.Aspect,
            style.ShiftX,
            style.ShiftY
        ) { }

    internal Core.DigitStyle ToCore() => new(Class, Variant, Slant, Width, Rotation, Scale, Aspect, ShiftX, ShiftY);

    /// <summary>A style at random, every factor independent of the others.</summary>
    public static DigitStyle Draw(Key key) => new(Core.Digits.style(key.ToCore()));
}
