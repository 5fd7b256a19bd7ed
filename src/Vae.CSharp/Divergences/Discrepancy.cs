using System;

namespace VaeFunctional;

/// <summary>A measure of how far two laws are apart, as a value: each is computed and estimated the same way.</summary>
public sealed class Discrepancy
{
    private readonly Core.Discrepancy core;

    private Discrepancy(Core.Discrepancy core) => this.core = core;

    /// <summary>
    /// <see cref="VaeFunctional.Kl"/> as one of these measures: E_q[log q(z) - log p(z)], in nats.
    /// </summary>
    public static Discrepancy Kl { get; } = new(Core.Kl.discrepancy);

    /// <summary>KL(p || q): the divergence with the expectation under the second law, in nats.</summary>
    public static Discrepancy ReverseKl { get; } = new(Core.ReverseKl.discrepancy);

    /// <summary>KL(q || p) + KL(p || q), symmetric, in nats (Jeffreys, 1946).</summary>
    public static Discrepancy Jeffreys { get; } = new(Core.Jeffreys.discrepancy);

    /// <summary>
    /// KL(q || m) / 2 + KL(p || m) / 2 with m the even mixture of the two: symmetric, and at most log 2 nats (Lin, 1991).
    /// </summary>
    public static Discrepancy JensenShannon { get; } = new(Core.JensenShannon.discrepancy);

    /// <summary>
    /// Pearson's chi-squared divergence, E_q[q/p] - 1: at least KL, without unit; infinite where the integral diverges, which
    /// draws do not show.
    /// </summary>
    public static Discrepancy ChiSquared { get; } = new(Core.ChiSquared.discrepancy);

    /// <summary>
    /// The square of Hellinger's distance, 1 - the integral of sqrt(q p): symmetric, between 0 and 1.
    /// </summary>
    public static Discrepancy SquaredHellinger { get; } = new(Core.Hellinger.squared);

    /// <summary>The largest difference of the two laws' probabilities of one event, between 0 and 1.</summary>
    public static Discrepancy TotalVariation { get; } = new(Core.TotalVariation.distance);

    /// <summary>
    /// The squared Wasserstein-2 distance, the least E|x - y|^2 over all ways to draw x of q and y of p together: exact for
    /// normal laws and their products, estimated for laws of single numbers.
    /// </summary>
    public static Discrepancy SquaredWasserstein2 { get; } = new(Core.Wasserstein2.squared);

    /// <summary>
    /// Renyi's divergence, log of the integral of q^a p^(1 - a) over a - 1, in nats: of order 1 it is KL, of 1/2 symmetric.
    /// </summary>
    /// <exception cref="ArgumentException">The order is not positive and finite.</exception>
    public static Discrepancy Renyi(double order) => new(Core.Renyi.order(order));

    /// <summary>The name, as errors and tables use it.</summary>
    public string Name => core.Name;

    /// <summary>The measure in closed form, for each member of the batch.</summary>
    /// <exception cref="ArgumentException">The event shapes differ.</exception>
    /// <exception cref="NotSupportedException">No closed form is known: the message names the pair.</exception>
    public Tensor Exact(Distribution q, Distribution p)
    {
        CheckPair(q, p);
        return Interop.Keep(() => Core.DiscrepancyModule.exact(core, q.Law, p.Law));
    }

    /// <summary>The measure in closed form, or null where none is known.</summary>
    /// <exception cref="ArgumentException">The event shapes differ.</exception>
    public Tensor? TryExact(Distribution q, Distribution p)
    {
        CheckPair(q, p);
        return Interop.KeepIfAny(() => Core.DiscrepancyModule.tryExact(core, q.Law, p.Law));
    }

    /// <summary>The measure from draws, with its standard error.</summary>
    /// <exception cref="ArgumentException">The event shapes differ.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than 2 draws.</exception>
    /// <exception cref="NotSupportedException">Draws of these laws do not give it.</exception>
    public Estimate Estimate(Distribution q, Distribution p, int draws, Key key)
    {
        CheckPair(q, p);
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 2);
        return VaeFunctional.Estimate.Keep(() =>
            Core.DiscrepancyModule.estimate(key.ToCore(), draws, core, q.Law, p.Law)
        );
    }

    /// <summary>The measure in closed form where one is known, else estimated from draws; the result says which.</summary>
    /// <exception cref="ArgumentException">The event shapes differ.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than 2 draws.</exception>
    /// <exception cref="NotSupportedException">No closed form is known, and draws of these laws do not give it.</exception>
    public Divergence Between(Distribution q, Distribution p, int draws, Key key)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 2);

        if (TryExact(q, p) is { } value)
        {
            return new Divergence(value, null);
        }

        var estimate = Estimate(q, p, draws, key);
        return new Divergence(estimate.Mean, estimate.StandardError) { Doubts = estimate.Doubts };
    }

    /// <summary>The name.</summary>
    public override string ToString() => core.Name;

    private static void CheckPair(Distribution q, Distribution p)
    {
        ArgumentNullException.ThrowIfNull(q);
        ArgumentNullException.ThrowIfNull(p);
    }
}
