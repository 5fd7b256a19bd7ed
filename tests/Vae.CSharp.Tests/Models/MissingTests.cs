using System;
using System.Linq;
using Expecto;
using Expecto.CSharp;

namespace VaeFunctional.Tests;

/// <summary>Missing values, latents that are known of some examples, and data of parts, as a program uses them.</summary>
internal static class MissingTests
{
    /// <summary>Rows of two columns that are nearly equal.</summary>
    private static DataSet Rows(int count)
    {
        var random = new Random(3);
        var values = Enumerable
            .Range(0, count)
            .SelectMany(_ =>
            {
                var x = (float)(random.NextDouble() * 4 - 2);
                return new[] { x, x + (float)(random.NextDouble() * 0.2 - 0.1) };
            });
        return DataSet.FromValues("rows", [2], values.ToArray());
    }

    private static TrainingOptions Options(int epochs, int batch, Objective objective) =>
        new()
        {
            Epochs = epochs,
            BatchSize = batch,
            Objective = objective,
            Optimizer = Optimizer.Adam(1e-2),
        };

    public static readonly Test Tests = Runner.TestList(
        "missing values, and what is known of some",
        [
            Runner.TestCase(
                "a missing column is imputed from the other, with its doubt",
                async () =>
                {
                    var data = Rows(400);
                    var holes = data.Remove(0.3, seed: 1);
                    Check.True(data.IsComplete, "nothing is missing");
                    Check.True(!holes.IsComplete, "some values are missing");

                    using var model = VaeModel
                        .Create(
                            Prior.Standard(1),
                            Posterior.DiagonalNormal(Encoder.Dense(16)),
                            Likelihood.OfHead(Head.OfLaw("Normal").Share("scale"), Decoder.Dense([16], [2]))
                        )
                        .ForMissing();

                    Check.True(model.TakesMissing, "the model takes missing values");
                    await model.FitAsync(holes, Options(60, 50, Objective.Iwae(5)));
                    var imputed = model.Impute(holes);
                    var copies = model.Complete(holes, 3, samples: 100);
                    double squares = 0,
                        variance = 0;

                    for (var i = 0; i < data.Count; i++)
                    {
                        for (var j = 0; j < 2; j++)
                        {
                            if (!float.IsNaN(holes[i][j]))
                            {
                                Check.Equal(imputed.Mean[i][j], data[i][j], "what is there stays");
                                Check.Equal(copies[2][i][j], data[i][j], "in copies too");
                            }
                            else if (!float.IsNaN(holes[i][1 - j]))
                            {
                                squares += Math.Pow(imputed.Mean[i][j] - data[i][j], 2);
                                variance += Math.Pow(data[i][j], 2);
                            }
                        }
                    }

                    Check.True(squares < 0.1 * variance, $"{squares} of {variance} are left, less than a tenth");
                }
            ),
            Runner.TestCase(
                "a class that is known of some examples, with the bound summed over it",
                async () =>
                {
                    var bits = Enumerable.Range(0, 240).Select(i => (byte)((i / 4 + i % 2) % 2)).ToArray();
                    var labels = Enumerable.Range(0, 60).Select(i => i % 2).ToArray();
                    var data = DataSet.FromBytes("bits", [4], bits, 1, labels).HideLabels(8, seed: 2);
                    Check.Equal(data.Labels.Count(label => label >= 0), 8, "known labels");
                    Check.Equal(data.WithoutLabels().Labels.Count, 0, "no labels");
                    var encoder = Encoder.Dense(6);

                    using var model = VaeModel.Hierarchy(
                        [
                            Site.Create(
                                    "class",
                                    Prior.OfLaw("OneHotCategorical", 2),
                                    Posterior.OfLaw("OneHotCategorical", encoder)
                                )
                                .Known(Given.Label(2)),
                            Site.Create("z", Prior.Standard(1), Posterior.DiagonalNormal(encoder)).Seeing("class"),
                        ],
                        Likelihood.Bernoulli(Decoder.Dense([6], [4]))
                    );

                    await model.FitAsync(data, Options(2, 20, Objective.Summed().Supervised(5)));
                    Check.Equal(model.History.Count, 2, "epochs");
                    Check.Throws<ArgumentException>(() =>
                        Site.Create("z", Prior.Standard(1), Posterior.DiagonalNormal(encoder)).Known(Given.Label(3))
                    );
                }
            ),
            Runner.TestCase(
                "data of two parts by the product of their experts, each part alone too",
                async () =>
                {
                    var data = DataSet.FromBytes(
                        "bits",
                        [6],
                        Enumerable.Range(0, 240).Select(i => (byte)(i * 7 % 11 % 2)).ToArray(),
                        1
                    );
                    var bits = Head.OfLaw("Bernoulli");

                    using var model = VaeModel
                        .Create(
                            Prior.Standard(2),
                            Experts.Product(
                                new Expert("left", 2, Encoder.Dense(4)),
                                new Expert("right", 4, Encoder.Dense(4))
                            ),
                            Likelihood.Product(Decoder.Dense([4], [6]), ("left", 2, bits), ("right", 4, bits))
                        )
                        .ForMissing();

                    await model.FitAsync(data, Options(1, 20, Objective.Elbo().EachPart()));
                    var terms = model.Evaluate(data, Objective.Elbo().EachPart()).Terms.Select(term => term.Name);
                    Check.True(terms.Contains("kl of right"), "there are the terms of a part");
                    Check.Throws<ArgumentException>(() => Experts.Mixture());
                }
            ),
        ]
    );
}
