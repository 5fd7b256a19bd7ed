using System;
using System.Linq;
using System.Text.Json;

namespace VaeFunctional.Cli;

/// <summary>Members of enumerations as words of the command line and of files: HeldOut is "held-out".</summary>
internal static class Words
{
    public static string Of<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());

    public static bool TryParse<T>(string text, out T value)
        where T : struct, Enum
    {
        var found = Enum.GetValues<T>().Where(v => Of(v) == text).ToArray();
        value = found.FirstOrDefault();
        return found.Length == 1;
    }
}
