using System;

namespace VaeFunctional;

/// <summary>Folders and files of MNIST's format, plain or gzip-compressed.</summary>
public static class Idx
{
    /// <summary>The train and test parts of the data set in a folder.</summary>
    /// <exception cref="Core.DataFormatException">A file is missing or is not what it must be.</exception>
    public static (DataSet Train, DataSet Test) Load(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var (train, test) = Core.Idx.load(folder);
        return (new(train), new(test));
    }

    /// <summary>One part of the data set in a folder.</summary>
    /// <exception cref="Core.DataFormatException">A file is missing or is not what it must be.</exception>
    public static DataSet LoadPart(string folder, DataPart part)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var split = part switch
        {
            DataPart.Train => Core.Split.Train,
            DataPart.Validation => Core.Split.Validation,
            DataPart.Test => Core.Split.Test,
            _ => throw new ArgumentOutOfRangeException(nameof(part), part, $"there is no part {part}"),
        };
        return new(Core.Idx.loadSplit(split, folder));
    }

    /// <summary>
    /// Images of shape [1, rows, columns] without labels, called after the file. Grey levels are divided by 255; pixels that
    /// are all 0 or 1 are taken as they are.
    /// </summary>
    /// <exception cref="Core.DataFormatException">The file is missing or is not what it must be.</exception>
    public static DataSet ReadImages(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return new(Core.Idx.readImages(path));
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
}
