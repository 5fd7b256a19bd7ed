using System;
using System.Linq;
using Expecto;
using Expecto.CSharp;

namespace VaeFunctional.Tests;

/// <summary>Laws by their closed forms, as a stranger would look them up.</summary>
internal static class KnownLawTests
{
    private static Test LogProb(string name, Func<Distribution> law, double[] x, double expected) =>
        Scoped.Case(
            $"log-density of {name}",
            () =>
            {
                var at = law().EventShape.Length == 0 ? TensorNumbers.Scalar(x[0]) : TensorNumbers.Vector(x);
                Check.Close(law().LogProb(at).ToNumber(), expected, 4e-15 * Math.Max(1, Math.Abs(expected)), name);
            }
        );

    /// <summary>Both tails, and the quantiles back, to 1e-13 of their size.</summary>
    private static Test Tails(string name, Func<UnivariateDistribution> law, double x, double lower, double upper) =>
        Scoped.Case(
            $"tails of {name}",
            () =>
            {
                var at = TensorNumbers.Scalar(x);
                Check.Close(law().Cdf(at).ToNumber(), lower, 1e-13 * lower, "P(X <= x)");
                Check.Close(law().Survival(at).ToNumber(), upper, 1e-13 * upper, "P(X > x)");
                var back = upper < lower ? law().UpperQuantile(law().Survival(at)) : law().Quantile(law().Cdf(at));
                Check.Close(back.ToNumber(), x, 1e-13 * x, "the quantile");
            }
        );

    private static double[,] Diagonal(double first, double second) =>
        new[,]
        {
            { first, 0 },
            { 0, second },
        };

