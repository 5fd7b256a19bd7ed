using System;

namespace VaeFunctional;

/// <summary>The facade's law of a law of the core.</summary>
internal static class Wrapping
{
    public static UnivariateDistribution Of(Core.Univariate law) => (UnivariateDistribution)Of((Core.Distribution)law);

    public static Distribution Of(Core.Distribution law) =>
        law switch
        {
            Core.Bernoulli own => new Bernoulli(own),
            Core.Categorical own => new Categorical(own),
            Core.Independent own => new Independent(own),
            Core.Masked own => new Masked(own),
            Core.Mixture own => new Mixture(own),
            Core.MixtureOf own => new MixtureOf(own),
            Core.MultivariateNormal own => new MultivariateNormal(own),
            Core.Normal own => new Normal(own),
            Core.Product own => new Product(own),
            Core.Transformed own => new Transformed(own),
            Core.TransformedUnivariate own => new TransformedUnivariate(own),
            Core.Truncated own => new Truncated(own),
            _ => throw new NotSupportedException($"{law.Name} has no class in C#"),
        };
}
