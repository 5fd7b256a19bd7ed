using System;
using System.Collections.Generic;
using System.Linq;

namespace VaeFunctional;

/// <summary>What is known of the Chernoff integral of two laws of one kind.</summary>
/// <param name="Law">The kind of both laws.</param>
/// <param name="TeX">The formula, with the subscripts q and p.</param>
/// <param name="Finite">What makes it finite, in words; empty where it always is.</param>
public sealed record ChernoffRule(string Law, string TeX, string Finite);

/// <summary>
/// The Chernoff integral, log of the integral of q^a p^(1 - a), in nats: of which Renyi's divergences, chi-squared and
/// Hellinger's distance are functions (Chernoff, 1952).
/// </summary>
public static class Chernoff
{
    /// <summary>What is known of each kind of law.</summary>
    public static IReadOnlyList<ChernoffRule> Rules { get; } =
        Array.AsReadOnly(
            Core.Chernoff.rules.Select(rule => new ChernoffRule(rule.Law.Name, rule.Tex, rule.Finite)).ToArray()
        );

    /// <summary>
    /// The logarithm of the integral of an order, or null where no rule knows it; infinite where the integral diverges.
    /// </summary>
    /// <exception cref="ArgumentException">The event shapes differ, or the order is not finite.</exception>
    public static Tensor? TryLogIntegral(double order, Distribution q, Distribution p)
    {
        ArgumentNullException.ThrowIfNull(q);
        ArgumentNullException.ThrowIfNull(p);
        return Interop.KeepIfAny(() => Core.Chernoff.tryLogIntegral(order, q.Law, p.Law));
    }
}
