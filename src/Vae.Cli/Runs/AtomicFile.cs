using System.IO;
using System.Text;

namespace VaeFunctional.Cli.Runs;

/// <summary>Files that are there whole or not at all.</summary>
internal static class AtomicFile
{
    /// <summary>Writes beside the file and renames over it, so that neither a reader nor a crash finds half of it.</summary>
    public static void Write(string path, string text)
    {
        var unfinished = $"{path}.{Path.GetRandomFileName()}.partial";

        try
        {
            File.WriteAllText(unfinished, text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
            File.Move(unfinished, path, overwrite: true);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }
}
