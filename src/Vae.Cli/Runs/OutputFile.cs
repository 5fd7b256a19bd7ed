using System.IO;

namespace VaeFunctional.Cli.Runs;

/// <summary>A file that a command was asked to write.</summary>
internal static class OutputFile
{
    /// <summary>Refuses a path that no file can be written at, before any work is done for it.</summary>
    public static string Check(string path)
    {
        if (Directory.Exists(path))
        {
            throw new UserException($"--output is '{path}', which is a folder; expected the name of a file");
        }

        var folder = Path.GetDirectoryName(Path.GetFullPath(path));
        return Directory.Exists(folder)
            ? path
            : throw new UserException($"--output is '{path}', in a folder that does not exist; expected one that does");
    }
}
