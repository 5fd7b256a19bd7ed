using System;
using System.Collections.Generic;
using System.Linq;

namespace VaeFunctional;

/// <summary>
/// The Kullback-Leibler divergence KL(q || p) = E_q[log q(z) - log p(z)], in nats, for each member of the batch. The first
/// law is the one that the expectation is taken under.
/// </summary>
public static class Kl
{
    /// <summary>Every closed form that the library knows, ordered by the names of the laws.</summary>
    public static IReadOnlyList<KlRule> Rules { get; } =
        Array.AsReadOnly(Core.Kl.rules.All.Select(KlRule.Of).ToArray());

    /// <summary>The rule for two laws; null where there is none.</summary>
    public static KlRule? FindRule(Distribution q, Distribution p)
    {
        ArgumentNullException.ThrowIfNull(q);
        ArgumentNullException.ThrowIfNull(p);
        return Core.Kl.tryRule(q.Law, p.Law)?.Value is { } rule ? KlRule.Of(rule) : null;
    }

    /// <summary>KL(q || p) in closed form.</summary>
    /// <exception cref="ArgumentException">The event shapes differ.</exception>
    /// <exception cref="NotSupportedException">No closed form is known: the message names the pair.</exception>
    public static Tensor Exact(Distribution q, Distribution p) => Discrepancy.Kl.Exact(q, p);

    /// <summary>KL(q || p) in closed form, or null where none is known.</summary>
    /// <exception cref="ArgumentException">The event shapes differ.</exception>
    public static Tensor? TryExact(Distribution q, Distribution p) => Discrepancy.Kl.TryExact(q, p);

    /// <summary>KL(q || p) from draws of q: the mean of log q(z) - log p(z), with its standard error.</summary>
    /// <exception cref="ArgumentException">The event shapes differ.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than 2 draws.</exception>
    public static Estimate Estimate(Distribution q, Distribution p, int draws, Key key) =>
        Discrepancy.Kl.Estimate(q, p, draws, key);

    /// <summary>KL(q || p) in closed form where one is known, else estimated from draws of q; the result says which.</summary>
    /// <exception cref="ArgumentException">The event shapes differ.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than 2 draws.</exception>
    public static Divergence Between(Distribution q, Distribution p, int draws, Key key) =>
        Discrepancy.Kl.Between(q, p, draws, key);

    /// <summary>
    /// KL(q_i || p_i) of each number of the event, of shape batch + event, where both laws are products over it; null where
    /// one is not.
    /// </summary>
    /// <exception cref="ArgumentException">The event shapes differ.</exception>
    public static Tensor? TryPerDimension(Distribution q, Distribution p)
    {
        ArgumentNullException.ThrowIfNull(q);
        ArgumentNullException.ThrowIfNull(p);
        return Interop.KeepIfAny(() => Core.Kl.tryPerDimension(q.Law, p.Law));
    }
}
