namespace VaeFunctional.ML;

/// <summary>What a <see cref="VaeEstimator"/> makes its model by, trains it with, and calls its columns.</summary>
public sealed record VaeOptions
{
    private static readonly TableModelOptions defaults = new();

    /// <summary>Dimensions of the latent; null: half as many as there are modelled slots, from 2 to 8.</summary>
    public int? LatentDimension { get; init; }

    /// <inheritdoc cref="TableModelOptions.Prior"/>
    public string Prior { get; init; } = defaults.Prior;

    /// <inheritdoc cref="TableModelOptions.Posterior"/>
    public string Posterior { get; init; } = defaults.Posterior;

    /// <inheritdoc cref="TableModelOptions.Objective"/>
    public string Objective { get; init; } = defaults.Objective;

    /// <inheritdoc cref="TableModelOptions.Epochs"/>
    public int? Epochs { get; init; }

    /// <inheritdoc cref="TableModelOptions.BatchSize"/>
    public int? BatchSize { get; init; }

    /// <inheritdoc cref="TableModelOptions.LearningRate"/>
    public double LearningRate { get; init; } = defaults.LearningRate;

    /// <summary>What everything random is a function of; null: the seed of the MLContext, and 0 where it has none.</summary>
    public int? Seed { get; init; }

    /// <inheritdoc cref="TableModelOptions.HeldBack"/>
    public double HeldBack { get; init; } = defaults.HeldBack;

    /// <summary>
    /// What the columns are, by their names in a table (<see cref="DataViewTables.ToTable"/>); null: told by a look at their values.
    /// </summary>
    public TableSchema? Schema { get; init; }

    /// <summary>
    /// The p-value at or below which a row is labelled an anomaly. Of rows like those of the training at most this share is, on average.
    /// No p-value is below 1 / (n + 1), where n rows are held back to calibrate scores by, half of <see cref="HeldBack"/>: a
    /// lower rate is refused. Null: 0.01, or 1 / (n + 1) where that is more.
    /// </summary>
    public double? FalseAlarmRate { get; init; }

    /// <summary>The name of the codes.</summary>
    public string LatentColumnName { get; init; } = "Latent";

    /// <summary>The name of the scores, -log p.</summary>
    public string ScoreColumnName { get; init; } = "Score";

    /// <summary>The name of the labels, true of an anomaly.</summary>
    public string PredictedLabelColumnName { get; init; } = "PredictedLabel";

    /// <summary>The name of the reconstructions.</summary>
    public string ReconstructionColumnName { get; init; } = "Reconstruction";

    internal TableModelOptions ToTable(int seed) =>
        new()
        {
            Latent = LatentDimension,
            Prior = Prior,
            Posterior = Posterior,
            Objective = Objective,
            Epochs = Epochs,
            BatchSize = BatchSize,
            LearningRate = LearningRate,
            Seed = Seed ?? seed,
            HeldBack = HeldBack,
        };
}
