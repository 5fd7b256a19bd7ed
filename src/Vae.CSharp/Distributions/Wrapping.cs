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
            Core.Beta own => new Beta(own),
            Core.BetaBinomial own => new BetaBinomial(own),
            Core.Binomial own => new Binomial(own),
            Core.Categorical own => new Categorical(own),
            Core.Cauchy own => new Cauchy(own),
            Core.Chi own => new Chi(own),
            Core.Chi2 own => new Chi2(own),
            Core.ContinuousBernoulli own => new ContinuousBernoulli(own),
            Core.Delta own => new Delta(own),
            Core.Dirichlet own => new Dirichlet(own),
            Core.DirichletMultinomial own => new DirichletMultinomial(own),
            Core.DiscretizedLogistic own => new DiscretizedLogistic(own),
            Core.DiscretizedLogisticMixture own => new DiscretizedLogisticMixture(own),
            Core.Exponential own => new Exponential(own),
            Core.Gamma own => new Gamma(own),
            Core.Geometric own => new Geometric(own),
            Core.Gumbel own => new Gumbel(own),
            Core.HalfCauchy own => new HalfCauchy(own),
            Core.HalfNormal own => new HalfNormal(own),
            Core.Independent own => new Independent(own),
            Core.InverseGamma own => new InverseGamma(own),
            Core.Kumaraswamy own => new Kumaraswamy(own),
            Core.Laplace own => new Laplace(own),
            Core.LkjCholesky own => new LkjCholesky(own),
            Core.LogNormal own => new LogNormal(own),
            Core.Logistic own => new Logistic(own),
            Core.LogitNormal own => new LogitNormal(own),
            Core.LowRankMultivariateNormal own => new LowRankMultivariateNormal(own),
            Core.Masked own => new Masked(own),
            Core.Mixture own => new Mixture(own),
            Core.MixtureOf own => new MixtureOf(own),
            Core.Multinomial own => new Multinomial(own),
            Core.MultivariateNormal own => new MultivariateNormal(own),
            Core.NegativeBinomial own => new NegativeBinomial(own),
            Core.Normal own => new Normal(own),
            Core.OneHotCategorical own => new OneHotCategorical(own),
            Core.Pareto own => new Pareto(own),
            Core.Poisson own => new Poisson(own),
            Core.PowerSpherical own => new PowerSpherical(own),
            Core.Product own => new Product(own),
            Core.RelaxedBernoulli own => new RelaxedBernoulli(own),
            Core.RelaxedOneHotCategorical own => new RelaxedOneHotCategorical(own),
            Core.SphericalUniform own => new SphericalUniform(own),
            Core.StudentT own => new StudentT(own),
            Core.Transformed own => new Transformed(own),
            Core.TransformedUnivariate own => new TransformedUnivariate(own),
            Core.Truncated own => new Truncated(own),
            Core.TruncatedNormal own => new TruncatedNormal(own),
            Core.Uniform own => new Uniform(own),
            Core.VonMises own => new VonMises(own),
            Core.VonMisesFisher own => new VonMisesFisher(own),
            Core.Weibull own => new Weibull(own),
            Core.Wishart own => new Wishart(own),
            Core.WrappedNormal own => new WrappedNormal(own),
            Core.ZeroInflated own => new ZeroInflated(own),
            _ => throw new NotSupportedException($"{law.Name} has no class in C#"),
        };
}
