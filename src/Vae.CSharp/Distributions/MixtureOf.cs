using System;
using System.Collections.Generic;
using System.Linq;

namespace VaeFunctional;

/// <summary>A mixture of laws of any families over the same events; <see cref="Mixture"/> is that of one family.</summary>
public sealed class MixtureOf : Distribution
{
    internal MixtureOf(Core.MixtureOf law)
        : base(law)
    {
        Weights = new Categorical(law.Weights);
        Components = Array.AsReadOnly(law.Components.Select(Wrapping.Of).ToArray());
    }

    /// <summary>The mixture by weights over the components' number.</summary>
    /// <exception cref="ArgumentException">
    /// The weights are of another number, the components' events, batches or precisions differ, or there is none whose
    /// support contains the others'.
    /// </exception>
    public MixtureOf(Categorical weights, params Distribution[] components)
        : this(
            Core.MixtureOf.Create(
                Interop.Given(weights).Own,
                Interop.Given(components).Select(law => Interop.Given(law, nameof(components)).Law).ToCoreList()
            )
        ) { }

    /// <summary>The law of the component.</summary>
    public Categorical Weights { get; }

    /// <summary>The components, in the order of the weights.</summary>
    public IReadOnlyList<Distribution> Components { get; }
}
