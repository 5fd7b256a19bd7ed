using System;

namespace VaeFunctional;

/// <summary>
/// A mixture of n laws of one family: the components' last batch dimension, of size n, is what is mixed over, by weights
/// over n with the remaining batch.
/// </summary>
public sealed class Mixture : Distribution
{
    internal Mixture(Core.Mixture law)
        : base(law)
    {
        Weights = new Categorical(law.Weights);
        Components = Wrapping.Of(law.Components);
    }

    /// <summary>The mixture of components by weights.</summary>
    /// <exception cref="ArgumentException">Weights and components do not count alike.</exception>
    public Mixture(Categorical weights, Distribution components)
        : this(Core.Mixture.Create(Interop.Given(weights).Own, Interop.Given(components).Law)) { }

    /// <summary>
    /// The aggregate of a batch of laws, such as the posteriors of a data set: q(z) = 1/n sum_i q(z | x_i), over the last
    /// dimension of their batch.
    /// </summary>
    /// <exception cref="ArgumentException">The law has no batch.</exception>
    public static Mixture Aggregate(Distribution laws)
    {
        ArgumentNullException.ThrowIfNull(laws);
        return new Mixture(Interop.Own(() => Core.MixtureModule.aggregate(laws.Law)));
    }

    /// <summary>The law of the component.</summary>
    public Categorical Weights { get; }

    /// <summary>The components, side by side in the last dimension of their batch.</summary>
    public Distribution Components { get; }
}
