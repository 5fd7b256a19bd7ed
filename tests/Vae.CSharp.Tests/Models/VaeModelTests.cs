using System;
using System.Linq;
using System.Threading.Tasks;
using Expecto;
using Expecto.CSharp;

namespace VaeFunctional.Tests;

internal static class VaeModelTests
{
    public static readonly Test Tests = Runner.TestList(
        "model",
        [
            Runner.TestCase("a model says what it is", Description),
            Runner.TestCase("evaluation gives the core's numbers", CoreNumbers),
            Runner.TestCase("encodings, reconstructions and samples have their shapes", Shapes),
            Runner.TestCase("reconstructing is encoding and decoding", RoundTrip),
            Runner.TestCase("beta weighs the KL in the total", Weights),
            Runner.TestCase("a Bernoulli likelihood is evaluated on binary data only", Binary),
            Runner.TestCase("the log-likelihood is the core's, above the ELBO", LogLikelihood),
            Runner.TestCase("a score that is no density has no log-likelihood", NoDensity),
            Runner.TestCase("parts that do not fit are refused by name", Misfits),
            Runner.TestCase("a disposed model is refused by its name", Disposed),
        ]
    );

    private static void Description()
    {
        using var vae = Small.Model();
        Check.Contains(vae.Describe(), "N(0, [[1, 0.4], [0.4, 0.5]])");
        Check.Contains(vae.Describe(), "KL          exact");
        Check.Contains(vae.Describe(), $"{vae.ParameterCount} trained numbers");
        Check.Sequence(vae.DataShape, [1L, 28, 28], "the data");
        Check.Sequence(vae.LatentShape, [2L], "the latent");
        Check.True(vae.IsKlExact, "the KL is exact");
        Check.Equal(vae.ScoreName, "cross-entropy", "the score");
        Check.Equal(vae.History.Count, 0, "epochs so far");
    }

    private static async Task CoreNumbers()
    {
        using var vae = Small.Model();
        await vae.FitAsync(Small.Train, Small.Options);
        var core = SmallCore.Fit();
        var measured = global::Vae.Core.Evaluation.elbo(core, SmallCore.Test);
        var evaluation = vae.Evaluate(Small.Test);

        Check.Equal(evaluation.Total.Mean, measured.Total.Mean, "the total");
        Check.Equal(evaluation.Total.StandardError, measured.Total.StandardError, "its standard error");
        Check.Equal(evaluation.Reconstruction.Mean, measured.Term("reconstruction").Mean, "the reconstruction");
        Check.Equal(evaluation.Kl.Mean, measured.Term("kl").Mean, "the KL");
        Check.Equal(evaluation.Kl.StandardError, measured.Term("kl").StandardError, "its standard error");
        Check.Equal(evaluation.Count, 100, "how many");
        Check.Equal(evaluation.ScoreName, "cross-entropy", "the score");
        Check.Equal(evaluation.ToString(), measured.ToString(), "the table");
        Check.Sequence(vae.History.Select(e => e.Total), core.History.Select(e => e.Total), "the epochs' totals");
        Check.Sequence(
            vae.Encode(Small.Test).SelectMany(z => z).Select(z => (double)z),
            SmallCore.Encode(core, SmallCore.Test),
            "the encodings"
        );
    }

    private static void Shapes()
    {
        using var vae = Small.Model();
        var latents = vae.Encode(Small.Test);
        Check.Equal(latents.Length, 100, "encodings");
        Check.True(latents.All(z => z.Length == 2), "of two numbers each");

        foreach (var images in (DataSet[])[vae.Reconstruct(Small.Test.Take(5)), vae.Sample(5, seed: 1)])
        {
            Check.Equal(images.Count, 5, "images");
            Check.Sequence(images.ItemShape, [1L, 28, 28], "their shape");
            Check.True(images[4].All(pixel => pixel is >= 0 and <= 1), "means of pixels in [0, 1]");
        }

        Check.Sequence(vae.Sample(5, seed: 1)[2], vae.Sample(5, seed: 1)[2], "the same seed's samples");
        Check.True(!vae.Sample(5, seed: 2)[2].SequenceEqual(vae.Sample(5, seed: 1)[2]), "another seed, others");
    }

    private static void RoundTrip()
    {
        using var vae = Small.Model();
        var data = Small.Test.Take(3);
        Check.Equal(vae.Decode(vae.Encode(data)).Hash(), vae.Reconstruct(data).Hash(), "the hash of the images");
    }

