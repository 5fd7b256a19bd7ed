using System;
using System.Linq;
using Expecto;
using Expecto.CSharp;
using TorchSharp;

namespace VaeFunctional.Tests;

internal static class DistributionTests
{
    private static readonly double HalfLogTwoPi = 0.5 * Math.Log(2 * Math.PI);

    private static Test LogProb(string name, Func<Distribution> law, double x, double expected) =>
        Runner.TestCase(
            $"log-density of {name}",
            () =>
            {
                using var scope = torch.NewDisposeScope();
                Check.Close(law().LogProb(TensorNumbers.Scalar(x)).ToNumber(), expected, 1e-14, name);
            }
        );

    public static readonly Test Tests = Runner.TestList(
        "distributions",
        [
            LogProb("a normal", () => new Normal(1, 2), 3, -0.5 - Math.Log(2) - HalfLogTwoPi),
            LogProb("a Bernoulli", () => Bernoulli.OfLogits(Math.Log(3)), 1, Math.Log(0.75)),
            LogProb("a categorical", () => Categorical.OfLogits(Math.Log(1), Math.Log(3)), 1, Math.Log(0.75)),
            LogProb(
                "a mixture",
                () =>
                    new Mixture(
                        Categorical.OfLogits(0, 0),
                        new Normal(TensorNumbers.Vector(-1, 1), TensorNumbers.Vector(1, 1))
                    ),
                0,
                -0.5 - HalfLogTwoPi
            ),
            Runner.TestCase(
                "the log-density of a product is the sum over the event",
                () =>
                {
                    using var scope = torch.NewDisposeScope();
                    var each = new Normal(TensorNumbers.Vector(0, 1), TensorNumbers.Vector(1, 2));
                    var product = new Independent(each, 1);
                    var x = TensorNumbers.Vector(0.5, -0.5);
                    Check.Sequence(product.EventShape, [2L], "the event");
                    Check.Sequence(product.BatchShape, [], "the batch");
                    Check.Close(product.LogProb(x).ToNumber(), each.LogProb(x).ToNumbers().Sum(), 1e-15, "the sum");
                }
            ),
            Runner.TestCase(
                "draws have the shape draws + batch + event, and equal keys give equal ones",
                () =>
                {
                    using var scope = torch.NewDisposeScope();
                    var law = new MultivariateNormal(
                        [1, 2],
                        new double[,]
                        {
                            { 1, 0 },
                            { 0.5, 2 },
                        }
                    );
                    var draws = law.Sample(Key.FromSeed(1), 3, 4);
                    Check.Sequence(draws.shape, [3L, 4, 2], "the shape");
                    Check.Sequence(law.Sample(Key.FromSeed(1), 3, 4).ToNumbers(), draws.ToNumbers(), "the draws");
                    Check.Sequence(
                        law.Push(law.Noise(Key.FromSeed(1), 3, 4)).ToNumbers(),
                        draws.ToNumbers(),
                        "noise pushed"
                    );
                }
            ),
            Runner.TestCase(
                "means and variances",
                () =>
                {
                    using var scope = torch.NewDisposeScope();
                    var mixture = new Mixture(
                        Categorical.OfLogits(0, 0),
                        new Normal(TensorNumbers.Vector(-1, 1), TensorNumbers.Vector(1, 1))
                    );
                    Check.Close(mixture.Mean.ToNumber(), 0, 1e-15, "the mean of a mixture");
                    Check.Close(mixture.Variance.ToNumber(), 2, 1e-15, "its variance");
                    Check.Equal(new Normal(1, 2).Variance.ToNumber(), 4, "the variance of a normal");
                    Check.Equal(Bernoulli.OfLogits(0).Mean.ToNumber(), 0.5, "the mean of a Bernoulli");
                }
            ),
            Runner.TestCase(
                "laws of numbers outlive the scope they are made in, and can be used in scope after scope",
                () =>
                {
                    Distribution[] laws;

                    using (torch.NewDisposeScope())
                    {
                        laws =
                        [
                            new Normal(0, 2),
                            new MultivariateNormal(
                                [0],
                                new double[,]
                                {
                                    { 2 },
                                }
                            ),
                            Bernoulli.OfLogits(1),
                            Categorical.OfLogits(0, 1),
                        ];
                    }

                    foreach (var law in laws)
                    {
                        foreach (var _ in Enumerable.Range(0, 2))
                        {
                            using var scope = torch.NewDisposeScope();
                            var x = law.Sample(Key.FromSeed(0), 1);
                            Check.True(double.IsFinite(law.LogProb(x).ToNumber()), $"log-density of {law.Name}");
                            Check.Close(Kl.Exact(law, law).ToNumber(), 0, 1e-15, $"KL of {law.Name} from itself");
                        }
                    }
                }
            ),
            Runner.TestCase(
                "parameters and parts are the law's own",
                () =>
                {
                    using var scope = torch.NewDisposeScope();
                    var normal = new Normal(
                        TensorNumbers.Matrix(
                            new double[,]
                            {
                                { 1, 2 },
                            }
                        ),
                        TensorNumbers.Vector(2, 4)
                    );
                    Check.Sequence(normal.Loc.ToNumbers(), [1, 2], "the mean");
                    Check.Sequence(normal.Scale.ToNumbers(), [2, 4], "the scale");
                    Check.Close(normal.LogScale.ToNumbers()[1], Math.Log(4), 1e-15, "the log-scale");
                    var product = new Independent(new Independent(normal, 1), 1);
                    Check.Equal(product.Dimensions, 2, "dimensions of the event");
                    Check.Sequence(((Normal)product.Base).Scale.ToNumbers(), [2, 4], "the scale of its base");
                    var grey = Bernoulli.OfLogits(Math.Log(3)).CrossEntropy(TensorNumbers.Scalar(0.5));
                    Check.Close(grey.ToNumber(), -0.5 * Math.Log(3.0 / 16), 1e-15, "the cross-entropy of grey");
                }
            ),
            Runner.TestCase(
                "supports say what they contain",
                () =>
                {
                    using var scope = torch.NewDisposeScope();
                    var (reals, bits) = (new Normal(0, 1).Support, Bernoulli.OfLogits(0).Support);
                    Check.Sequence(
                        bits.Contains(TensorNumbers.Vector(0, 0.5, 1)).ToNumbers(),
                        [1.0, 0, 1],
                        "which are 0 or 1"
                    );
                    Check.True(Categorical.OfLogits(0, 0).Support.IsWithin(bits), "two categories are within {0, 1}");
                    Check.True(!reals.IsWithin(bits), "the reals are not");
                }
            ),
        ]
    );
}
