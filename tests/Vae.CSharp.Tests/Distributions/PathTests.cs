using System;
using System.Linq;
using Expecto;
using Expecto.CSharp;
using TorchSharp;
using static TorchSharp.torch;

namespace VaeFunctional.Tests;

/// <summary>Gradients through draws.</summary>
internal static class PathTests
{
    private static Tensor Parameters(params double[] values) => TensorNumbers.Vector(values).requires_grad_();

    /// <summary>A path gives the draws of the law's sampler for the same key.</summary>
    private static Test Same(string name, Func<Distribution> law) =>
        Scoped.Case(
            $"the path of {name} gives the draws of its sampler",
            () =>
            {
                var made = law();
                var draws = made.Path!.Draw(Key.FromSeed(3), 4);
                Check.Sequence(draws.ToNumbers(), made.Sample(Key.FromSeed(3), 4).ToNumbers(), "the draws");
                var noise = made.Path!.Noise(Key.FromSeed(3), 4);
                Check.Sequence(made.Path!.Push(noise).ToNumbers(), draws.ToNumbers(), "the noise pushed");
            }
        );

    private static Normal Two() => new(TensorNumbers.Vector(0, 1), TensorNumbers.Vector(1, 2));

    public static readonly Test Tests = Runner.TestList(
        "sample paths",
        [
            Same("a product", () => new Independent(Two(), 1)),
            Same("a masked law", () => Two().Mask(tensor(new[] { true, false }))),
            Same("a transformed law of numbers", () => new Gamma(2, 1).Transform(Transform.Affine(0, -1))),
            Same("a flow", () => new Independent(Two(), 1).Transform(Transform.Permute(1, 0))),
            Same("what is parsed", () => Distribution.Parse("Independent(Beta([1, 2], 3), 1)")),
            Scoped.Case(
                "gradients pass through the draws of a flow",
                () =>
                {
                    var loc = Parameters(0, 1);
                    var flow = new Independent(new Normal(loc, TensorNumbers.Vector(1, 2)), 1).Transform(Transform.Exp);
                    var draws = flow.Path!.Draw(Key.FromSeed(5), 3);
                    draws.sum().backward();
                    // The derivative of e^(loc + scale noise) in loc is itself.
                    Check.Sequence(loc.grad!.ToNumbers(), draws.sum(dim: 0).ToNumbers(), "the gradient");
                }
            ),
            Scoped.Case(
                "an implicit path differentiates once, and says so",
                () =>
                {
                    var rate = Parameters(2);
                    var law = new Gamma(TensorNumbers.Vector(3), rate);
                    Check.Equal(law.Order(), PathOrder.Once, "the order of a gamma's path");
                    Check.Equal(new Normal(0, 1).Order(), PathOrder.Smooth, "of a normal's");
                    var draw = law.Draw(Key.FromSeed(7));
                    draw.sum().backward();
                    Check.Close(rate.grad!.ToNumber(), -draw.ToNumber() / 2, 1e-15, "the derivative in the rate");
                }
            ),
            Scoped.Case(
                "laws without a path have none, and a law with one is its own",
                () =>
                {
                    var normal = new Normal(0, 1);
                    Check.True(ReferenceEquals(normal.Path, normal), "a normal's");
                    Check.True(new Poisson(1).Path is null, "a Poisson's");
                    Check.True(new Independent(new Poisson(TensorNumbers.Vector(1, 2)), 1).Path is null, "a product's");
                }
            ),
            Scoped.Case(
                "straight-through draws are discrete, with the gradient of the relaxed ones",
                () =>
                {
                    var logits = Parameters(0.5, -1, 0);
                    var relaxed = RelaxedOneHotCategorical.OfLogits(TensorNumbers.Scalar(0.5), logits);
                    var discrete = relaxed.StraightThrough();
                    Check.True(discrete.Law is OneHotCategorical, "the law of the draws");
                    var draws = discrete.Draw(Key.FromSeed(9), 20);
                    Check.True(draws.ToNumbers().All(x => x is 0 or 1), "each number is 0 or 1");
                    draws[TensorIndex.Colon, 0].sum().backward();
                    var through = logits.grad!.ToNumbers();
                    logits.grad!.zero_();
                    relaxed.Draw(Key.FromSeed(9), 20)[TensorIndex.Colon, 0].sum().backward();
                    Check.Sequence(through, logits.grad!.ToNumbers(), "the gradient");
                    var coin = RelaxedBernoulli.OfLogits(0.5, 1).StraightThrough();
                    Check.True(coin.Draw(Key.FromSeed(1), 9).ToNumbers().All(x => x is 0 or 1), "coins are 0 or 1");
                }
            ),
        ]
    );
}
