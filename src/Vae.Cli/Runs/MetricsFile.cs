using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Vae.Core;

namespace VaeFunctional.Cli.Runs;

/// <summary>The file metrics.csv: a row for each epoch, in nats per image; validation is empty where nothing is held out.</summary>
internal static class MetricsFile
{
    private static readonly string[] columns =
    [
        "epoch",
        "total",
        "reconstruction",
        "kl",
        "validation_total",
        "validation_reconstruction",
        "validation_kl",
        "seconds",
        "images_per_second",
        "learning_rate",
    ];

    public static readonly string Header = string.Join(",", columns);

    /// <summary>Puts an epoch after those before it; rows of a run that did not get as far again are dropped.</summary>
    public static void Append(RunFolder run, EpochResult epoch, TimeSpan duration) =>
        WriteRows(run, Rows(run).Take(epoch.Number - 1).Append(Row(epoch, duration)));

    /// <summary>
    /// Makes the file one of these epochs. It is that already, unless somebody has taken rows out of it: then they are all
    /// written again, without times, which nothing else knows.
    /// </summary>
    public static void Complete(RunFolder run, IReadOnlyList<EpochResult> epochs)
    {
        if (Rows(run).Length != epochs.Count)
        {
            WriteRows(run, epochs.Select(epoch => Row(epoch, null)));
        }
    }

    /// <summary>How long the epochs took that the file has times of, and how many images they visited.</summary>
    public static (double Seconds, double Images) Work(RunFolder run, IEnumerable<EpochResult> epochs)
    {
        var column = Array.IndexOf(columns, "seconds");
        var timed = Rows(run)
            .Zip(epochs, (row, epoch) => (Seconds: Number(row.Split(',').ElementAtOrDefault(column)), epoch.Examples))
            .Where(pair => pair.Seconds is not null)
            .ToArray();
        return (timed.Sum(pair => pair.Seconds!.Value), timed.Sum(pair => (double)pair.Examples));
    }

    private static double? Number(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? value
            : null;

    private static string[] Rows(RunFolder run) =>
        File.Exists(run.Metrics) ? [.. File.ReadAllLines(run.Metrics).Skip(1)] : [];

    private static void WriteRows(RunFolder run, IEnumerable<string> rows) =>
        StoredFile.writeText(run.Metrics, string.Join("\n", rows.Prepend(Header)) + "\n");

    private static string Row(EpochResult epoch, TimeSpan? duration)
    {
        var validation = epoch.Validation;
        double?[] values =
        [
            epoch.Total,
            epoch.Reconstruction,
            epoch.Kl,
            validation?.Total.Mean,
            validation?.Reconstruction.Mean,
            validation?.Kl.Mean,
            duration?.TotalSeconds,
            epoch.Examples / duration?.TotalSeconds,
            epoch.Rate,
        ];
        return string.Join(
            ",",
            values
                .Select(value => value?.ToString("R", CultureInfo.InvariantCulture) ?? "")
                .Prepend(epoch.Number.ToString(CultureInfo.InvariantCulture))
        );
    }
}
