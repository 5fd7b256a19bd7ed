using System;
using System.Linq;
using Expecto;
using Expecto.CSharp;
using static TorchSharp.torch;

namespace VaeFunctional.Tests;

/// <summary>Measures of how far two laws are apart, beside KL.</summary>
internal static class DiscrepancyTests
{
    private static readonly Normal Standard = new(0, 1);

    private static readonly Normal Moved = new(1, 1);

    /// <summary>Of N(0, 1) and N(1, 1), for which each measure has a closed form of the distance 1.</summary>
    private static Test Apart(Func<Discrepancy> measure, double expected) =>
        Scoped.Case(
            $"{measure()} of normals 1 apart",
            () =>
            {
                Check.Close(measure().Exact(Standard, Moved).ToNumber(), expected, 1e-15, "exactly");
                var between = measure().Between(Standard, Moved, 2, Key.FromSeed(0));
                Check.True(between.IsExact, "what is known is not estimated");
                var estimate = measure().Estimate(Standard, Moved, 20_000, Key.FromSeed(1));
                var error = estimate.StandardError.ToNumber();
                Check.True(error < 0.05, $"the standard error is small: {error}");
                // The paired quantiles of equally wide normals are 1 apart but for rounding.
                Check.Close(estimate.Mean.ToNumber(), expected, 6 * error + 1e-12, "from draws");
            }
        );

    public static readonly Test Tests = Runner.TestList(
        "discrepancies",
        [
            Apart(() => Discrepancy.Kl, 0.5),
            Apart(() => Discrepancy.ReverseKl, 0.5),
            Apart(() => Discrepancy.Jeffreys, 1),
            Apart(() => Discrepancy.Renyi(0.5), 0.25),
            Apart(() => Discrepancy.Renyi(1), 0.5),
            Apart(() => Discrepancy.ChiSquared, Math.E - 1),
            Apart(() => Discrepancy.SquaredHellinger, 1 - Math.Exp(-0.125)),
            Apart(() => Discrepancy.SquaredWasserstein2, 1),
            // erf(1 / (2 sqrt 2)), 50-digit arithmetic.
            Apart(() => Discrepancy.TotalVariation, 0.38292492254802620728),
            Scoped.Case(
                "of laws on few values all is a sum",
                () =>
                {
                    var (q, p) = (Categorical.OfLogits(Math.Log(3), 0), Categorical.OfLogits(0, Math.Log(3)));
                    var exact = Discrepancy.JensenShannon.Exact(q, p).ToNumber();
                    Check.Close(exact, 0.75 * Math.Log(1.5) + 0.25 * Math.Log(0.5), 1e-15, "Jensen and Shannon's");
                    Check.Close(Discrepancy.TotalVariation.Exact(q, p).ToNumber(), 0.5, 1e-15, "total variation");
                }
            ),
            Scoped.Case(
                "what has no closed form is null, refused by name, or estimated",
                () =>
                {
                    Check.True(Discrepancy.JensenShannon.TryExact(Standard, Moved) is null, "TryExact gives null");
                    var raised = Check.Throws<NotSupportedException>(() =>
                        Discrepancy.JensenShannon.Exact(Standard, Moved)
                    );
                    Check.Contains(raised.Message, "Jensen-Shannon divergence(Normal || Normal)");
                    var found = Discrepancy.JensenShannon.Between(Standard, Moved, 100, Key.FromSeed(2));
                    Check.True(!found.IsExact && found.Value.ToNumber() < Math.Log(2), "an estimate is below log 2");
                }
            ),
            Scoped.Case(
                "the Chernoff integral of two exponentials",
                () =>
                {
                    // The integral of sqrt(1 e^-x 4 e^-4x) is 2 / 2.5.
                    var log = Chernoff.TryLogIntegral(0.5, new Exponential(1), new Exponential(4))!.ToNumber();
                    Check.Close(log, Math.Log(0.8), 1e-15, "its logarithm");
                    Check.True(Chernoff.Rules.Any(rule => rule.Law == "Exponential"), "the rule is in the table");
                    Check.True(Chernoff.Rules.All(rule => rule.TeX.Length > 0), "rules have formulas");
                }
            ),
            Scoped.Case(
                "mixtures are bounded by their components",
                () =>
                {
                    var q = new MixtureOf(Categorical.OfLogits(0, 0), Standard, Moved);
                    var p = new MixtureOf(Categorical.OfLogits(0, 0), Moved, Standard);
                    Check.Close(MixtureKl.ConvexUpperBound(q, p).ToNumber(), 0.25, 1e-15, "over all pairs");
                    Check.Close(MixtureKl.MatchedUpperBound(q, p).ToNumber(), 0.5, 1e-15, "over matched ones");
                    Check.Close(MixtureKl.VariationalApproximation(q, p).ToNumber(), 0, 1e-15, "equal mixtures");
                    Check.Close(
                        MixtureKl.VariationalApproximation(Standard, Moved).ToNumber(),
                        0.5,
                        1e-15,
                        "single ones"
                    );
                }
            ),
            Scoped.Case(
                "MMD tells laws apart, and no law from itself",
                () =>
                {
                    var kernel = Kernel.Sum(Kernel.Gaussian(1), Kernel.RationalQuadratic(1, 2));
                    Check.Contains(kernel.Name, "gaussian(1)");
                    var x = Standard.Sample(Key.FromSeed(1), 500);
                    var same = Mmd.Estimate(kernel, x, Standard.Sample(Key.FromSeed(2), 500));
                    Check.Close(same.Mean.ToNumber(), 0, 6 * same.StandardError.ToNumber(), "draws of one law");
                    var apart = Mmd.Estimate(kernel, x, Moved.Sample(Key.FromSeed(3), 500));
                    Check.True(apart.Mean.ToNumber() > 6 * apart.StandardError.ToNumber(), "draws of two laws");
                }
            ),
            Scoped.Refused("order", "an order of 0", () => Discrepancy.Renyi(0)),
            Scoped.Refused("length", "a kernel of no length", () => Kernel.Laplacian(0)),
            Scoped.Refused("kernels", "a sum of no kernels", () => Kernel.Sum()),
            Scoped.Refused(
                "y",
                "samples of different shapes",
                () => Mmd.Estimate(Kernel.InverseMultiquadric(1), zeros(4), zeros(5))
            ),
        ]
    );
}
