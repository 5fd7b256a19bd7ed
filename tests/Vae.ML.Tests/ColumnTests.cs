using System;
using System.Collections.Generic;
using System.Linq;
using Expecto;
using Expecto.CSharp;
using Microsoft.ML;
using Microsoft.ML.Data;
using VaeFunctional.Tests;

namespace VaeFunctional.ML.Tests;

/// <summary>Columns of every type that a model is of, and their missing values.</summary>
internal static class ColumnTests
{
    private sealed class Mixed
    {
        public float Single { get; set; }

        public double Double { get; set; }

        public int Visits { get; set; }

        public byte Small { get; set; }

        public bool Flag { get; set; }

        public string Town { get; set; } = "";

        public string Mark { get; set; } = "";

        public float Constant { get; set; }

        [VectorType(2)]
        public double[] Pair { get; set; } = [0, 0];
    }

    private static readonly MLContext context = new();

    private static Mixed[] Rows(int count) =>
        [
            .. Enumerable
                .Range(0, count)
                .Select(i =>
                {
                    double u = Math.Sin(i * 12.9898),
                        v = Math.Sin(i * 78.233);
                    return new Mixed
                    {
                        Single = (float)u,
                        Double = 3 + u + 0.1 * v,
                        Visits = (int)(10 * Math.Abs(v)),
                        Small = (byte)(i * 7 % 5),
                        Flag = u > 0,
                        Town =
                            u > 0.5 ? "Ulm"
                            : u > 0 ? "Bern"
                            : "Graz",
                        Mark = $"{i % 3}",
                        Constant = 4,
                        Pair = [u, -u],
                    };
                }),
        ];

