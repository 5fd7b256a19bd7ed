using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Spectre.Console;
using VaeFunctional.Cli.Runs;

namespace VaeFunctional.Cli.Tables;

/// <summary><c>vae train FILE.csv</c>: a model of a table's rows.</summary>
internal static class TableTraining
{
    /// <summary>Whether what was named is a table, and no experiment.</summary>
    public static bool IsTable(string name) =>
        name.Contains('.', StringComparison.Ordinal)
        || name.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal)
        || File.Exists(name);

    /// <summary>Refuses options that a table has no use for.</summary>
    public static void Check(ParseResult parsed, params Option[] others) =>
        RefuseGiven(parsed, others, "images", "a table");

    /// <summary>Refuses options that an experiment has no use for.</summary>
    public static void CheckNone(ParseResult parsed, params Option[] others) =>
        RefuseGiven(parsed, others, "tables", "images");

    private static void RefuseGiven(ParseResult parsed, Option[] options, string meant, string found)
    {
        if (options.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } given)
        {
            throw new UserException($"{given.Name} is given, which is for {meant}; expected none of it for {found}");
        }
    }

    public static async Task<int> RunAsync(
        IAnsiConsole console,
        string file,
        string? schemaFile,
        TableFormat format,
        TableModelOptions options,
        string? output,
        CancellationToken cancellationToken
    )
    {
        var rows = Open(console, file, schemaFile, format);
        var folder = output is null ? RunFolder.CreateNamed("runs", rows.Name) : RunFolder.Create(output);

        try
        {
            console.Say($"nats per row, by {options.Objective}; of rows held back, which have no holes but their own:");
            console.Say($"{"epoch", 9}  {"training", 10}  {"held back", 10}");
            using var model = await TableModel.FitAsync(rows, options, new Lines(console), cancellationToken);
            model.Save(folder.Path);
            // Scoring takes as long as many steps: of a large table a part is looked at.
            var (numbers, table) = rows.Thin(MostScored);
            var scores = model.Score(table);
            SayOddest(console, rows, numbers, table, scores);
            TableReport.Write(folder, model, options, rows, numbers, table, scores);
            console.Say($"run folder {folder.Path}, its page {folder.Report}");
            return ExitCode.Success;
        }
        catch (ArgumentException refusal)
        {
            throw new UserException(refusal.Message);
        }
        finally
        {
            // A run that came to nothing leaves nothing.
            if (Directory.Exists(folder.Path) && !Directory.EnumerateFileSystemEntries(folder.Path).Any())
            {
                Directory.Delete(folder.Path);
            }
        }
    }

    private static TableRows Open(IAnsiConsole console, string file, string? schemaFile, TableFormat format)
    {
        if (schemaFile is not null)
        {
            return TableRows.Open(file, TableSchema.Read(schemaFile), format);
        }

        var rows = TableRows.Open(file, format: format);
        console.Say($"{rows.Rows:N0} rows of {file}; its columns, as they look:");

        foreach (var note in rows.Notes)
        {
            console.Say($"  {note}");
        }

        return rows;
    }

    /// <summary>Rows that are scored after training.</summary>
    private const int MostScored = 5_000;

    /// <summary>The rows that are the oddest, and why, as a first look at what the model has learned.</summary>
    private static void SayOddest(
        IAnsiConsole console,
        TableRows rows,
        IReadOnlyList<int> numbers,
        Table table,
        IReadOnlyList<RowScore> scores
    )
    {
        console.Say(
            table.Rows < rows.Rows
                ? $"the oddest of {table.Rows:N0} rows at even distances (vae score says it of all):"
                : "the oddest rows:"
        );
        var oddities = new Oddities(table);

        foreach (var row in scores.OrderByDescending(row => row.Nats).Take(5))
        {
            console.Say($"  row {numbers[row.Row] + 1}: {Number(row.Nats)} nats, {oddities.Of(row)}");
        }
    }

    private static string Number(double value) => value.ToString("F2", CultureInfo.InvariantCulture);

    /// <summary>A line for an epoch now and then: twenty, however many there are.</summary>
    private sealed class Lines(IAnsiConsole console) : IProgress<TrainingProgress>
    {
        private int told;

        public void Report(TrainingProgress value)
        {
            if (value.Completed is not { } epoch)
            {
                return;
            }

            var twentieth = (int)((long)epoch.Number * 20 / value.Epochs);

            if (twentieth > told || epoch.Number == value.Epochs)
            {
                told = twentieth;
                var held = epoch.Validation is { } validation ? Number(validation.Total.Mean) : "";
                console.Say($"{$"{epoch.Number}/{value.Epochs}", 9}  {Number(epoch.Total), 10}  {held, 10}");
            }
        }
    }
}
