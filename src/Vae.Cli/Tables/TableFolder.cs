using System.IO;

namespace VaeFunctional.Cli.Tables;

/// <summary>The folder of a model of a table's rows.</summary>
internal static class TableFolder
{
    /// <summary>Whether a folder holds one.</summary>
    public static bool Is(string folder) => File.Exists(Path.Combine(folder, "table.json"));

    public static TableModel Load(string folder) =>
        Is(folder)
            ? TableModel.Load(folder)
            : throw new UserException(
                $"{folder} holds no table.json; expected the folder of a table's run, which `vae train FILE.csv` makes"
            );
}
