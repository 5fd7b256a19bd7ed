using System;
using System.Collections.Generic;

namespace VaeFunctional;

/// <summary>The facade's law of a law of the core.</summary>
internal static class Wrapping
{
    private static readonly Dictionary<Type, Func<Core.Distribution, Distribution>> kinds = new()
    {
        [typeof(Core.Bernoulli)] = law => new Bernoulli((Core.Bernoulli)law),
        [typeof(Core.Categorical)] = law => new Categorical((Core.Categorical)law),
        [typeof(Core.Independent)] = law => new Independent((Core.Independent)law),
        [typeof(Core.MultivariateNormal)] = law => new MultivariateNormal((Core.MultivariateNormal)law),
        [typeof(Core.Normal)] = law => new Normal((Core.Normal)law),
    };

    public static Distribution Of(Core.Distribution law) => kinds[law.GetType()](law);

    /// <summary>The sample path of a law whose kind has one.</summary>
    public static Core.Reparameterized<Core.Distribution> PathOf(Core.Distribution law) =>
        Core.Laws.ofLaw(law)!.Value.Path!.Value.Invoke(law);
}
