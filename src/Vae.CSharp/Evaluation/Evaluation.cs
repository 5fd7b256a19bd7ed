using System;
using System.Collections.Generic;
using System.Linq;

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
    private static readonly Statistic unknown = new(double.NaN, double.NaN);
    private readonly string words;

    internal Evaluation(Core.Measurement measurement)
    {
        Total = new(measurement.Total);
        Terms = new ValueList<MeasuredTerm>(
            measurement.Terms.Select(term => new MeasuredTerm(term.Item1, new(term.Item2)))
        );
        Count = measurement.Count;
        ScoreName = measurement.ScoreName;
        words = measurement.ToString();
    }

    /// <summary>The objective: the weighted sum of the terms.</summary>
    public Statistic Total { get; }

    /// <summary>The terms of the objective, unweighted, in the objective's order.</summary>
    public IReadOnlyList<MeasuredTerm> Terms { get; }

    /// <summary>A term by its name, such as <c>evaluation["total correlation"]</c>.</summary>
    /// <exception cref="ArgumentException">The objective has no such term: the message names those it has.</exception>
    public Statistic this[string term] =>
        Terms.FirstOrDefault(known => known.Name == term)?.Value
        ?? throw new ArgumentException(
            $"term is '{term}'; expected one of {string.Join(", ", Terms.Select(known => known.Name))}",
            nameof(term)
        );

    /// <summary>The negative score of the data given the latent, unweighted.</summary>
    public Statistic Reconstruction =>
        Terms.FirstOrDefault(term => term.Name == KnownTerms.Reconstruction)?.Value ?? unknown;

    /// <summary>
    /// The divergence of the posterior from the prior, unweighted. Of several latents the mean is the sum over them, and the
    /// standard error is not a number: it does not follow from the errors of what is summed.
    /// </summary>
    public Statistic Kl =>
        Terms.Where(term => KnownTerms.IsKl(term.Name)).Select(term => term.Value).ToArray() switch
        {
            [] => unknown,
            [var only] => only,
            var several => new(several.Sum(term => term.Mean), double.NaN),
        };

    /// <summary>How many examples were measured.</summary>
    public int Count { get; }

    /// <summary>What the reconstruction is: "reconstruction", or the name of a score that is no density.</summary>
    public string ScoreName { get; }

    /// <summary>A table of the terms with their standard errors.</summary>
    public override string ToString() => words;
}
