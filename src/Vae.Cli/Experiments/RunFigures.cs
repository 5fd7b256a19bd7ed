using System;
using System.Collections.Generic;
using System.Linq;
using Vae.Plots;

namespace VaeFunctional.Cli.Experiments;

/// <summary>The figures of a run.</summary>
internal sealed class RunFigures(Experiment experiment, Settings settings, VaeModel model, ExperimentData data)
{
    private const int Side = 20;
    private const int SliceSide = 15;
    private const int Points = 5_000;
    private const int Pairs = 40;
    private const int Samples = 100;

    private static readonly double[] slices = [-1, 0, 1];

    private readonly int height = (int)data.HeldOut.ItemShape[1];
    private readonly int width = (int)data.HeldOut.ItemShape[2];

    /// <summary>The images that training did not see, where there are such.</summary>
    private readonly string shown =
        settings.Protocol != Protocol.TrainAndReportOnAll
            ? "held-out images"
            : "images of the test part, which training saw";

    /// <summary>Whether latents are the experiment's: manifolds are of its prior's quantiles.</summary>
    private readonly bool hasOwnPrior = experiment.HasOwnPrior(settings);

    private readonly int dimensions = (int)model.LatentShape[0];

    public Figure[] All() =>
        [.. Latents(), .. hasOwnPrior ? Manifolds() : [], Reconstructions(), SampledImages(), Losses()];

    private IEnumerable<Figure> Latents()
    {
        var part = data.HeldOut.Thin(Points);
        var means = model.Encode(part);
        var labels = ExperimentData.LabelsOf(part);
        var names = data.ClassNames.ToArray();
        var caption = $"Posterior means of {part.Count:N0} {shown}";

        if (dimensions != 2 && dimensions != 3)
        {
            var (seen, share) =
                dimensions == 1 ? ([.. means.Select(z => (float[])[z[0], 0])], 1) : PrincipalComponents.Of(means);
            return
            [
                Figures.LatentScatter(
                    "latents",
                    "Latent space",
                    $"{caption}, seen along the two directions of their greatest spread: {share:P0} of the variance of {dimensions}.",
                    seen,
                    labels,
                    names
                ),
            ];
        }

        if (dimensions == 2 && !hasOwnPrior)
        {
            return [Figures.LatentScatter("latents", "Latent space", $"{caption}.", means, labels, names)];
        }

        if (dimensions == 2)
        {
            return
            [
                Figures.LatentScatterWithPrior(
                    "latents",
                    "Latent space",
                    $"{caption}, with the contours of the prior that hold 39, 86 and 99 percent of it.",
                    means,
                    labels,
                    names,
                    new double[2],
                    experiment.Covariance
                ),
            ];
        }

        return
        [
            Figures.Scatter3D("latents", "Latent space", $"{caption}. Drag to turn.", means, labels, names),
            Figures.Projections(
                "projections",
                "Latent space, seen along its axes",
                $"{caption}.",
                means,
                labels,
                names
            ),
        ];
    }

    private IEnumerable<Figure> Manifolds()
    {
        const string quantiles = "Means of p(x|z) at latents that divide the prior into cells of equal probability: ";
        var from =
            experiment.Name == "correlated"
                ? "z = L u for normal quantiles u and L L' the covariance"
                : "its quantiles";
        const string linear =
            "Means of p(x|z) at evenly spaced latents from -3 to 3: the study's kind of grid, which the prior does not bend.";

        if (experiment.Dimensions == 2)
        {
            return
            [
                Grid(
                    "manifold",
                    "Manifold by the prior's quantiles",
                    $"{quantiles}{from}. {Axes}",
                    LatentGrids.Quantiles(experiment.Covariance, Side)
                ),
                Grid("manifold-linear", "Manifold on a linear grid", $"{linear} {Axes}", LatentGrids.Linear(Side)),
            ];
        }

        return
        [
            Slices(
                "manifold",
                "Manifold by the prior's quantiles, sliced",
                $"{quantiles}{from}. {Axes}",
                z => LatentGrids.Quantiles(experiment.Covariance, SliceSide, z)
            ),
            Slices(
                "manifold-linear",
                "Manifold on a linear grid, sliced",
                $"{linear} {Axes}",
                z => LatentGrids.Linear(SliceSide, z)
            ),
        ];
    }

    private const string Axes = "The first coordinate grows to the right, the second one upwards.";

    private Figure Grid(string name, string title, string caption, float[][] latents) =>
        Figures.ImageGrid(name, title, caption, Images(model.Decode(latents)), width, height, Side);

    private Figure Slices(string name, string title, string caption, Func<double, float[][]> at) =>
        Figures.ImageGrids(
            name,
            title,
            caption,
            Array.ConvertAll(slices, z => $"z2 = {z:0}"),
            Array.ConvertAll(slices, z => Images(model.Decode(at(z)))),
            width,
            height,
            SliceSide
        );

    private Figure Reconstructions()
    {
        var originals = data.HeldOut.Take(Math.Min(Pairs, data.HeldOut.Count));
        return Figures.Reconstructions(
            "reconstructions",
            "Reconstructions",
            $"{originals.Count} {shown}, each decoded from its posterior mean.",
            Images(originals),
            Images(model.Reconstruct(originals)),
            width,
            height,
            20
        );
    }

    private Figure SampledImages()
    {
        var (images, words) = ConditionalSamples.Of(model, data.HeldOut, Samples, settings.Seed);
        return Figures.ImageGrid(
            "samples",
            "Samples",
            $"Means of p(x|z) at {Samples} draws z of the prior{words}.",
            Images(images),
            width,
            height,
            20
        );
    }

    private Figure Losses()
    {
        const string title = "Losses";
        const string caption = "Training means are over each epoch, as the parameters moved";
        var history = model.History;
        var training = Curve(history, epoch => (epoch.Total, epoch.Reconstruction, epoch.Kl));

        return history.All(epoch => epoch.Validation is not null)
            ? Figures.LossCurves(
                "losses",
                title,
                $"{caption}; validation is on the first {data.Followed.Count:N0} held-out images, after each epoch.",
                training,
                Curve(history, e => (e.Validation!.Total.Mean, e.Validation.Reconstruction.Mean, e.Validation.Kl.Mean))
            )
            : Figures.LossCurves("losses", title, $"{caption}.", training);
    }

    private static LossCurve Curve(
        IReadOnlyList<EpochResult> history,
        Func<EpochResult, (double Total, double Reconstruction, double Kl)> values
    ) =>
        new(
            [.. history.Select(epoch => (double)epoch.Number)],
            [.. history.Select(epoch => values(epoch).Total)],
            [.. history.Select(epoch => values(epoch).Reconstruction)],
            [.. history.Select(epoch => values(epoch).Kl)]
        );

    private static float[][] Images(DataSet images) => [.. Enumerable.Range(0, images.Count).Select(i => images[i])];
}
