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

    /// <summary>Dense layers of the widths given, each with ReLU, on the flattened data.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A width is below 1.</exception>
    public static Net Dense(params int[] widths)
    {
        Sizes.CheckPositive(widths, nameof(widths));
        return new(Core.Architectures.Net.denseEncoder(widths.ToCoreList()));
    }
}

/// <summary>Nets that end in the shape of the data.</summary>
public static class Decoder
{
    /// <summary>
    /// The mirror image of <see cref="Encoder.Convolutional"/>: a dense layer onto an image of the first number of channels,
    /// then transposed convolutions 3x3 of stride 2 with ReLU, and one of stride 1 onto the data's own channels.
    /// </summary>
    /// <param name="channels">64 and 32 where none are given.</param>
    /// <param name="shape">Of the data, [channels, height, width]: grey images of 28x28 pixels where none is given.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
    /// <exception cref="ArgumentException">The layers cannot make the height and width, or no channels are given.</exception>
    public static Net Convolutional(int[]? channels = null, int[]? shape = null)
    {
        var counts = channels ?? [64, 32];
        Sizes.CheckPositive(counts, nameof(channels));
        return new(Core.Architectures.Net.convDecoderTo(Sizes.Image(shape).ToCoreList(), counts.ToCoreList()));
    }

    /// <summary>Dense layers of the widths given, each with ReLU, then one onto grey images of 28x28 pixels.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A width is below 1.</exception>
    public static Net Dense(params int[] widths) => Dense(widths, Sizes.Image(null));

    /// <summary>Dense layers of the widths given, each with ReLU, then one onto data of a shape.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
    public static Net Dense(int[] widths, int[] shape)
    {
        Sizes.CheckPositive(widths, nameof(widths));
        Sizes.CheckPositive(shape, nameof(shape));
        return new(Core.Architectures.Net.denseDecoderTo(shape.ToCoreList(), widths.ToCoreList()));
    }
}

internal static class Sizes
{
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
}
