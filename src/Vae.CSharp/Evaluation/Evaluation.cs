namespace VaeFunctional;

/// <summary>A mean over a data set with its standard error, in nats per example.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="StandardError">Its standard error; of one example it is not a number.</param>
public sealed record Statistic(double Mean, double StandardError)
{
    internal Statistic(Core.Statistic statistic)
        : this(statistic.Mean, statistic.StandardError) { }
}

/// <summary>An objective over a data set, in nats per example.</summary>
public sealed record Evaluation
{
    private readonly string words;

    internal Evaluation(Core.Measurement measurement)
    {
        Total = new(measurement.Total);
        Reconstruction = new(measurement.Term("reconstruction"));
        Kl = new(measurement.Term("kl"));
        Count = measurement.Count;
        ScoreName = measurement.ScoreName;
        words = measurement.ToString();
    }

    /// <summary>The objective: the weighted sum of the terms.</summary>
    public Statistic Total { get; }

    /// <summary>The negative score of the data given the latent, unweighted.</summary>
    public Statistic Reconstruction { get; }

    /// <summary>The divergence of the posterior from the prior, unweighted.</summary>
    public Statistic Kl { get; }

    /// <summary>How many examples were measured.</summary>
    public int Count { get; }

    /// <summary>What the reconstruction is: "reconstruction", or the name of a score that is no density.</summary>
    public string ScoreName { get; }

    /// <summary>A table of the terms with their standard errors.</summary>
    public override string ToString() => words;
}
