using System;
using Microsoft.Extensions.Logging;

namespace VaeFunctional;

/// <summary>Progress as messages of a logger.</summary>
internal sealed partial class OfLogger(ILogger logger) : IProgress<TrainingProgress>
{
    public void Report(TrainingProgress value)
    {
        if (value.Fault is { } fault)
        {
            LeftOut(value.Step, fault);
        }
        else
        {
            Step(value.Step, value.Steps, value.Total, value.Rate, value.GradientNorm);
        }

        if (value.Completed is { Validation: { } validation } measured)
        {
            EpochMeasured(measured.Number, value.Epochs, measured.Total, validation.Total.Mean, measured.Rate);
        }
        else if (value.Completed is { } epoch)
        {
            Epoch(epoch.Number, value.Epochs, epoch.Total, epoch.Rate);
        }
    }

    [LoggerMessage(1, LogLevel.Information, "epoch {Epoch} of {Epochs}: total {Total}, learning rate {Rate}")]
    private partial void Epoch(int epoch, int epochs, double total, double rate);

    [LoggerMessage(
        2,
        LogLevel.Information,
        "epoch {Epoch} of {Epochs}: total {Total}, validation {Validation}, learning rate {Rate}"
    )]
    private partial void EpochMeasured(int epoch, int epochs, double total, double validation, double rate);

    [LoggerMessage(3, LogLevel.Warning, "step {Step} was left out: {Fault}")]
    private partial void LeftOut(long step, string fault);

    [LoggerMessage(
        4,
        LogLevel.Debug,
        "step {Step} of {Steps}: total {Total}, learning rate {Rate}, gradient norm {GradientNorm}"
    )]
    private partial void Step(long step, long steps, double total, double rate, double gradientNorm);
}
