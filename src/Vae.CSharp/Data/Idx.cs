using System;

namespace VaeFunctional;

/// <summary>Folders and files of MNIST's format, plain or gzip-compressed.</summary>
public static class Idx
{
    /// <summary>Whether a folder has training images under one of the accepted names.</summary>
    public static bool IsOne(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return Core.Idx.isOne(folder);
    }

    /// <summary>
    /// The train and test parts of the data set in a folder. What pixels stand for is one decision for the folder: 0 and 1
    /// where all of its training images' are, else grey levels; binarized MNIST's files are of 0 and 1.
    /// </summary>
    /// <exception cref="Core.DataFormatException">A file is missing or is not what it must be.</exception>
    public static (DataSet Train, DataSet Test) Load(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var (train, test) = Core.Idx.load(folder);
        return (new(train), new(test));
    }

    /// <summary>The train and test parts of the data set in a folder, of pixels that stand for what is stated.</summary>
    /// <exception cref="Core.DataFormatException">A file is missing or is not what it must be.</exception>
    public static (DataSet Train, DataSet Test) Load(string folder, PixelScale scale)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var (train, test) = Core.Idx.loadAs(scale.ToCore(), folder);
        return (new(train), new(test));
    }

    /// <summary>
    /// One part of the data set in a folder; what its pixels stand for is decided as <see cref="Load(string)"/> says.
    /// </summary>
    /// <exception cref="Core.DataFormatException">A file is missing or is not what it must be.</exception>
    public static DataSet LoadPart(string folder, DataPart part)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return new(Core.Idx.loadSplit(Split(part), folder));
    }

    /// <summary>One part of the data set in a folder, of pixels that stand for what is stated.</summary>
    /// <exception cref="Core.DataFormatException">A file is missing or is not what it must be.</exception>
    public static DataSet LoadPart(string folder, DataPart part, PixelScale scale)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return new(Core.Idx.loadSplitAs(scale.ToCore(), Split(part), folder));
    }

    /// <summary>
    /// Images of shape [1, rows, columns] without labels, called after the file: grey levels, where nothing else is stated.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="scale">What its bytes stand for.</param>
    /// <exception cref="Core.DataFormatException">The file is missing or is not what it must be.</exception>
    public static DataSet ReadImages(string path, PixelScale scale = PixelScale.GreyLevels)
    {
        ArgumentNullException.ThrowIfNull(path);
        return new(Core.Idx.readImagesAs(scale.ToCore(), path));
    }

    /// <summary>Labels, 0 to 255.</summary>
    /// <exception cref="Core.DataFormatException">The file is missing or is not what it must be.</exception>
    public static int[] ReadLabels(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return Core.Idx.readLabels(path);
    }

    /// <summary>Writes images of one channel that are stored as bytes, compressed where the path ends in .gz.</summary>
    /// <exception cref="ArgumentException">The items are of another shape, or stored as floats.</exception>
    public static void WriteImages(string path, DataSet data)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(data);
        Core.Idx.writeImages(path, data.Value);
    }

    /// <summary>Writes labels, 0 to 255, compressed where the path ends in .gz.</summary>
    /// <exception cref="ArgumentException">A label is out of range.</exception>
    public static void WriteLabels(string path, params int[] labels)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(labels);
        Core.Idx.writeLabels(path, labels);
    }

    private static Core.Split Split(DataPart part) =>
        part switch
        {
            DataPart.Train => Core.Split.Train,
            DataPart.Validation => Core.Split.Validation,
            DataPart.Test => Core.Split.Test,
            _ => throw new ArgumentOutOfRangeException(nameof(part), part, $"there is no part {part}"),
        };
}
