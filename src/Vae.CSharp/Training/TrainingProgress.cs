using System;
using System.Collections.Generic;

namespace VaeFunctional;

/// <summary>How far a run is after a step; the means are over the examples of the epoch so far, in nats per example.</summary>
public sealed record TrainingProgress
{
    internal TrainingProgress(Core.Report report, int epochs, EpochResult? completed)
    {
        Report = report;
        Step = report.Progress.Step;
        Steps = report.Progress.Steps;
        Epoch = report.Epoch;
        Epochs = epochs;
        Examples = report.Examples;
        Elapsed = report.Elapsed;
        Rate = report.Rate;
        GradientNorm = report.GradientNorm;
        Fault = report.Fault?.Value.ToString();
        Total = report.Total;
        Terms = KnownTerms.Of(report.Terms);
        Completed = completed;
    }

    /// <summary>What this tells of, for who writes it elsewhere.</summary>
    internal Core.Report Report { get; }

    /// <summary>Steps taken.</summary>
    public long Step { get; }

    /// <summary>Steps of the whole run, unless it ends early.</summary>
    public long Steps { get; }

    /// <summary>The epoch under way or just completed, from 1.</summary>
    public int Epoch { get; }

    /// <summary>Epochs of the whole run, unless it ends early.</summary>
    public int Epochs { get; }

    /// <summary>Examples of this epoch so far.</summary>
    public int Examples { get; }

    /// <summary>
    /// Wall-clock time that this process has trained for in this epoch, without validation. It is in none of the files, which
    /// are the same for the same settings.
    /// </summary>
    public TimeSpan Elapsed { get; }

    /// <summary>The learning rate of the step.</summary>
    public double Rate { get; }

    /// <summary>
    /// The length of the step's gradient, the root of its sum of squares, before the optimizer shortened it; NaN of a step that
    /// came to none.
    /// </summary>
    public double GradientNorm { get; }

    /// <summary>What was wrong with the step, where it was left out (see <see cref="Guard"/>); null with every other step.</summary>
    public string? Fault { get; }

    /// <summary>The mean of the objective.</summary>
    public double Total { get; }

    /// <summary>The mean of each term of the objective, unweighted, in the objective's order.</summary>
    public IReadOnlyList<Term> Terms { get; }

    /// <summary>The mean of the reconstruction term, unweighted.</summary>
    public double Reconstruction => KnownTerms.ReconstructionOf(Terms);

    /// <summary>The mean of the KL term, unweighted: the sum over the latents where there are several.</summary>
    public double Kl => KnownTerms.KlOf(Terms);

    /// <summary>The epoch, with the step that completes it; null with every other step.</summary>
    public EpochResult? Completed { get; }
}
