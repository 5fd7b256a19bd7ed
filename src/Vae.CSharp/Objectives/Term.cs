using System;
using System.Collections.Generic;
using System.Linq;

namespace VaeFunctional;

/// <summary>A named part of an objective, unweighted: its mean in nats per example.</summary>
/// <param name="Name">Such as <c>reconstruction</c>, <c>kl</c>, or <c>kl z1</c> of a model of several latents.</param>
/// <param name="Value">The mean over the examples.</param>
public sealed record Term(string Name, double Value);

/// <summary>A named part of an objective over a data set, unweighted.</summary>
/// <param name="Name">Such as <c>reconstruction</c>, <c>kl</c>, or <c>kl z1</c> of a model of several latents.</param>
/// <param name="Value">The mean in nats per example, with its standard error.</param>
public sealed record MeasuredTerm(string Name, Statistic Value);

/// <summary>What every objective of the library has among its terms.</summary>
internal static class KnownTerms
{
    public const string Reconstruction = "reconstruction";

    /// <summary>Whether a term is the KL of a latent: <c>kl</c> of the only one, and <c>kl NAME</c> of several.</summary>
    public static bool IsKl(string name) => name == "kl" || name.StartsWith("kl ", StringComparison.Ordinal);

    public static ValueList<Term> Of(IEnumerable<Tuple<string, double>> terms) =>
        new(terms.Select(term => new Term(term.Item1, term.Item2)));

    /// <summary>The mean of a term; of none not a number.</summary>
    public static double ReconstructionOf(IEnumerable<Term> terms) =>
        terms.FirstOrDefault(term => term.Name == Reconstruction)?.Value ?? double.NaN;

    /// <summary>The sum of the latents' KLs; of none not a number.</summary>
    public static double KlOf(IEnumerable<Term> terms) =>
        terms.Where(term => IsKl(term.Name)).Select(term => term.Value).DefaultIfEmpty(double.NaN).Sum();
}
