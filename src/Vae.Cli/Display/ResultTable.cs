using System.Collections.Generic;
using System.IO;
using Spectre.Console;
using VaeFunctional.Cli.Experiments;
using VaeFunctional.Cli.Runs;

namespace VaeFunctional.Cli.Display;

using Table = Spectre.Console.Table;
using TableColumn = Spectre.Console.TableColumn;

/// <summary>The numbers of a result as a table, and where the run's files are.</summary>
internal static class ResultTable
{
    public static void Show(IAnsiConsole console, string title, Result result, RunFolder run)
    {
        Show(console, title, result);
        console.WriteLine();

        foreach (var (name, path) in Files(run))
        {
            console.Say($"{name, -8} {path}");
        }

        console.WriteLine();
    }

    public static void Show(IAnsiConsole console, string title, Result result)
    {
        var table = new Table()
            .Border(console.Profile.Capabilities.Unicode ? TableBorder.Rounded : TableBorder.Ascii)
            .AddColumn(Markup.Escape(title))
            .AddColumn(new TableColumn("nats per image").RightAligned())
            .AddColumn(new TableColumn("standard error").RightAligned());

        foreach (var (label, value, error) in RunReport.Rows(result))
        {
            table.AddRow(Markup.Escape(label), value, error == "" ? "none" : error);
        }

        console.WriteLine();
        console.Write(table);
        console.Say(RunReport.Describe(result));
        console.Say($"{result.Seconds:N1} s, {result.ImagesPerSecond:N0} images/s");
    }

    private static IEnumerable<(string Name, string Path)> Files(RunFolder run) =>
        [
            ("report", run.Report),
            ("figures", run.Figures + Path.DirectorySeparatorChar),
            ("metrics", run.Metrics),
            ("settings", run.Record),
            ("model", run.Parameters),
        ];
}
