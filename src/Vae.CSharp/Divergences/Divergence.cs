using System.Collections.Generic;

namespace VaeFunctional;

/// <summary>How far two laws are apart, and how it was found.</summary>
/// <param name="Value">The divergence of each member of the batch: exact, or the mean over draws; KL is in nats.</param>
/// <param name="StandardError">The standard error of an estimate; null of an exact value.</param>
public sealed record Divergence(Tensor Value, Tensor? StandardError)
{
    /// <summary>Why an estimate is not to be believed, as <see cref="Estimate.Doubts"/> has it; empty of an exact value.</summary>
    public IReadOnlyList<string?> Doubts { get; init; } = [];

    /// <summary>Whether a closed form gave the value.</summary>
    public bool IsExact => StandardError is null;
}
