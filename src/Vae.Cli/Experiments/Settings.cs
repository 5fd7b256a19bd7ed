namespace VaeFunctional.Cli.Experiments;

/// <summary>The networks of an experiment.</summary>
internal enum Architecture
{
    /// <summary>Two convolutions of stride 2 (32 and 64 channels) and a code of 16, and their mirror image.</summary>
    Conv,

    /// <summary>784-512-256 and 256-512-784.</summary>
    Dense,
}

/// <summary>What pixels are scored by.</summary>
internal enum LikelihoodKind
{
    /// <summary>The cross-entropy of grey levels, the study's: a density only where pixels are 0 or 1.</summary>
    CrossEntropy,

    /// <summary>Normal pixels of a fixed standard deviation.</summary>
    Gaussian,

    /// <summary>Pixels of 0 and 1.</summary>
    Bernoulli,
}

/// <summary>What is trained on, and what the reported number is.</summary>
internal enum Protocol
{
    /// <summary>Trained on the training part; reported on the held-out part, with the parameters training ended with.</summary>
    HeldOut,

    /// <summary>Trained on both parts; reported is the mean over the last epoch, as the parameters moved.</summary>
    TrainAndReportOnAll,
}

/// <summary>What the layers of a training step are computed in.</summary>
internal enum StepPrecision
{
    /// <summary>Single precision.</summary>
    Single,

    /// <summary>The linear layers in bfloat16.</summary>
    Bfloat16,
}

/// <summary>Everything that the result of an experiment is a function of, beside its prior.</summary>
internal sealed record Settings
{
    /// <summary>Of normal pixels: about the spread of an MNIST pixel around the mean of all.</summary>
    public const double GaussianScale = 0.3;

    public required string Data { get; init; }
    public required Architecture Architecture { get; init; }
    public required int Epochs { get; init; }
    public required int Batch { get; init; }
    public required int Seed { get; init; }
    public required LikelihoodKind Likelihood { get; init; }
    public required Protocol Protocol { get; init; }
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>Single in runs from before there was another.</summary>
    public StepPrecision Precision { get; init; }

    /// <summary>A word of <c>--device</c>; runs from before there were others are of the CPU.</summary>
    public string Device { get; init; } = Devices.Cpu;
}
