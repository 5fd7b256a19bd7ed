using System;

namespace VaeFunctional;

/// <summary>What a model of a table's rows is made by and trained with.</summary>
public sealed record TableModelOptions
{
    private static readonly Tabular.TableOptions defaults = Tabular.TableOptionsModule.defaults;

    /// <summary>Dimensions of the latent; null: half as many as there are modelled columns, from 2 to 8.</summary>
    public int? Latent { get; init; }

    /// <summary>As text, as <see cref="VaeFunctional.Prior.Parse"/> reads it.</summary>
    public string Prior { get; init; } = defaults.Prior;

    /// <summary>As text, as <see cref="VaeFunctional.Posterior.Parse"/> reads it.</summary>
    public string Posterior { get; init; } = defaults.Posterior;

    /// <summary>As text, as <see cref="VaeFunctional.Objective.Parse"/> reads it.</summary>
    public string Objective { get; init; } = defaults.Objective;

    /// <summary>How often the rows are visited; null: as often as makes about 3,000 steps, from 20 to 1,000.</summary>
    public int? Epochs { get; init; }

    /// <summary>Rows of a step; null: a hundredth of those that are trained on, from 128 to 1,024.</summary>
    public int? BatchSize { get; init; }

    /// <summary>Adam's, which falls along half a cosine.</summary>
    public double LearningRate { get; init; } = defaults.LearningRate;

    /// <summary>What everything random is a function of.</summary>
    public int Seed { get; init; } = defaults.Seed;

    /// <summary>
    /// The share of the rows, but at most 12,000 of them, that is held back, and not trained on: the best epoch is chosen by half of them,
    /// at most 2,000, and scores are calibrated by the others.
    /// </summary>
    public double HeldBack { get; init; } = defaults.HeldBack;

    /// <summary>Which of so many rows a training by these options holds back, in their order.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than 10 rows.</exception>
    public bool[] HeldBackOf(int rows)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 10);
        return Tabular.TableRunModule.heldBack(ToCore(), rows);
    }

    internal Tabular.TableOptions ToCore() =>
        new(
            Latent.ToCoreOption(),
            defaults.Hidden,
            Prior ?? throw new ArgumentNullException(nameof(Prior)),
            Posterior ?? throw new ArgumentNullException(nameof(Posterior)),
            Objective ?? throw new ArgumentNullException(nameof(Objective)),
            Epochs.ToCoreOption(),
            BatchSize.ToCoreOption(),
            LearningRate,
            Seed,
            HeldBack
        );
}
