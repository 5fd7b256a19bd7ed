using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;

namespace VaeFunctional.Cli.Runs;

/// <summary>The file metrics.csv: a row for each epoch, in nats per image; validation is empty where nothing is held out.</summary>
internal static class MetricsFile
{
    public const string Header =
        "epoch,total,reconstruction,kl,validation_total,validation_reconstruction,validation_kl,"
        + "seconds,images_per_second,learning_rate";

    public static void Write(RunFolder run, IEnumerable<EpochResult> epochs) => WriteRows(run, epochs.Select(Row));

    /// <summary>Puts an epoch after those before it; rows of a run that did not get as far again are dropped.</summary>
    public static void Append(RunFolder run, EpochResult epoch)
    {
        var before = File.Exists(run.Metrics) ? File.ReadAllLines(run.Metrics).Skip(1) : [];
        WriteRows(run, before.Take(epoch.Number - 1).Append(Row(epoch)));
    }

    private static void WriteRows(RunFolder run, IEnumerable<string> rows) =>
        AtomicFile.Write(run.Metrics, string.Join("\n", rows.Prepend(Header)) + "\n");

    private static string Row(EpochResult epoch)
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
            epoch.Duration.TotalSeconds,
            epoch.Examples / epoch.Duration.TotalSeconds,
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
