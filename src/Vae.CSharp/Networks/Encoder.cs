using System;

namespace VaeFunctional;

/// <summary>Nets that end in a code, which a posterior's heads read.</summary>
public static class Encoder
{
    /// <summary>
    /// Convolutions 3x3 of stride 2 with the channels given (32 and 64 where none are), then a dense code, each with ReLU.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
    public static Net Convolutional(int[]? channels = null, int code = 16)
    {
        var counts = channels ?? [32, 64];
        Sizes.CheckPositive(counts, nameof(channels));
        ArgumentOutOfRangeException.ThrowIfLessThan(code, 1);
        return new(Core.Architectures.Net.convEncoder(counts.ToCoreList(), code));
    }

    /// <summary>
    /// For each of the channels given (32 and 64 where none are) a convolution 3x3 of stride 2 and a residual block
    /// x + conv(silu(norm(conv(silu(norm x))))) with group normalisation, then a dense code with SiLU.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
    /// <exception cref="ArgumentException">No channels are given.</exception>
    public static Net Residual(int[]? channels = null, int code = 64)
    {
        var counts = channels ?? [32, 64];
        Sizes.CheckPositive(counts, nameof(channels));
        ArgumentOutOfRangeException.ThrowIfLessThan(code, 1);
        return new(Core.Architectures.Net.residualEncoder(counts.ToCoreList(), code));
    }

    /// <summary>Dense layers of the widths given, each with ReLU, on the flattened data.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A width is below 1.</exception>
    public static Net Dense(params int[] widths)
    {
        Sizes.CheckPositive(widths, nameof(widths));
        return new(Core.Architectures.Net.denseEncoder(widths.ToCoreList()));
    }
}
