using System.Text.Json.Serialization;
using VaeFunctional.Cli.Experiments;

namespace VaeFunctional.Cli.Runs;

/// <summary>What a run is reported by, in nats per image; a running mean has no standard errors.</summary>
internal sealed record Result
{
    public required double Total { get; init; }
    public required double Reconstruction { get; init; }
    public required double Kl { get; init; }
    public required double? TotalStandardError { get; init; }
    public required double? ReconstructionStandardError { get; init; }
    public required double? KlStandardError { get; init; }

    /// <summary>What the reconstruction is: "reconstruction", or the name of a score that is no density.</summary>
    public required string ScoreName { get; init; }

    /// <summary>log p(x) by importance sampling, where it was asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public LogLikelihood? LogLikelihood { get; init; }

    /// <summary>Which images the numbers are of.</summary>
    public required Scope Protocol { get; init; }

    /// <summary>How many images the means are over.</summary>
    public required int Images { get; init; }

    /// <summary>Wall-clock time of the work the speed is of: the training of a run, or an evaluation.</summary>
    public required double Seconds { get; init; }

    public required double ImagesPerSecond { get; init; }

    /// <summary>The folder of the run, as its user names it; it is not part of the run's own file, as folders are moved.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Run { get; init; }

    /// <summary>An evaluation: means with their standard errors.</summary>
    public static Result Of(Evaluation evaluation, Scope scope, double seconds, double imagesPerSecond) =>
        new()
        {
            Total = evaluation.Total.Mean,
            Reconstruction = evaluation.Reconstruction.Mean,
            Kl = evaluation.Kl.Mean,
            TotalStandardError = Finite(evaluation.Total.StandardError),
            ReconstructionStandardError = Finite(evaluation.Reconstruction.StandardError),
            KlStandardError = Finite(evaluation.Kl.StandardError),
            ScoreName = evaluation.ScoreName,
            Protocol = scope,
            Images = evaluation.Count,
            Seconds = seconds,
            ImagesPerSecond = imagesPerSecond,
        };

    /// <summary>The means over an epoch's images, as the parameters moved.</summary>
    public static Result Of(EpochResult epoch, string scoreName, double seconds, double imagesPerSecond) =>
        new()
        {
            Total = epoch.Total,
            Reconstruction = epoch.Reconstruction,
            Kl = epoch.Kl,
            TotalStandardError = null,
            ReconstructionStandardError = null,
            KlStandardError = null,
            ScoreName = scoreName,
            Protocol = Scope.TrainAndReportOnAll,
            Images = epoch.Examples,
            Seconds = seconds,
            ImagesPerSecond = imagesPerSecond,
        };

    public static double? Finite(double value) => double.IsFinite(value) ? value : null;
}

/// <summary>The mean of log p(x) over images, in nats, by so many draws of the posterior for each.</summary>
internal sealed record LogLikelihood(double Mean, double? StandardError, int Samples)
{
    public static LogLikelihood Of(Statistic statistic, int samples) =>
        new(statistic.Mean, Result.Finite(statistic.StandardError), samples);
}

/// <summary>Which images reported numbers are of.</summary>
internal enum Scope
{
    /// <summary>Images that training did not see.</summary>
    HeldOut,

    /// <summary>All images, in the last epoch of training on them.</summary>
    TrainAndReportOnAll,

    /// <summary>All images, which training saw, with the parameters it ended with.</summary>
    TrainedImages,
}
