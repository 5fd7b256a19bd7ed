using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Vae.Plots;
using VaeFunctional.Cli.Runs;

namespace VaeFunctional.Cli.Experiments;

/// <summary>The page of a run, and the words that its numbers are told by everywhere.</summary>
internal static class RunReport
{
    /// <summary>Writes report.html and the figures' own files.</summary>
    public static void Write(RunFolder run, RunRecord record, Experiment experiment, VaeModel model, Figure[] figures)
    {
        foreach (var figure in figures)
        {
            figure.Save(run.Figures);
        }

        Report.Write(
            run.Report,
            $"Experiment {experiment.Name}: {experiment.Title}",
            [
                .. Rows(record.Result!)
                    .Select(row => new SummaryRow($"{row.Label}, nats per image", row.Value, row.Error)),
            ],
            [.. SettingRows(record, model)],
            figures
        );
    }

    /// <summary>
    /// Total, reconstruction by its score's name, KL and, where it was estimated, log p(x), with their standard errors or none.
    /// </summary>
    public static IEnumerable<(string Label, string Value, string Error)> Rows(Result result) =>
        [
            ("total", Number(result.Total), Number(result.TotalStandardError)),
            (result.ScoreName, Number(result.Reconstruction), Number(result.ReconstructionStandardError)),
            ("KL", Number(result.Kl), Number(result.KlStandardError)),
            .. result.LogLikelihood is { } found
                ? [($"log p(x), {found.Samples:N0} draws", Number(found.Mean), Number(found.StandardError))]
                : Array.Empty<(string, string, string)>(),
        ];

    /// <summary>Which images the numbers are of.</summary>
    public static string Describe(Result result) =>
        result.Protocol switch
        {
            Scope.HeldOut => $"Means over {result.Images:N0} held-out images.",
            Scope.TrainedImages => $"Means over all {result.Images:N0} images, which training saw.",
            _ =>
                $"Running means over the {result.Images:N0} images of the last training epoch, train and test part together, as the parameters moved: no held-out figures, and no standard errors.",
        };

    /// <summary>What the reported total is, where it is not what training made small.</summary>
    public static string? TotalIsOther(Settings settings) =>
        settings.Objective == Settings.Elbo || settings.Protocol == Protocol.TrainAndReportOnAll
            ? null
            : $"The total is the negative ELBO; training made '{settings.Objective}' small.";

    private static IEnumerable<Setting> SettingRows(RunRecord record, VaeModel model)
    {
        var (settings, result) = (record.Settings, record.Result!);
        yield return new("What the numbers are", Describe(result));
        yield return new(
            "Data",
            $"{record.Train.Name} ({record.Train.Images:N0}) and {record.HeldOut.Name} ({record.HeldOut.Images:N0})"
        );
        yield return new("Pixels", Pixels(record.Train));
        yield return new("Protocol", Words.Of(settings.Protocol));
        yield return new("Architecture", $"{Words.Of(settings.Architecture)}, {model.ParameterCount:N0} parameters");
        yield return new("Prior", settings.Prior ?? "the experiment's");
        yield return new("Given", settings.Conditional ?? "nothing");
        yield return new("Posterior", settings.Posterior);
        yield return new("Likelihood", settings.Likelihood);
        yield return new("Objective", settings.Objective);

        if (TotalIsOther(settings) is { } words)
        {
            yield return new("The total", words);
        }

        yield return new("KL", model.IsKlExact ? "closed form" : "estimated on the draws");
        yield return new(
            "Training",
            $"{settings.Epochs} epochs of {Batches(record)}, {(settings.Steady ? "AdamW" : "Adam")} at {settings.LearningRate:0.######}{(settings.Steady ? string.Create(CultureInfo.InvariantCulture, $", risen to over 120 steps and then falling, decay {Settings.Decay}, from spread first values") : "")}, in {Words.Of(settings.Precision)}"
        );
        yield return new("Seed", settings.Seed.ToString(CultureInfo.InvariantCulture));
        yield return new("Time", $"{result.Seconds:N1} s of training, {result.ImagesPerSecond:N0} images/s");
        yield return new(
            "Made by",
            $"vae {record.Platform.Vae}, TorchSharp {record.Platform.TorchSharp}, {record.Platform.Dotnet}"
        );
        yield return new(
            "On",
            $"{record.Platform.System}, {record.Platform.Architecture}, {record.Platform.Processors} processors, device {settings.Device}"
                + (record.Processes > 1 ? $", by {record.Processes} processes" : "")
        );
    }

    private static string Pixels(DataRecord train) =>
        train.PixelScale switch
        {
            null => "not recorded",
            1 => "0 and 1, as all of the training images' are",
            var scale => string.Create(CultureInfo.InvariantCulture, $"grey levels, bytes divided by {scale}"),
        };

    private static string Batches(RunRecord record)
    {
        var onAll = record.Settings.Protocol == Protocol.TrainAndReportOnAll;
        var images = record.Train.Images + (onAll ? record.HeldOut.Images : 0);
        return record.Settings.Batch < images
            ? $"batches of {record.Settings.Batch}"
            : $"one batch of all {images:N0} images";
    }

    private static string Number(double? value) => value is { } number ? $"{number:F3}" : "";
}
