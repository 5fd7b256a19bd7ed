using System;

namespace VaeFunctional;

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

    /// <summary>
    /// The mirror image of <see cref="Encoder.Residual"/>: a dense layer onto an image of the first number of channels; for each
    /// of them a residual block and a transposed convolution 3x3 of stride 2 onto the next; then a convolution onto the data's
    /// own channels.
    /// </summary>
    /// <param name="channels">64 and 32 where none are given.</param>
    /// <param name="shape">Of the data, [channels, height, width]: grey images of 28x28 pixels where none is given.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
    /// <exception cref="ArgumentException">The layers cannot make the height and width, or no channels are given.</exception>
    public static Net Residual(int[]? channels = null, int[]? shape = null)
    {
        var counts = channels ?? [64, 32];
        Sizes.CheckPositive(counts, nameof(channels));
        return new(Core.Architectures.Net.residualDecoderTo(Sizes.Image(shape).ToCoreList(), counts.ToCoreList()));
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
