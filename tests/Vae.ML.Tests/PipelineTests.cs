using System.Linq;
using Expecto;
using Expecto.CSharp;
using Microsoft.ML;
using Microsoft.ML.Data;
using VaeFunctional.Tests;

namespace VaeFunctional.ML.Tests;

/// <summary>A whole pipeline, from a file of text to predictions of a loaded model.</summary>
internal static class PipelineTests
{
    public static readonly Test Tests = Runner.TestList(
        "pipeline",
        [
            Runner.TestCase(
                "encoded, normalized, concatenated, trained, evaluated, saved, loaded, and asked for one row",
                () =>
                {
                    using var scratch = new Scratch();
                    var context = new MLContext(seed: 3);
                    var trees = Trees.Grow(400);
                    var data = context.Data.LoadFromTextFile<Tree>(Trees.Write(scratch, trees), hasHeader: true);
                    var pipeline = context
                        .Transforms.Categorical.OneHotEncoding("Kind")
                        .Append(context.Transforms.NormalizeMeanVariance("Age"))
                        .Append(context.Transforms.Concatenate("Features", "Age", "Width", "Height", "Kind"))
                        .Append(context.Transforms.Vae("Features", Trees.Small));
                    using var model = pipeline.Fit(data);
                    var scored = model.ScoredBy(context, data);

                    Check.Equal(scored.Length, 400, "rows");
                    Check.Equal(scored[0].Latent.Length, 2, "codes");
                    Check.Equal(scored[0].Reconstruction.Length, 5, "three numbers and two kinds");
                    Check.True(scored.Any(row => row.PredictedLabel), "some are odd");
                    Check.True(scored.Count(row => row.PredictedLabel) < 60, "and few");

                    var metrics = context.AnomalyDetection.Evaluate(
                        model.Transform(data),
                        labelColumnName: "Label",
                        scoreColumnName: "Score",
                        predictedLabelColumnName: "PredictedLabel"
                    );
                    Check.True(metrics.AreaUnderRocCurve > 0.98, $"AUC is {metrics.AreaUnderRocCurve}");

                    context.Model.Save(model, data.Schema, scratch.At("model.zip"));
                    var other = new MLContext();
                    var loaded = other.Model.Load(scratch.At("model.zip"), out var schema);
                    Check.True(schema.GetColumnOrNull("Height") is not null, "the schema is loaded");
                    var again = loaded.ScoredBy(other, data);
                    Check.Sequence(again.Select(row => row.Score), scored.Select(row => row.Score), "scores, loaded");
                    Check.Sequence(
                        again.SelectMany(row => row.Reconstruction.Concat(row.Latent)),
                        scored.SelectMany(row => row.Reconstruction.Concat(row.Latent)),
                        "reconstructions and codes, loaded"
                    );
                    Check.Sequence(
                        again.Select(row => row.PredictedLabel),
                        scored.Select(row => row.PredictedLabel),
                        "labels, loaded"
                    );

                    using var engine = other.Model.CreatePredictionEngine<Tree, Scored>(loaded);

                    foreach (var i in new[] { 7, 399, 0, 7 })
                    {
                        var one = engine.Predict(trees[i]);
                        // The file holds what a number prints as, which is that number.
                        Check.Equal(one.Score, scored[i].Score, $"score of row {i} by itself");
                        Check.Equal(one.PredictedLabel, scored[i].PredictedLabel, $"label of row {i} by itself");
                        Check.Sequence(one.Reconstruction, scored[i].Reconstruction, $"row {i} by itself");
                    }
                }
            ),
            Runner.TestCase(
                "the seed is that of the context, unless the options have one",
                () =>
                {
                    var trees = Trees.Grow(60);

                    float ScoreBy(int seed, int? ownSeed)
                    {
                        var context = new MLContext(seed);
                        var data = context.Data.LoadFromEnumerable(trees);
                        using var model = context
                            .Transforms.Vae(["Age", "Width", "Height"], new VaeOptions { Epochs = 2, Seed = ownSeed })
                            .Fit(data);
                        return model.ScoredBy(context, data)[0].Score;
                    }

                    Check.Equal(ScoreBy(1, null), ScoreBy(1, null), "the same seed's score");
                    Check.True(ScoreBy(1, null) != ScoreBy(2, null), "another seed is another model");
                    Check.Equal(ScoreBy(1, 5), ScoreBy(2, 5), "the options' seed goes before");
                }
            ),
            Runner.TestCase(
                "the log says what columns were taken for, and how training goes",
                () =>
                {
                    var context = new MLContext();
                    var lines = new System.Collections.Concurrent.ConcurrentQueue<string>();
                    context.Log += (_, told) => lines.Enqueue(told.Message);
                    var data = context.Data.LoadFromEnumerable(Trees.Grow(60));
                    using var model = context.Transforms.Vae(["Age", "Kind"], new VaeOptions { Epochs = 2 }).Fit(data);
                    Check.True(lines.Any(line => line.Contains("Kind: binary: fir or oak")), "the kinds are told");
                    Check.True(lines.Any(line => line.Contains("epoch 2 of 2")), "the epochs are told");
                }
            ),
        ]
    );
}
