using System;
using System.Collections.Generic;

namespace VaeFunctional;

/// <summary>
/// Folders of pictures: PNG, JPEG, BMP, GIF (its first picture) and TGA. A folder in the folder is a class, called as it is.
/// <code>
/// var (pictures, classes) = ImageFolder.Load("flowers", size: (64, 64));
/// </code>
/// </summary>
public static class ImageFolder
{
    /// <summary>
    /// The pictures of a folder, [channels, rows, columns], in the order of their names, and what their labels are called. Values are grey
    /// levels or red, green and blue, in [0, 1]; what is transparent stands on black.
    /// </summary>
    /// <param name="folder">The folder: of pictures, or of folders of them.</param>
    /// <param name="size">Rows and columns that every picture is made to have; null: as they are, all of one size.</param>
    /// <param name="isColor">Whether a pixel is three numbers or one, its lightness; null: three where one of the pictures has color.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is of no row or no column.</exception>
    /// <exception cref="Core.DataFormatException">
    /// There is no picture, a file is none, or pictures are of several sizes where none is given.
    /// </exception>
    public static (DataSet Data, IReadOnlyList<string> Classes) Load(
        string folder,
        (int Rows, int Columns)? size = null,
        bool? isColor = null
    )
    {
        ArgumentNullException.ThrowIfNull(folder);

        if (size is { } wanted)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(wanted.Rows, 1, nameof(size));
            ArgumentOutOfRangeException.ThrowIfLessThan(wanted.Columns, 1, nameof(size));
        }

        var asked = size is { } given ? new Tuple<int, int>(given.Rows, given.Columns) : null;
        var options = new Core.ImageOptions(asked.ToCoreOptionOfObject(), isColor.ToCoreOption());
        var (data, classes) = Core.ImageFolder.load(options, folder);
        return (new(data), new ValueList<string>(classes));
    }

    /// <summary>Whether a folder has pictures, in itself or in the folders in it.</summary>
    public static bool IsOne(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return Core.ImageFolder.isOne(folder);
    }
}