    public static readonly Test Tests = Runner.TestList(
        "columns",
        [
            Runner.TestCase(
                "numbers, Booleans, texts, keys and vectors have a law each",
                () =>
                {
                    using var scratch = new Scratch();
                    var data = context.Data.LoadFromEnumerable(Rows(300));
                    var pipeline = context
                        .Transforms.Conversion.MapValueToKey("Mark")
                        .Append(
                            context.Transforms.Vae(
                                ["Single", "Double", "Visits", "Small", "Flag", "Town", "Mark", "Constant", "Pair"],
                                new VaeOptions { Epochs = 60, LatentDimension = 2 }
                            )
                        );
                    using var model = pipeline.Fit(data);
                    Check.Sequence(
                        model.LastTransformer.Model.Schema.Columns.Select(column => (column.Name, column.Kind)),
                        [
                            ("Single", ColumnKind.Real),
                            ("Double", ColumnKind.Real),
                            ("Visits", ColumnKind.Count),
                            ("Small", ColumnKind.Count),
                            ("Flag", ColumnKind.Binary),
                            ("Town", ColumnKind.Category),
                            ("Mark", ColumnKind.Category),
                            ("Constant", ColumnKind.Ignored),
                            ("Pair.0", ColumnKind.Real),
                            ("Pair.1", ColumnKind.Real),
                        ],
                        "kinds"
                    );
                    var scored = model.ScoredBy(context, data);
                    VBuffer<ReadOnlyMemory<char>> names = default;
                    model.GetOutputSchema(data.Schema)["Reconstruction"].GetSlotNames(ref names);
                    string[] slots = [.. names.DenseValues().Select(name => name.ToString())];
                    Check.Sequence(slots[4..9], ["Flag", "Town.Bern", "Town.Graz", "Town.Ulm", "Town.other"], "levels");
                    var rows = Rows(300);
                    var graz = Array.IndexOf(slots, "Town.Graz");
                    Check.Close(
                        scored.Zip(rows).Average(pair => Math.Abs(pair.First.Reconstruction[1] - pair.Second.Double)),
                        0,
                        0.3,
                        "reconstructed Double, in its own units"
                    );
                    Check.True(
                        scored
                            .Zip(rows)
                            .Average(pair => pair.Second.Town == "Graz" ? pair.First.Reconstruction[graz] : 0.5) > 0.6,
                        "the town is told by the other columns"
                    );
                    Check.True(
                        scored.All(row => Math.Abs(row.Reconstruction[(graz - 1)..(graz + 3)].Sum() - 1) < 1e-4),
                        "probabilities of towns sum to 1"
                    );
                    Check.True(
                        scored.All(row => row.Reconstruction[slots.IndexOf("Constant")] == 4),
                        "what no model is of"
                    );

                    context.Model.Save(model, data.Schema, scratch.At("mixed.zip"));
                    var loaded = context.Model.Load(scratch.At("mixed.zip"), out _);
                    Check.Sequence(
                        loaded.ScoredBy(context, data).Select(row => row.Score),
                        scored.Select(row => row.Score),
                        "scores, loaded"
                    );
                }
            ),
            Runner.TestCase(
                "a NaN is missing: it is left out of the score, and filled",
                () =>
                {
                    var rows = Rows(300);

                    for (var i = 0; i < rows.Length; i += 5)
                    {
                        rows[i].Single = float.NaN;
                        rows[i].Town = "";
                    }

                    rows[1].Single = rows[1].Town.Length;
                    var data = context.Data.LoadFromEnumerable(rows);
                    using var model = context
                        .Transforms.Vae(["Single", "Double", "Town"], Trees.Small with { Epochs = 200 })
                        .Fit(data);
                    Check.Equal(model.ToTable(data).Missing("Single"), 60, "missing numbers");
                    Check.Equal(model.ToTable(data).Missing("Town"), 60, "missing texts");
                    var scored = model.ScoredBy(context, data);
                    Check.True(
                        scored.All(row => float.IsFinite(row.Score) && row.Reconstruction.All(float.IsFinite)),
                        "all is finite"
                    );
                    var held = scored.Zip(Rows(300)).Where((_, i) => i % 5 == 0).ToArray();
                    Check.Close(
                        held.Average(pair => Math.Abs(pair.First.Reconstruction[0] - pair.Second.Single)),
                        0,
                        0.35,
                        "what was missing is told by the rest"
                    );
                    Check.True(
                        scored[1].Score > held.Max(pair => pair.First.Score),
                        "what is odd is not what is missing"
                    );
                }
            ),
            Runner.TestCase(
                "a value that a law cannot have scores highest, and is filled",
                () =>
                {
                    var rows = Rows(300);
                    using var model = context
                        .Transforms.Vae(["Visits", "Double", "Flag"], Trees.Small with { Epochs = 5 })
                        .Fit(context.Data.LoadFromEnumerable(rows));
                    rows[3].Visits = -2;
                    rows[4].Double = double.PositiveInfinity;
                    var scored = model.ScoredBy(context, context.Data.LoadFromEnumerable(rows));

                    foreach (var i in new[] { 3, 4 })
                    {
                        Check.Equal(scored[i].Score, float.MaxValue, $"score of row {i}");
                        Check.True(scored[i].PredictedLabel, $"row {i} is an anomaly");
                        Check.True(scored[i].Reconstruction.All(float.IsFinite), $"row {i} is filled");
                    }

                    Check.True(scored[2].Score < 100, "others are as before");
                }
            ),
            Runner.TestCase(
                "a text that training did not see is another level",
                () =>
                {
                    var rows = Rows(300);
                    using var model = context
                        .Transforms.Vae(["Town", "Double"], Trees.Small with { Epochs = 20 })
                        .Fit(context.Data.LoadFromEnumerable(rows));
                    rows[0].Town = "Rom";
                    var scored = model.ScoredBy(context, context.Data.LoadFromEnumerable(rows));
                    Check.True(scored[0].Score > scored.Skip(1).Average(row => row.Score), "it is odder than most");
                }
            ),
            Runner.TestCase(
                "what columns are may be said",
                () =>
                {
                    var data = context.Data.LoadFromEnumerable(Rows(60));
                    var schema = data.ToTable("Visits", "Double")
                        .Schema.With(new TableColumn("Visits", ColumnKind.Real) { Law = "StudentT df=4 scale=each" });
                    using var model = context
                        .Transforms.Vae(["Visits", "Double"], new VaeOptions { Epochs = 1, Schema = schema })
                        .Fit(data);
                    Check.Contains($"{model.Model}", "StudentT");
                }
            ),
        ]
    );
}
