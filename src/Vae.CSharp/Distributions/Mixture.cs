using System;

namespace VaeFunctional;

/// <summary>
/// A mixture of n laws of one family: the components' last batch dimension, of size n, is what is mixed over, by weights
/// over n with the remaining batch.
/// </summary>
public sealed class Mixture : Distribution
{
    private readonly Core.Mixture law;

    /// <summary>The mixture of components by weights.</summary>
    /// <exception cref="ArgumentException">Weights and components do not count alike.</exception>
    public Mixture(Categorical weights, Distribution components)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(components);
        law = Core.Mixture.Create(weights.Weights, components.Law);
        Weights = weights;
        Components = components;
    }

    internal override Core.Distribution Law => law;

    /// <summary>The law of the component.</summary>
    public Categorical Weights { get; }

    /// <summary>The components, side by side in the last dimension of their batch.</summary>
    public Distribution Components { get; }
}
