using System;
using System.IO;
using System.Linq;
using Vae.Plots;

namespace VaeFunctional.Cli.Runs;

/// <summary>Images side by side as one PNG file.</summary>
internal static class ImageSheet
{
    /// <summary>The path of a sheet, before any work is done for it.</summary>
    public static string Check(string path)
    {
        if (!path.EndsWith(".png", StringComparison.OrdinalIgnoreCase))
        {
            throw new UserException($"--output is '{path}'; expected the name of a file ending in .png");
        }

        return OutputFile.Check(path);
    }

    public static void Write(string path, DataSet images)
    {
        var rows = Enumerable.Range(0, images.Count).Select(i => images[i]).ToArray();
        var columns = Math.Min(20, (int)Math.Ceiling(Math.Sqrt(images.Count)));
        var figure = Figures.ImageGrid(
            "sheet",
            "",
            "",
            rows,
            (int)images.ItemShape[2],
            (int)images.ItemShape[1],
            columns
        );

        // Figures name their files themselves: the sheet is drawn in a folder of its own, and moved.
        var folder = Directory.CreateDirectory($"{path}.{Path.GetRandomFileName()}.partial");

        try
        {
            File.Move(figure.Save(folder.FullName).Single(), path, overwrite: true);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
