using System;

namespace VaeFunctional;

/// <summary>
/// A mixture of n laws of one family: the components' last batch dimension, of size n, is what is mixed over, by weights
/// over n with the remaining batch.
/// </summary>
public sealed class Mixture : Distribution
{
    /// <summary>The mixture of components by weights.</summary>
    /// <exception cref="ArgumentException">Weights and components do not count alike.</exception>
    public Mixture(Categorical weights, Distribution components)
        : base(Core.Mixture.Create(Interop.Given(weights).Weights, Interop.Given(components).Law))
    {
        Weights = weights;
        Components = components;
    }

    /// <summary>The law of the component.</summary>
    public Categorical Weights { get; }

    /// <summary>The components, side by side in the last dimension of their batch.</summary>
    public Distribution Components { get; }
}
