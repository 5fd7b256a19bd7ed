using System;
using System.Linq;
using Expecto;
using Expecto.CSharp;
using TorchSharp;

namespace VaeFunctional.Tests;

internal static class KlTests
{
    /// <summary>KL(N(0,1) || N(1,2)).</summary>
    private static readonly double Known = Math.Log(2) + 2.0 / 8 - 0.5;

    private static Test Exact(string name, Func<(Distribution Q, Distribution P)> laws, double expected) =>
        Runner.TestCase(
            name,
            () =>
            {
                using var scope = torch.NewDisposeScope();
                var (q, p) = laws();
                Check.Close(Kl.Exact(q, p).ToNumber(), expected, 1e-14, name);
            }
        );

    /// <summary>A normal, N(0, 1), as a mixture of two equal ones, for which no closed form is known.</summary>
    private static Mixture Twice() =>
        new(Categorical.OfLogits(0, 1), new Normal(TensorNumbers.Vector(0, 0), TensorNumbers.Vector(1, 1)));

    private static MultivariateNormal Correlated() =>
        new(
            [1, 0],
            new[,]
            {
                { 1, 0 },
                { 0.4, Math.Sqrt(0.34) },
            }
        );

    public static readonly Test Tests = Runner.TestList(
        "KL",
        [
            Exact("two normals", () => (new Normal(0, 1), new Normal(1, 2)), Known),
            Exact(
                "two Bernoullis",
                () => (Bernoulli.OfLogits(0), Bernoulli.OfLogits(Math.Log(3))),
                0.5 * Math.Log(4.0 / 3)
            ),
            Exact(
                "two categoricals",
                () => (Categorical.OfLogits(Math.Log(2), 0, 0), Categorical.OfLogits(5, 5, 5)),
                Math.Log(3) - 1.5 * Math.Log(2)
            ),
            // tr(inv S) = 1.5 / 0.34, (1, 0) inv S (1, 0)' = 0.5 / 0.34, |S| = 0.34 of S = (1, 0.4; 0.4, 0.5)
            Exact(
                "a product of normals and a correlated normal",
                () =>
                    (
                        new Independent(new Normal(TensorNumbers.Vector(0, 0), TensorNumbers.Vector(1, 1)), 1),
                        Correlated()
                    ),
                0.5 * (2 / 0.34 - 2 + Math.Log(0.34))
            ),
            Exact(
                "two correlated normals",
                () =>
                    (
                        new MultivariateNormal(
                            [0, 0],
                            new double[,]
                            {
                                { 1, 0 },
                                { 0, 1 },
                            }
                        ),
                        Correlated()
                    ),
                0.5 * (2 / 0.34 - 2 + Math.Log(0.34))
            ),
            Exact(
                "a correlated normal and a product of normals",
                () =>
                    (
                        Correlated(),
                        new Independent(new Normal(TensorNumbers.Vector(0, 0), TensorNumbers.Vector(1, 1)), 1)
                    ),
                0.5 * (1.5 + 1 - 2 - Math.Log(0.34))
            ),
            Exact(
                "two products sum over their factors",
                () =>
                    (
                        new Independent(new Normal(TensorNumbers.Vector(0, 0), TensorNumbers.Vector(1, 1)), 1),
                        new Independent(new Normal(TensorNumbers.Vector(1, 1), TensorNumbers.Vector(2, 2)), 1)
                    ),
                2 * Known
            ),
            Exact(
                "laws of different families",
                () => (new Laplace(0, 1), new Normal(0, 1)),
                0.5 * Math.Log(2 * Math.PI) - Math.Log(2)
            ),
            Runner.TestCase(
                "two images by one transform are as far apart as what they are images of",
                () =>
                {
                    using var scope = torch.NewDisposeScope();
                    var transform = Transform.Chain(Transform.Affine(1, 2), Transform.Sigmoid);
                    var (q, p) = (new Normal(0, 1).Transform(transform), new Normal(1, 2).Transform(transform));
                    Check.Close(Kl.Exact(q, p).ToNumber(), Known, 1e-14, "the KL of the images");
                }
            ),
            Exact(
                "a law off the other's support",
                () => (new Normal(0, 1), Bernoulli.OfLogits(0)),
                double.PositiveInfinity
            ),
            Runner.TestCase(
                "a pair without a closed form is answered by name, or by null",
                () =>
                {
                    using var scope = torch.NewDisposeScope();
                    var message = Check
                        .Throws<NotSupportedException>(() => Kl.Exact(Twice(), new Normal(1, 2)))
                        .Message;
                    Check.Contains(message, "KL(Mixture(Normal) || Normal)");
                    Check.True(Kl.TryExact(Twice(), new Normal(1, 2)) is null, "TryExact gives null");
                }
            ),
            Runner.TestCase(
                "an estimate is within 6 standard errors of the truth",
                () =>
                {
                    using var scope = torch.NewDisposeScope();
                    var found = Kl.Between(Twice(), new Normal(1, 2), draws: 20_000, Key.FromSeed(11));
                    Check.True(!found.IsExact, "it says that it is an estimate");
                    var error = found.StandardError!.ToNumber();
                    Check.True(error is > 0 and < 0.02, $"the standard error is small: {error}");
                    Check.Close(found.Value.ToNumber(), Known, 6 * error, "the estimate");
                }
            ),
            Runner.TestCase(
                "an exact value says so",
                () =>
                {
                    using var scope = torch.NewDisposeScope();
                    var found = Kl.Between(new Normal(0, 1), new Normal(1, 2), draws: 2, Key.FromSeed(0));
                    Check.True(found.IsExact, "it is exact");
                    Check.Close(found.Value.ToNumber(), Known, 1e-15, "the value");
                }
            ),
            Runner.TestCase(
                "products have a divergence for each number of the event, other laws none",
                () =>
                {
                    using var scope = torch.NewDisposeScope();
                    var q = new Independent(new Normal(TensorNumbers.Vector(0, 1), TensorNumbers.Vector(1, 2)), 1);
                    var p = new Independent(new Normal(TensorNumbers.Vector(1, 1), TensorNumbers.Vector(2, 2)), 1);
                    var each = Kl.TryPerDimension(q, p)!.ToNumbers();
                    Check.Close(each[0], Known, 1e-15, "of the first");
                    Check.Equal(each[1], 0, "of the second");
                    Check.True(Kl.TryPerDimension(q, Correlated()) is null, "of a correlated normal there are none");
                }
            ),
            Runner.TestCase(
                "laws of other events are refused by name",
                () =>
                {
                    using var scope = torch.NewDisposeScope();
                    Check.Refuses<ArgumentException>("p", () => Kl.Exact(new Normal(0, 1), Correlated()));
                }
            ),
            Runner.TestCase(
                "the table names every pair that has a closed form, with its formula and page",
                () =>
                {
                    Check.True(
                        Kl.Rules.Any(rule =>
                            rule is { FirstLaw: "Independent", SecondLaw: "MultivariateNormal", Page: "kl-normal" }
                        ),
                        "a product of normals and a correlated normal"
                    );
                    Check.True(Kl.Rules.All(rule => rule.TeX.Length > 0 && rule.Page.Length > 0), "formulas and pages");
                    Check.Equal(
                        Kl.Rules.Select(rule => (rule.FirstLaw, rule.SecondLaw)).Distinct().Count(),
                        Kl.Rules.Count,
                        "the number of pairs"
                    );
                }
            ),
        ]
    );
}