    public static readonly Test Tests = Runner.TestList(
        "laws by their closed forms",
        [
            LogProb("a Laplace", () => new Laplace(1, 2), [-3], -2 - Math.Log(4)),
            LogProb("a Cauchy", () => new Cauchy(0, 2), [2], -Math.Log(4 * Math.PI)),
            LogProb("a Gumbel", () => new Gumbel(1, 1), [1], -1),
            LogProb("a Student's t", () => new StudentT(1), [1], -Math.Log(2 * Math.PI)),
            LogProb("a uniform", () => new Uniform(-1, 3), [3], -Math.Log(4)),
            LogProb("a log-normal", () => new LogNormal(0, 1), [1], -0.5 * Math.Log(2 * Math.PI)),
            LogProb("levels of grey", () => new DiscretizedLogistic(0, 1, 2), [0], -Math.Log(1 + Math.Exp(-0.5))),
            LogProb("a gamma", () => new Gamma(2, 3), [0.5], 2 * Math.Log(3) - Math.Log(2) - 1.5),
            LogProb("a beta", () => new Beta(2, 3), [0.25], Math.Log(12 * 0.25 * 0.5625)),
            LogProb("a Pareto", () => new Pareto(2, 3), [4], Math.Log(3 * 8 / 256.0)),
            LogProb("a Weibull", () => new Weibull(1, 2), [3], Math.Log(6) - 9),
            LogProb("a Dirichlet", () => new Dirichlet(1, 2, 3), [0.2, 0.3, 0.5], Math.Log(60 * 0.3 * 0.25)),
            LogProb("a Poisson", () => new Poisson(3), [2], Math.Log(4.5) - 3),
            LogProb("a binomial", () => Binomial.OfLogits(4, 0), [1], Math.Log(0.25)),
            LogProb("a multinomial", () => Multinomial.OfLogits(3, 0, 0), [1, 2], Math.Log(0.375)),
            LogProb("a one-hot", () => OneHotCategorical.OfLogits(Math.Log(3), 0), [1, 0], Math.Log(0.75)),
            LogProb("a Bernoulli by its probability", () => Bernoulli.OfProbs(0.3), [1], Math.Log(0.3)),
            LogProb("a certain Bernoulli", () => Bernoulli.OfProbs(1), [0], double.NegativeInfinity),
            LogProb("a geometric by its probability", () => Geometric.OfProbs(0.25), [2], Math.Log(0.25 * 0.5625)),
            LogProb("a binomial by its probability", () => Binomial.OfProbs(2, 0.3), [2], 2 * Math.Log(0.3)),
            LogProb(
                "a negative binomial by its probability",
                () => NegativeBinomial.OfProbs(2, 0.3),
                [0],
                2 * Math.Log(0.7)
            ),
            LogProb("a masked category", () => Categorical.OfProbs(0, 1, 3), [2], Math.Log(0.75)),
            LogProb("an impossible category", () => Categorical.OfProbs(0, 1, 3), [0], double.NegativeInfinity),
            LogProb("a masked logit", () => OneHotCategorical.OfLogits(0, double.NegativeInfinity), [1, 0], 0),
            LogProb("a masked count", () => Multinomial.OfProbs(2, 1, 0, 1), [1, 0, 1], Math.Log(0.5)),
            LogProb(
                "a normal by its covariance",
                () => MultivariateNormal.OfCovariance([0, 0], Diagonal(4, 9)),
                [0, 0],
                -Math.Log(2 * Math.PI * 6)
            ),
            LogProb(
                "a normal by its factor",
                () => MultivariateNormal.OfScaleTril([0, 0], Diagonal(2, 3)),
                [0, 0],
                -Math.Log(2 * Math.PI * 6)
            ),
            LogProb("a text of a mixture", () => Distribution.Parse("Mixture([1, 0], Delta([2, 3]))"), [2], 0),
            LogProb(
                "a text of a truncated law",
                () => Distribution.Parse("Truncated(Normal(0, 1), low=0, high=inf)"),
                [0.5],
                Math.Log(2) - 0.5 * Math.Log(2 * Math.PI) - 0.125
            ),
            LogProb(
                "another zero",
                () => ZeroInflated.OfProbs(new Poisson(2), 0.25),
                [0],
                Math.Log(0.25 + 0.75 * Math.Exp(-2))
            ),
            LogProb(
                "a text of a law with another zero",
                () => Distribution.Parse("ZeroInflated(0.25, Poisson(2))"),
                [1],
                Math.Log(1.5) - 2
            ),
            LogProb("directions", () => new SphericalUniform(3), [0, 0, 1], -Math.Log(4 * Math.PI)),
            LogProb("a point", () => new Delta(2), [2], 0),
            Tails("a Laplace", () => new Laplace(0, 1), 600, 1, 0.5 * Math.Exp(-600)),
            Tails("a logistic", () => new Logistic(0, 1), 700, 1, Math.Exp(-700)),
            Tails("a half-Cauchy", () => new HalfCauchy(1), 1e20, 1, 2e-20 / Math.PI),
            Tails("an exponential", () => new Exponential(2), 350, 1, Math.Exp(-700)),
            Tails("a gamma", () => new Gamma(2, 3), 100, 1, 301 * Math.Exp(-300)),
            Tails("a Kumaraswamy", () => new Kumaraswamy(100, 1), 1e-3, 1e-300, 1),
            // 50-digit arithmetic.
            Tails("a normal", () => new Normal(0, 1), 10, 1, 7.6198530241605260660e-24),
            Scoped.Case(
                "moments, modes and entropies",
                () =>
                {
                    Check.Equal(new Cauchy(0, 1).Mean.ToNumber(), double.NaN, "the mean of a Cauchy");
                    Check.Equal(new StudentT(2).Variance.ToNumber(), double.PositiveInfinity, "that of a Student's t");
                    Check.Close(new LogNormal(0, 1).OfLog.Scale.ToNumber(), 1, 0, "the scale of the logarithm");
                    Check.Close(new Weibull(3, 0.5).Mean.ToNumber(), 6, 1e-14, "the mean of a Weibull");
                    Check.Close(Binomial.OfLogits(10, 0).Variance.ToNumber(), 2.5, 1e-15, "the variance of a binomial");
                    Check.Equal(new Pareto(1, 2).Variance.ToNumber(), double.PositiveInfinity, "that of a Pareto");
                    Check.Close(new Gamma(3, 4).Mode!.ToNumber(), 0.5, 1e-15, "the mode of a gamma");
                    Check.Close(new Exponential(2).Entropy!.ToNumber(), 1 - Math.Log(2), 1e-15, "an entropy");
                    Check.Equal(new Delta(7).Variance.ToNumber(), 0, "the variance of a point");
                    Check.Throws<NotSupportedException>(() => _ = RelaxedOneHotCategorical.OfLogits(1, 0, 0).Mean);
                }
            ),
            Scoped.Case(
                "laws of vectors and matrices are made of numbers",
                () =>
                {
                    var lowRank = new LowRankMultivariateNormal(
                        [1, 2],
                        new double[,]
                        {
                            { 1 },
                            { 2 },
                        },
                        [1, 1]
                    );
                    Check.Sequence(lowRank.Variance.ToNumbers(), [2, 5], "1 and 4 of the factor, 1 of their own");
                    Check.Sequence(lowRank.Factor.shape, [2L, 1], "the factor");
                    var wishart = new Wishart(
                        3,
                        new double[,]
                        {
                            { 1, 0 },
                            { 0, 2 },
                        }
                    );
                    Check.Sequence(wishart.Mean.ToNumbers(), [3, 0, 0, 12], "the mean of a Wishart");
                    Check.Sequence(new LkjCholesky(3, 1).EventShape, [3L, 3], "a factor of correlations");
                    var sphere = new VonMisesFisher([0.6, 0.8], 5);
                    Check.Sequence(sphere.Mode!.ToNumbers(), [0.6, 0.8], "the mode of a von Mises-Fisher");
                }
            ),
            Scoped.Case(
                "parameters are refused by name",
                () =>
                {
                    Check.Refuses<ArgumentException>("low", () => _ = new Uniform(1, 1));
                    Check.Refuses<ArgumentException>("df", () => _ = new StudentT(0));
                    Check.Refuses<ArgumentException>("rate", () => _ = new Gamma(1, 0));
                    Check.Refuses<ArgumentException>("concentration", () => _ = new Gamma(double.NaN, 1));
                    Check.Refuses<ArgumentException>("concentration", () => _ = new Dirichlet(1));
                    Check.Refuses<ArgumentException>("concentration", () => _ = new VonMisesFisher([0, 1], 0));
                    Check.Refuses<ArgumentException>("totalCount", () => _ = Binomial.OfLogits(-1, 0));
                    Check.Refuses<ArgumentException>("dimension", () => _ = new LkjCholesky(1, 1));
                    Check.Refuses<ArgumentException>("p", () => new Beta(1, 1).Quantile(TensorNumbers.Scalar(2)));
                    Check.Refuses<ArgumentNullException>("loc", () => _ = new PowerSpherical((double[])null!, 1));
                    Check.Refuses<ArgumentNullException>("rate", () => _ = new Poisson(null!));
                }
            ),
            Scoped.Case(
                "what is parsed is the law",
                () =>
                {
                    var law = (Gamma)Distribution.Parse("gamma(rate=[1, 2], concentration=3)");
                    Check.Sequence(law.Rate.ToNumbers(), [1, 2], "the rates");
                    var product = (Independent)Distribution.Parse("Independent(Exponential([1, 2]), 1)");
                    Check.True(product.Base is Exponential, "the base is exponential");
                    Check.Contains(
                        Check.Throws<FormatException>(() => Distribution.Parse("Gama(1, 2)")).Message,
                        "did you mean Gamma?"
                    );
                }
            ),
        ]
    );
}