    private static void Weights()
    {
        using var vae = Small.Model();
        var plain = vae.Evaluate(Small.Test);
        var weighed = vae.Evaluate(Small.Test, Objective.Elbo().Beta(4));
        Check.Equal(weighed.Kl, plain.Kl, "the KL, unweighted");
        Check.Close(
            weighed.Total.Mean,
            weighed.Reconstruction.Mean + 4 * weighed.Kl.Mean,
            1e-10,
            "the total of a beta of 4"
        );
    }

    private static void Binary()
    {
        using var vae = VaeModel.Create(
            Prior.Standard(2),
            Posterior.DiagonalNormal(Encoder.Dense(4), LogScale.SoftClamp(3)),
            Likelihood.Bernoulli(Decoder.Dense([4], [2]))
        );
        Check.Refuses<ArgumentException>("data", () => vae.Evaluate(DataSet.FromBytes("grey", [2], [0, 128])));
        var bits = DataSet.FromBytes("bits", [2], [0, 1, 1, 1], scale: 1);
        Check.True(double.IsFinite(vae.Evaluate(bits).Total.Mean), "bits are evaluated");
    }

    private static void LogLikelihood()
    {
        using var vae = VaeModel.Create(
            Prior.Standard(2),
            Posterior.DiagonalNormal(Encoder.Dense(16)),
            Likelihood.Gaussian(Decoder.Dense(16), 0.5)
        );
        Check.True(vae.IsDensity, "normal pixels have a density");
        var found = vae.LogLikelihood(Small.Test, samples: 20);
        Check.True(found.Mean > -vae.Evaluate(Small.Test).Total.Mean, "it is above the ELBO");
        Check.True(found.StandardError > 0, "it has a standard error");
        Check.Equal(vae.LogLikelihood(Small.Test, samples: 20), found, "again");
        Check.Refuses<ArgumentOutOfRangeException>("samples", () => vae.LogLikelihood(Small.Test, samples: 0));
        var scores = vae.Scores(Small.Test, Scoring.LogLikelihood(20));
        Check.Equal(scores.Length, Small.Test.Count, "a score each");
        Check.True(Math.Abs(scores.Average() + found.Mean) < 1, $"{scores.Average()} is about {-found.Mean}");
        Check.True(
            vae.Scores(Small.Test, Scoring.Bound(20)).Average() > scores.Average(),
            "the bound is above -log p on average"
        );
        Check.Refuses<ArgumentException>("data", () => vae.LogLikelihood(DataSet.FromValues("one", [1], [0]), 1));
    }

    private static void NoDensity()
    {
        using var vae = Small.Model();
        Check.True(!vae.IsDensity, "the cross-entropy of grey levels is no density");
        Check.Contains(
            Check.Throws<NotSupportedException>(() => vae.LogLikelihood(Small.Test, samples: 1)).Message,
            "cross-entropy"
        );
    }

    private static void Misfits()
    {
        using var vae = Small.Model();
        Check.Refuses<ArgumentException>("data", () => vae.Encode(DataSet.FromValues("flat", [784], new float[784])));
        Check.Refuses<ArgumentException>("latents", () => vae.Decode([1, 2], [1, 2, 3]));
        Check.Refuses<ArgumentException>("latents", () => vae.Decode());
        Check.Refuses<ArgumentOutOfRangeException>("count", () => vae.Sample(0, seed: 1));
        Check.Contains(
            Check
                .Throws<ArgumentException>(() =>
                    VaeModel.Create(
                        Prior.Standard(2),
                        Posterior.DiagonalNormal(Encoder.Dense(4)),
                        Likelihood.Bernoulli(Net.Linear(3, 784))
                    )
                )
                .Message,
            "linear 3 -> 784"
        );
    }

    private static void Disposed()
    {
        var vae = Small.Model();
        vae.Dispose();
        vae.Dispose();

        foreach (
            var use in (Action[])
                [
                    () => vae.Evaluate(Small.Test),
                    () => vae.LogLikelihood(Small.Test, 1),
                    () => vae.Encode(Small.Test),
                    () => vae.Decode([0, 0]),
                    () => vae.Reconstruct(Small.Test),
                    () => vae.Sample(1, seed: 0),
                    () => _ = vae.ParameterCount,
                    () => _ = vae.FitAsync(Small.Train),
                ]
        )
        {
            Check.Equal(
                Check.Throws<ObjectDisposedException>(use).ObjectName,
                "VaeFunctional.VaeModel",
                "the object named"
            );
        }
    }
}
