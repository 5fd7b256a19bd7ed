using System;

namespace VaeFunctional;

/// <summary>What the bytes of a file of images stand for.</summary>
public enum PixelScale
{
    /// <summary>0 to 255, divided by 255.</summary>
    GreyLevels,

    /// <summary>0 and 1, as they are.</summary>
    ZeroOne,
}

internal static class PixelScales
{
    public static Core.PixelScale ToCore(this PixelScale scale) =>
        scale switch
        {
            PixelScale.GreyLevels => Core.PixelScale.GreyLevels,
            PixelScale.ZeroOne => Core.PixelScale.ZeroOne,
            _ => throw new ArgumentOutOfRangeException(nameof(scale), scale, $"there is no scale {scale}"),
        };
}
