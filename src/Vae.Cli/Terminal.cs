using System;
using System.IO;
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
