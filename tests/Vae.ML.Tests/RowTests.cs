using System;
using System.Collections.Generic;
using System.Linq;
using Expecto;
using Expecto.CSharp;
using Microsoft.ML;
using Microsoft.ML.Data;
using VaeFunctional.Tests;

namespace VaeFunctional.ML.Tests;

/// <summary>What is said of a row is a function of that row alone.</summary>
internal static class RowTests
{
    private static readonly MLContext context = new();

    private static readonly IReadOnlyList<Tree> trees = Trees.Grow(240);

    private static readonly Lazy<VaeTransformer> trained = new(() =>
        context.Transforms.Vae(["Age", "Width", "Height", "Kind"], Trees.Small).Fit(View(trees))
    );

    private static IDataView View(IEnumerable<Tree> rows) => context.Data.LoadFromEnumerable(rows);

    private static float[] Scores(IEnumerable<Tree> rows) =>
        [.. trained.Value.ScoredBy(context, View(rows)).Select(row => row.Score)];

    private static float Score(DataViewRow row)
    {
        float score = 0;
        row.GetGetter<float>(row.Schema["Score"])(ref score);
        return score;
    }

    public static readonly Test Tests = Runner.TestList(
        "rows",
        [
            Runner.TestCase(
                "a score is the same wherever its row stands",
                () =>
                {
                    var scores = Scores(trees);
                    Check.Sequence(Scores(trees.Reverse()), scores.Reverse(), "scores of rows turned round");
                    Check.Sequence(Scores(trees.Skip(100)), scores.Skip(100), "scores of the last rows");
                    Check.True(scores.Distinct().Count() > 200, "and no other row's");
                }
            ),
            Runner.TestCase(
                "it is what the model says of a table of that row, to single precision",
                () =>
                {
                    var scores = Scores(trees);

                    foreach (var i in new[] { 0, 7, 101 })
                    {
                        var table = trained.Value.ToTable(View([trees[i]]));
                        var row = trained.Value.Model.Score(table)[0];
                        Check.Close(scores[i], row.Nats, 1e-5 * Math.Max(1, Math.Abs(row.Nats)), $"score of row {i}");
                        var label = trained.Value.ScoredBy(context, View([trees[i]]))[0].PredictedLabel;
                        Check.Equal(label, row.PValue <= 0.05, $"label of row {i}");
                    }
                }
            ),
            Runner.TestCase(
                "it does not depend on which columns are asked for, and those that are not are not there",
                () =>
                {
                    var scores = Scores(trees);
                    var view = trained.Value.Transform(View(trees));
                    using var cursor = view.GetRowCursor([view.Schema["Score"]]);
                    Check.True(!cursor.IsColumnActive(view.Schema["Latent"]), "codes are not active");
                    Check.Throws<InvalidOperationException>(() =>
                        cursor.GetGetter<VBuffer<float>>(view.Schema["Latent"])
                    );
                    Check.Throws<InvalidOperationException>(() => cursor.GetGetter<double>(view.Schema["Score"]));
                    var found = new List<float>();

                    while (cursor.MoveNext())
                    {
                        found.Add(Score(cursor));
                        Check.Equal(Score(cursor), found[^1], "the score, asked for again");
                    }

                    Check.Sequence(found, scores, "scores");
                }
            ),
            Runner.TestCase(
                "cursors beside each other share the rows",
                () =>
                {
                    var view = trained.Value.Transform(View(trees));
                    var found = new List<float>();

                    foreach (var cursor in view.GetRowCursorSet([view.Schema["Score"]], 3))
                    {
                        using (cursor)
                        {
                            while (cursor.MoveNext())
                            {
                                found.Add(Score(cursor));
                            }
                        }
                    }

                    Check.Sequence(found.Order(), Scores(trees).Order(), "scores");
                }
            ),
            Runner.TestCase(
                "the odd are scored higher, and labelled by their p-values",
                () =>
                {
                    var scored = trained.Value.ScoredBy(context, View(trees));
                    var odd = scored.Where((_, i) => trees[i].Label == 1).ToArray();
                    var plain = scored.Where((_, i) => trees[i].Label == 0).ToArray();
                    Check.True(odd.Min(row => row.Score) > plain.Average(row => row.Score), "the odd are higher");
                    Check.True(
                        scored.Where(row => row.PredictedLabel).Min(row => row.Score)
                            > scored.Where(row => !row.PredictedLabel).Max(row => row.Score),
                        "labels are by a threshold of the score"
                    );
                }
            ),
            Runner.TestCase(
                "after the transformer was disposed of nothing is scored",
                () =>
                {
                    var model = context
                        .Transforms.Vae(["Age", "Width"], new VaeOptions { Epochs = 1 })
                        .Fit(View(trees));
                    model.Dispose();
                    Check.Throws<ObjectDisposedException>(() => model.ScoredBy(context, View(trees)));
                }
            ),
        ]
    );
}
