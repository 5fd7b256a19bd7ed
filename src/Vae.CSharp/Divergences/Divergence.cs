namespace VaeFunctional;

/// <summary>A quantity estimated from draws, in nats, of the batch's shape.</summary>
/// <param name="Mean">The mean over the draws.</param>
/// <param name="StandardError">The standard error of that mean.</param>
public sealed record Estimate(Tensor Mean, Tensor StandardError);

/// <summary>KL(q || p), and how it was found.</summary>
/// <param name="Nats">The divergence of each member of the batch: exact, or the mean over draws.</param>
/// <param name="StandardError">The standard error of an estimate; null of an exact value.</param>
public sealed record Divergence(Tensor Nats, Tensor? StandardError)
{
    /// <summary>Whether a closed form gave the value.</summary>
    public bool IsExact => StandardError is null;
}
