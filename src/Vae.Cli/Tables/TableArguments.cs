using System;
using System.CommandLine;
using System.Text;

namespace VaeFunctional.Cli.Tables;

/// <summary>Options of commands on tables.</summary>
internal static class TableArguments
{
    public static Option<string> Data() =>
        new("--data")
        {
            Description =
                "The table: comma-separated values with a line of names, Apache Parquet or Arrow, or an array of NumPy (.npy, .npz)",
            HelpName = "FILE.csv",
            Required = true,
        };

    public static Option<string[]> Missing() =>
        new("--missing")
        {
            Description =
                "A text that says that a value is missing, given once for each; NA, NaN, null and the like where none is",
            HelpName = "TEXT",
        };

    public static Option<string?> Separator() =>
        new("--separator")
        {
            Description =
                "What stands between a table's cells, a character or tab; told by its first line where none is given",
            HelpName = "CHARACTER",
        };

    public static Option<string?> Encoding() =>
        new("--encoding")
        {
            Description = "The encoding of a table's text, such as latin1 [default: utf-8]",
            HelpName = "NAME",
        };

    /// <summary>How a table is written, by what was given of it.</summary>
    public static TableFormat Format(string? separator, string? encoding, string[]? missing = null) =>
        new()
        {
            Separator = separator switch
            {
                null => null,
                "tab" => '\t',
                [var character] => character,
                _ => throw new UserException($"--separator is '{separator}'; expected one character, or tab"),
            },
            Encoding = encoding is null ? null : EncodingOf(encoding),
            Missing = missing is { Length: > 0 } ? missing : null,
        };

    private static Encoding EncodingOf(string name)
    {
        try
        {
            // Bytes that are no text are an error, not a question mark.
            return System.Text.Encoding.GetEncoding(
                name,
                EncoderFallback.ExceptionFallback,
                DecoderFallback.ExceptionFallback
            );
        }
        catch (ArgumentException)
        {
            throw new UserException($"--encoding is '{name}'; expected a name such as utf-8, latin1 or utf-16");
        }
    }

    public static Option<string?> Schema() =>
        new("--schema")
        {
            Description =
                "What a table's columns are, as a run's schema.json says it; by a look at them where none is given",
            HelpName = "FILE.json",
        };
}
