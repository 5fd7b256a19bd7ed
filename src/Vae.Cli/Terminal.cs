using System;
using System.IO;
using System.Linq;
using Spectre.Console;

namespace VaeFunctional.Cli;

/// <summary>Where a command speaks: results to the output, failures to the error.</summary>
internal sealed class Terminal(TextWriter output, TextWriter error)
{
    public TextWriter Output { get; } = output;

    /// <summary>
    /// Where people are told what happens: nowhere when it is to be quiet, and beside the output when that is for a machine.
    /// </summary>
    public IAnsiConsole Console(bool isQuiet, bool isJson)
    {
        var writer =
            isQuiet ? TextWriter.Null
            : isJson ? error
            : Output;
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });

        // Where lines are not on a screen they are not to be broken at its width.
        if (!console.Profile.Out.IsTerminal)
        {
            console.Profile.Width = 200;
        }

        return console;
    }
}

/// <summary>Words for a terminal.</summary>
internal static class Speech
{
    /// <summary>
    /// A text without characters that steer a terminal: names of files, folders and data are whatever somebody made them. In
    /// their place are their codes, as JSON has them, so that JSON stays what it is.
    /// </summary>
    public static string Plain(string text) =>
        text.Any(Steers) ? string.Concat(text.Select(c => Steers(c) ? $"\\u{(int)c:x4}" : $"{c}")) : text;

    /// <summary>A line, plain.</summary>
    public static void Say(this IAnsiConsole console, string line) => console.WriteLine(Plain(line));

    private static bool Steers(char c) => char.IsControl(c) && c is not ('\n' or '\r' or '\t');
}
