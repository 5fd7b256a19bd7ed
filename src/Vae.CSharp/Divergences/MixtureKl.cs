using System;

namespace VaeFunctional;

/// <summary>
/// KL between mixtures, which has no closed form: upper bounds and an approximation, in nats, of the components' divergences.
/// A law that is no mixture is one of a single component.
/// </summary>
public static class MixtureKl
{
    /// <summary>sum_ij w_i v_j KL(q_i || p_j), which is at least KL(q || p).</summary>
    /// <exception cref="ArgumentException">The components of a mixture cannot be told apart.</exception>
    /// <exception cref="NotSupportedException">No closed form is known of two components.</exception>
    public static Tensor ConvexUpperBound(Distribution q, Distribution p) => Of(Core.MixtureKl.convexUpperBound, q, p);

    /// <summary>KL(w || v) + sum_i w_i KL(q_i || p_i) for mixtures of as many components, which is at least KL(q || p).</summary>
    /// <exception cref="ArgumentException">
    /// The mixtures are of different numbers of components, or these cannot be told apart.
    /// </exception>
    /// <exception cref="NotSupportedException">No closed form is known of two components.</exception>
    public static Tensor MatchedUpperBound(Distribution q, Distribution p) =>
        Of(Core.MixtureKl.matchedUpperBound, q, p);

    /// <summary>
    /// The variational approximation of Hershey and Olsen (2007): no bound, 0 for equal mixtures, and exact for single
    /// components.
    /// </summary>
    /// <exception cref="ArgumentException">The components of a mixture cannot be told apart.</exception>
    /// <exception cref="NotSupportedException">No closed form is known of two components.</exception>
    public static Tensor VariationalApproximation(Distribution q, Distribution p) =>
        Of(Core.MixtureKl.variationalApproximation, q, p);

    private static Tensor Of(Func<Core.Distribution, Core.Distribution, Tensor> formula, Distribution q, Distribution p)
    {
        ArgumentNullException.ThrowIfNull(q);
        ArgumentNullException.ThrowIfNull(p);
        return Interop.Keep(() => formula(q.Law, p.Law));
    }
}
