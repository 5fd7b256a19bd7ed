namespace VaeFunctional.Cli.Experiments;

/// <summary>The networks of an experiment.</summary>
internal enum Architecture
{
    /// <summary>Two convolutions of stride 2 (32 and 64 channels) and a code of 16, and their mirror image.</summary>
    Conv,

    /// <summary>784-512-256 and 256-512-784.</summary>
    Dense,

    /// <summary>Two residual blocks with group normalisation (32 and 64 channels) and a code of 64, and their mirror image.</summary>
    Residual,
}

/// <summary>What is trained on, and what the reported number is.</summary>
internal enum Protocol
{
    /// <summary>Trained on the training part; reported on the held-out part, with the parameters training ended with.</summary>
    HeldOut,

    /// <summary>The same by the study's plain training: Adam at a constant rate, from the layers' usual first values.</summary>
    Study,

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

/// <summary>Everything that the result of an experiment is a function of, beside its name.</summary>
internal sealed record Settings
{
    /// <summary>The study's, of whose parts a run is made that names no others.</summary>
    public const string CrossEntropy = "cross-entropy",
        DiagonalNormal = "normal",
        Elbo = "elbo";

    public required string Data { get; init; }
    public required Architecture Architecture { get; init; }
    public required int Epochs { get; init; }
    public required int Batch { get; init; }
    public required int Seed { get; init; }

    /// <summary>The text of a likelihood, as <see cref="VaeFunctional.Likelihood.Parse"/> reads it.</summary>
    public required string Likelihood { get; init; }

    /// <summary>The text of a prior; the experiment's own where there is none.</summary>
    public string? Prior { get; init; }

    /// <summary>The text of a posterior.</summary>
    public string Posterior { get; init; } = DiagonalNormal;

    /// <summary>The text of an objective.</summary>
    public string Objective { get; init; } = Elbo;

    /// <summary>What the model is conditional on: <c>label</c>, or names of factors with commas; null of one that is given nothing.</summary>
    public string? Conditional { get; init; }

    /// <summary>Dimensions of the latent; the experiment's own where none are given.</summary>
    public int? Latent { get; init; }

    public required Protocol Protocol { get; init; }
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>
    /// Whether training begins and goes on so that the seed decides little: from first values that are spread, by a rate that rises and
    /// falls. Not so in runs from before there was this.
    /// </summary>
    public bool Steady { get; init; }

    /// <summary>The settings with the training of their protocol and architecture.</summary>
    public Settings Trained() =>
        Protocol == Protocol.HeldOut && Architecture == Architecture.Conv
            ? this with
            {
                Steady = true,
                LearningRate = 1.2e-2,
            }
            : this;

    /// <summary>How fast parameters of steady runs decay: less of the training images is learned by heart.</summary>
    public const double Decay = 0.3;

    /// <summary>
    /// Adam; of steady runs AdamW with a rate that rises over 120 steps and falls to 0 along half a cosine.
    /// </summary>
    public Optimizer Optimizer =>
        Steady
            ? VaeFunctional
                .Optimizer.AdamW(LearningRate, Decay, beta2: 0.99)
                .WithSchedule(Schedule.Cosine().WarmedUp(120))
            : VaeFunctional.Optimizer.Adam(LearningRate);

    /// <summary>Refuses what no run can be made by, read from a file.</summary>
    public void Check(string file)
    {
        if (this is not { Epochs: >= 1, Batch: >= 1, LearningRate: > 0 and < double.PositiveInfinity })
        {
            throw new UserException(
                $"{file} has settings out of range; expected epochs, batch and learning rate above 0"
            );
        }

        if (!Devices.IsName(Device))
        {
            throw new UserException($"{file} has the device '{Device}'; expected {Devices.Expected}");
        }
    }

    /// <summary>Single in runs from before there was another.</summary>
    public StepPrecision Precision { get; init; }

    /// <summary>A word of <c>--device</c>; runs from before there were others are of the CPU.</summary>
    public string Device { get; init; } = Devices.Cpu;
}
