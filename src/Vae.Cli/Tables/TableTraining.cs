using System;
using System.CommandLine;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;
using Spectre.Console;
using Vae.Core;
using Vae.Tables;
using VaeFunctional.Cli.Runs;
using Table = Vae.Tables.Table;

namespace VaeFunctional.Cli.Tables;

/// <summary><c>vae train FILE.csv</c>: a model of a table's rows.</summary>
internal static class TableTraining
{
    /// <summary>What a table's model is trained by where nothing else is said.</summary>
    public static string Objective => TableOptionsModule.defaults.Objective;

    /// <summary>Whether what was named is a table, and no experiment.</summary>
    public static bool IsTable(string name) =>
        name.Contains('.', StringComparison.Ordinal)
        || name.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal)
        || File.Exists(name);

    /// <summary>Refuses options that a table has no use for.</summary>
    public static void Check(ParseResult parsed, params Option[] others)
    {
        foreach (var option in others)
        {
            if (parsed.GetResult(option) is { Implicit: false })
            {
                throw new UserException(
                    $"{option.Name} is given, which is for images; expected none of it for a table"
                );
            }
        }
    }

    /// <summary>Refuses options that an experiment has no use for.</summary>
    public static void CheckNone(ParseResult parsed, Option option)
    {
        if (parsed.GetResult(option) is { Implicit: false })
        {
            throw new UserException($"{option.Name} is given, which is for tables; expected none of it for images");
        }
    }

    public static void Run(
        IAnsiConsole console,
        string file,
        string? schemaFile,
        TableOptions options,
        string? output,
        CancellationToken cancellationToken
    )
    {
        var table = Read(console, file, schemaFile);
        var folder = output is null ? RunFolder.CreateNamed("runs", table.Name) : RunFolder.Create(output);

        try
        {
            using var run = Train(console, table, options, cancellationToken);
            TableRunModule.save(folder.Path, run);
            SayOddest(console, run, table);
            console.Say($"run folder {folder.Path}");
        }
        catch (Exception error)
        {
            Forget(folder.Path);
            throw error is ArgumentException ? new UserException(error.Message) : error;
        }
    }

    private static Table Read(IAnsiConsole console, string file, string? schemaFile)
    {
        if (schemaFile is not null)
        {
            return TableModule.loadAs(SchemaJson.read(schemaFile), file);
        }

        var (table, inferred) = TableModule.loadInferred(Csv.defaults, SchemaModule.missingTexts, file);
        console.Say($"{table.Rows:N0} rows of {file}; its columns, as they look:");

        foreach (var (name, note) in inferred.Notes)
        {
            console.Say($"  {name}: {note}");
        }

        return table;
    }

    private static TableRun Train(
        IAnsiConsole console,
        Table table,
        TableOptions options,
        CancellationToken cancellationToken
    )
    {
        console.Say("nats per row:");
        console.Say($"{"epoch", 9}  {"bound", 10}  {"held back", 10}");
        var told = 0;

        void Observe(Report report)
        {
            cancellationToken.ThrowIfCancellationRequested();

            if (report.Completed is not { Value: var epoch })
            {
                return;
            }

            var epochs = report.Progress.Steps / report.Progress.StepsPerEpoch;

            // Twenty lines, however many epochs.
            if (epoch.Number * 20 / epochs > told || epoch.Number == epochs)
            {
                told = (int)(epoch.Number * 20 / epochs);
                var held = epoch.Validation is { Value: var validation } ? Number(validation.Total.Mean) : "";
                console.Say($"{$"{epoch.Number}/{epochs}", 9}  {Number(epoch.Total), 10}  {held, 10}");
            }
        }

        return TableRunModule.fitWith(FuncConvert.FromAction<Report>(Observe), options, table);
    }

    /// <summary>The rows that are the oddest, and why, as a first look at what the model has learned.</summary>
    private static void SayOddest(IAnsiConsole console, TableRun run, Table table)
    {
        var scores = TableRunModule.score(100, run, table);
        console.Say("the oddest rows:");

        foreach (
            var row in Enumerable
                .Range(0, table.Rows)
                .OrderByDescending(i => scores.Score[i])
                .Take(Math.Min(5, table.Rows))
        )
        {
            console.Say($"  row {row + 1}: {Number(scores.Score[row])} nats, {Oddities.Of(scores, table, row)}");
        }
    }

    private static string Number(double value) => value.ToString("F2", CultureInfo.InvariantCulture);

    /// <summary>A folder of a run that came to nothing is deleted where it is empty.</summary>
    private static void Forget(string folder)
    {
        if (Directory.Exists(folder) && !Directory.EnumerateFileSystemEntries(folder).Any())
        {
            Directory.Delete(folder);
        }
    }

    /// <summary>What a table's model is trained by.</summary>
    public static TableOptions Options(
        int? latent,
        int? epochs,
        int? batch,
        int seed,
        string? prior,
        string? posterior,
        string objective
    )
    {
        var basis = TableOptionsModule.defaults;
        static FSharpOption<int> Of(int? value) =>
            value is { } number ? FSharpOption<int>.Some(number) : FSharpOption<int>.None;

        return new TableOptions(
            Of(latent),
            basis.Hidden,
            prior ?? basis.Prior,
            posterior ?? basis.Posterior,
            objective,
            Of(epochs),
            batch ?? basis.BatchSize,
            basis.LearningRate,
            seed,
            basis.HeldBack
        );
    }
}
