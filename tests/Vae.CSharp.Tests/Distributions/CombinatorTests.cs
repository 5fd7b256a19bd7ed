using System;
using System.Linq;
using Expecto;
using Expecto.CSharp;
using static TorchSharp.torch;

namespace VaeFunctional.Tests;

/// <summary>Laws made of other laws.</summary>
internal static class CombinatorTests
{
    private static readonly double HalfLogTwoPi = 0.5 * Math.Log(2 * Math.PI);

    public static readonly Test Tests = Runner.TestList(
        "laws of laws",
        [
            Scoped.Case(
                "a truncated law has the digits of the tail that it is cut from",
                () =>
                {
                    var law = new Normal(0, 1).Truncate(10, double.PositiveInfinity);
                    // 50-digit arithmetic.
                    Check.Close(law.Mass.ToNumber(), 7.6198530241605260660e-24, 1e-36, "its mass");
                    Check.Close(law.Mean.ToNumber(), 10.098093233962511963, 1e-12, "its mean");
                    Check.Equal(law.Cdf(TensorNumbers.Scalar(9)).ToNumber(), 0, "nothing is below the end");
                    Check.True(law.Base is Normal, "the law that is cut");
                    Check.Equal(law.Low.ToNumber(), 10, "the lower end");
                }
            ),
            Scoped.Case(
                "a law cut by numbers outlives the scope it is cut in",
                () =>
                {
                    Truncated law;

                    using (NewDisposeScope())
                    {
                        law = new Exponential(1).Truncate(1, 2);
                    }

                    Check.True(law.Sample(Key.FromSeed(0)).ToNumber() is > 1 and < 2, "a draw is between the ends");
                    Check.Equal(law.Cdf(TensorNumbers.Scalar(2)).ToNumber(), 1, "all is below the upper end");
                }
            ),
            Scoped.Case(
                "a transformed law of numbers keeps both tails",
                () =>
                {
                    var law = new Normal(0, 1).Transform(Transform.Exp);
                    Check.Close(law.Quantile(TensorNumbers.Scalar(0.5)).ToNumber(), 1, 1e-15, "its median");
                    Check.Close(law.Mean.ToNumber(), Math.Exp(0.5), 1e-13, "its mean");
                    var tail = law.Survival(TensorNumbers.Scalar(Math.Exp(10))).ToNumber();
                    Check.Close(tail, 7.6198530241605260660e-24, 1e-36, "its upper tail");
                    var density = law.LogProb(TensorNumbers.Scalar(Math.E)).ToNumber();
                    Check.Close(density, -1.5 - HalfLogTwoPi, 1e-15, "its log-density");
                    Check.True(law.Base is Normal && law.Transform.Name == "exp", "its parts");
                    Check.Equal(law.LogProb(TensorNumbers.Scalar(-1)).ToNumber(), double.NegativeInfinity, "outside");
                }
            ),
            Scoped.Case(
                "a law that is known only as a distribution is transformed to its class",
                () =>
                {
                    var line = Distribution.Parse("Normal(0, 1)").Transform(Transform.Tanh);
                    Check.True(line is TransformedUnivariate, "a law of numbers keeps its tails");
                    var plane = Distribution.Parse("Independent(Normal([0, 0], 1), 1)").Transform(Transform.Exp);
                    Check.True(plane is Transformed { Base: Independent }, "a law of vectors");
                }
            ),
            Scoped.Case(
                "laws that a mask leaves out count 0 nats",
                () =>
                {
                    var law = new Normal(TensorNumbers.Vector(0, 0), TensorNumbers.Vector(1, 1));
                    var masked = law.Mask(tensor(new[] { true, false }));
                    var nats = masked.LogProb(TensorNumbers.Vector(0, 0)).ToNumbers();
                    Check.Close(nats[0], -HalfLogTwoPi, 1e-15, "the first");
                    Check.Equal(nats[1], 0, "the second");
                    Check.Sequence(masked.Mask.ToNumbers(), [1, 0], "the mask");
                    Check.Sequence(Kl.Exact(masked, masked).ToNumbers(), [0, 0], "their divergence from themselves");
                }
            ),
            Scoped.Case(
                "zeros of another cause are a law of counts",
                () =>
                {
                    var law = ZeroInflated.OfLogits(NegativeBinomial.OfLogits(3, 0), 0);
                    Check.True(law.Base is NegativeBinomial, "the law of the others");
                    Check.Equal(law.Logits.ToNumber(), 0, "the logit");
                    Check.Close(law.Mean.ToNumber(), 1.5, 1e-15, "the mean");
                    Check.Close(
                        law.Cdf(TensorNumbers.Scalar(0)).ToNumber(),
                        0.5625,
                        1e-15,
                        "the distribution function"
                    );
                    var tensors = ZeroInflated.OfProbs(new Poisson(2), TensorNumbers.Vector(0.5, 0.1));
                    Check.Sequence(tensors.BatchShape, [2L], "two laws");
                    Check.True(Distribution.Parse("ZeroInflated(0.5, Poisson(2))") is ZeroInflated, "text");
                    Check.Refuses<ArgumentException>("law", () => ZeroInflated.OfProbs(new Normal(0, 1), 0.5));
                }
            ),
            Scoped.Case(
                "images of levels, grey and coloured",
                () =>
                {
                    var grey = DiscretizedLogisticMixture.Grey(zeros(2, 3, 3), ones(2, 1, 3, 3), ones(2, 1, 3, 3), 4);
                    Check.Sequence(grey.EventShape, [1L, 3, 3], "grey images");
                    Check.True(grey.Coefficients is null, "no coefficients");
                    Check.Equal(grey.Bins, 4, "levels");
                    var three = ones(2, 3, 3, 3);
                    var colour = DiscretizedLogisticMixture.Colour(zeros(2, 3, 3), three, three, zeros(2, 3, 3, 3));
                    Check.Sequence(colour.Sample(Key.FromSeed(1), 5).shape, [5L, 3, 3, 3], "draws");
                    Check.Sequence(colour.Logits.shape, [2L, 3, 3], "the logits");
                    Check.Sequence(colour.Loc.shape, colour.Scale.shape, "means and scales");
                    Check.Sequence(colour.Coefficients!.shape, [2L, 3, 3, 3], "coefficients");
                    Check.Throws<NotSupportedException>(() => _ = colour.Mean);
                }
            ),
            Scoped.Case(
                "a product of named parts is one law",
                () =>
                {
                    var z = new MultivariateNormal(
                        [0, 0],
                        new double[,]
                        {
                            { 1, 0 },
                            { 0, 1 },
                        }
                    );
                    var law = new Product(("z", z), ("count", new Poisson(3)));
                    Check.Sequence(law.EventShape, [3L], "the event");
                    Check.Sequence(law.Parts.Select(part => part.Name), ["z", "count"], "the names");
                    Check.True(law.Parts[1].Law is Poisson, "the second part");
                    var x = TensorNumbers.Vector(0, 0, 2);
                    Check.Sequence(law.Part("z", x).ToNumbers(), [0, 0], "the first part of a draw");
                    var expected = -2 * HalfLogTwoPi + Math.Log(4.5) - 3;
                    Check.Close(law.LogProb(x).ToNumber(), expected, 4e-15, "the log-density is the sum");
                    Check.Refuses<ArgumentException>("name", () => law.Part("w", x));
                }
            ),
            Scoped.Case(
                "a mixture of laws of several families",
                () =>
                {
                    var law = new MixtureOf(Categorical.OfLogits(0, 0), new Exponential(1), new Gamma(3, 1));
                    Check.Close(law.Mean.ToNumber(), 2, 1e-15, "its mean");
                    var density = law.LogProb(TensorNumbers.Scalar(2)).ToNumber();
                    Check.Close(density, Math.Log(1.5) - 2, 2e-15, "its log-density");
                    Check.True(law.Components[1] is Gamma, "its second component");
                    Check.Equal(law.Weights.Count, 2, "its weights");
                }
            ),
            Scoped.Case(
                "the aggregate of a batch is the mixture of its laws alike",
                () =>
                {
                    var laws = new Normal(TensorNumbers.Vector(-1, 1), TensorNumbers.Vector(1, 1));
                    var aggregate = Mixture.Aggregate(laws);
                    Check.Close(aggregate.Variance.ToNumber(), 2, 1e-15, "the variance within and between");
                    Check.True(aggregate.Components is Normal, "the components");
                }
            ),
            Scoped.Case(
                "a law that is conditional on a tensor",
                () =>
                {
                    var likelihood = new Conditional<Normal>(z => new Normal(z, z.exp()));
                    var zero = TensorNumbers.Scalar(0);
                    Check.Close(likelihood.LogProb(zero, zero).ToNumber(), -HalfLogTwoPi, 1e-15, "log p(0 | 0)");
                    var shifted = likelihood.On(z => z + 1).Map(law => law.Truncate(0, 2));
                    Check.Close(shifted.Given(zero).Mean.ToNumber(), 1, 1e-13, "the mean by symmetry");
                    var (x, y) = likelihood.Joint(new Normal(0, 1), Key.FromSeed(0), 4);
                    Check.Sequence(x.shape.Concat(y.shape), [4L, 4], "a y for each x");
                }
            ),
            Scoped.Refused("low", "an interval of no length", () => new Normal(0, 1).Truncate(1, 1)),
            Scoped.Refused("law", "a law of integers is not cut", () => new Poisson(1).Truncate(0, 5)),
            Scoped.Refused("law", "the power of a normal", () => new Normal(0, 1).Transform(Transform.Power(2))),
            Scoped.Refused("mask", "a mask of numbers", () => new Normal(0, 1).Mask(TensorNumbers.Scalar(1))),
            Scoped.Refused("parts", "a product of nothing", () => _ = new Product()),
            Scoped.Refused("laws", "the aggregate of one law", () => Mixture.Aggregate(new Normal(0, 1))),
            Scoped.Refused("components", "a mixture of too few", () => _ = new MixtureOf(Categorical.OfLogits(0, 0))),
        ]
    );
}
